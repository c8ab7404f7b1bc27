import { badReply } from '../errors.ts';

/** The IPMI message inside a session packet (IPMI 2.0 section 13.8): who asks whom, which command, two checksums. */
export interface Request {
	readonly netFn: number;
	readonly command: number;
	readonly data: Buffer;
	/** 0 to 63; the reply repeats it. A retransmission keeps it, so that a BMC can tell it from a second order. */
	readonly sequence: number;
}

export interface Response {
	/** Odd: the request's plus one. */
	readonly netFn: number;
	readonly command: number;
	readonly sequence: number;
	readonly completionCode: number;
	readonly data: Buffer;
}

/** Slave address of every BMC. */
const BMC_ADDRESS = 0x20;
/** Software ID of a remote console (IPMI 2.0 section 5.5). */
const CONSOLE_ADDRESS = 0x81;
const SHORTEST_RESPONSE = 8;

export function encodeRequest(request: Request): Buffer {
	const bytes = Buffer.alloc(7 + request.data.length);
	bytes[0] = BMC_ADDRESS;
	bytes[1] = request.netFn << 2;
	bytes[2] = checksum(bytes.subarray(0, 2));
	bytes[3] = CONSOLE_ADDRESS;
	bytes[4] = request.sequence << 2;
	bytes[5] = request.command;
	request.data.copy(bytes, 6);
	bytes[bytes.length - 1] = checksum(bytes.subarray(3, -1));
	return bytes;
}

/** `checkSums` false is FreeIPMI's workaround `nochecksumcheck` (Supermicro X9SCM-iiF, X9DRi-F): in a signed session the bytes are vouched for anyway. */
export function decodeResponse(bytes: Buffer, checkSums = true): Response {
	if (bytes.length < SHORTEST_RESPONSE)
		throw badReply(`IPMI message of ${bytes.length} bytes, at least ${SHORTEST_RESPONSE} expected`);
	if (checkSums && checksum(bytes.subarray(0, 2)) !== bytes[2]) throw badReply('IPMI message: wrong header checksum');
	if (checkSums && checksum(bytes.subarray(3, -1)) !== bytes[bytes.length - 1])
		throw badReply('IPMI message: wrong data checksum');
	return {
		netFn: bytes.readUInt8(1) >> 2,
		sequence: bytes.readUInt8(4) >> 2,
		command: bytes.readUInt8(5),
		completionCode: bytes.readUInt8(6),
		data: bytes.subarray(7, -1),
	};
}

/** Two's complement: all bytes and the checksum sum up to zero. */
function checksum(bytes: Buffer): number {
	let sum = 0;
	for (const byte of bytes) sum += byte;
	return -sum & 0xff;
}
