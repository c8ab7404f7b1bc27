import { Reader, WireError } from './bytes.ts';

/** TFTP packets: RFC 1350, with options by RFC 2347 (2348 blksize, 2349 timeout and tsize, 7440 windowsize). */

export type TftpPacket =
	| {
			readonly kind: 'read' | 'write';
			readonly name: string;
			readonly mode: string;
			readonly options: ReadonlyMap<string, string>;
	  }
	| { readonly kind: 'data'; readonly block: number; readonly bytes: Uint8Array }
	| { readonly kind: 'ack'; readonly block: number }
	| { readonly kind: 'error'; readonly code: number; readonly message: string }
	| { readonly kind: 'options'; readonly options: ReadonlyMap<string, string> };

/** RFC 1350 and 2347. */
export const TFTP_ERRORS = {
	undefined: 0,
	'not-found': 1,
	'access-violation': 2,
	'disk-full': 3,
	'illegal-operation': 4,
	'unknown-transfer': 5,
	'file-exists': 6,
	'no-such-user': 7,
	'bad-option': 8,
} as const;
export type TftpErrorName = keyof typeof TFTP_ERRORS;

const OPCODES = { read: 1, write: 2, data: 3, ack: 4, error: 5, options: 6 } as const;
export const DATA_HEADER_LENGTH = 4;

/** Mode and names of options come out in lower case: RFC 2347 says that case is ignored, and some firmware sends capitals. */
export function decode(bytes: Uint8Array): TftpPacket {
	const reader = new Reader(bytes);
	const opcode = reader.u16('opcode');
	switch (opcode) {
		case OPCODES.read:
		case OPCODES.write: {
			const name = reader.text('file name');
			const mode = reader.text('mode').toLowerCase();
			return { kind: opcode === OPCODES.read ? 'read' : 'write', name, mode, options: readOptions(reader) };
		}
		case OPCODES.data:
			return { kind: 'data', block: reader.u16('block'), bytes: reader.take(reader.remaining, 'data') };
		case OPCODES.ack:
			return { kind: 'ack', block: reader.u16('block') };
		case OPCODES.error:
			// Some clients leave the NUL out, and then the message has nothing to say that its code does not.
			return {
				kind: 'error',
				code: reader.u16('code'),
				message: reader.take(reader.remaining, 'message').toString('latin1').split('\0')[0] ?? '',
			};
		case OPCODES.options:
			return { kind: 'options', options: readOptions(reader) };
		default:
			throw new WireError(`opcode: ${opcode} is unknown`);
	}
}

export function encode(packet: TftpPacket): Buffer {
	switch (packet.kind) {
		case 'read':
		case 'write':
			return Buffer.concat([word(OPCODES[packet.kind]), text(packet.name), text(packet.mode), ...optionTexts(packet.options)]);
		case 'data':
			return Buffer.concat([word(OPCODES.data), word(packet.block), packet.bytes]);
		case 'ack':
			return Buffer.concat([word(OPCODES.ack), word(packet.block)]);
		case 'error':
			return Buffer.concat([word(OPCODES.error), word(packet.code), text(packet.message)]);
		case 'options':
			return Buffer.concat([word(OPCODES.options), ...optionTexts(packet.options)]);
	}
}

/** Writes the four bytes in front of a block's data; `block` counts from 1 and rolls over to 0 after 65,535. */
export function writeDataHeader(packet: Buffer, at: number, block: number): void {
	packet.writeUInt16BE(OPCODES.data, at);
	packet.writeUInt16BE(block & 0xffff, at + 2);
}

/** The block of an ACK without building an object for it, since ACKs are most of what a server reads; -1 for other packets. */
export function readAck(bytes: Buffer): number {
	return bytes.length >= 4 && bytes.readUInt16BE(0) === OPCODES.ack ? bytes.readUInt16BE(2) : -1;
}

/** RFC 764's text form: a line ends with CR LF, and a CR that ends no line is CR NUL. */
export function toNetascii(bytes: Uint8Array): Buffer {
	const out: number[] = [];
	for (const byte of bytes) {
		if (byte === 10) out.push(13, 10);
		else if (byte === 13) out.push(13, 0);
		else out.push(byte);
	}
	return Buffer.from(out);
}

/** A name without a value, or with one that never ends, breaks the packet. Said twice, the first counts. */
function readOptions(reader: Reader): Map<string, string> {
	const options = new Map<string, string>();
	while (reader.remaining > 0) {
		const name = reader.text('option').toLowerCase();
		// Firmware pads requests with NULs up to an even or a fixed length.
		if (name === '') continue;
		const value = reader.text(`option ${name}`);
		if (!options.has(name)) options.set(name, value);
	}
	return options;
}

const optionTexts = (options: ReadonlyMap<string, string>): Buffer[] =>
	[...options].flatMap(([name, value]) => [text(name), text(value)]);

function text(value: string): Buffer {
	if (value.includes('\0')) throw new WireError('text: contains NUL');
	return Buffer.from(`${value}\0`, 'latin1');
}

const word = (value: number): Buffer => Buffer.of(value >> 8, value & 255);
