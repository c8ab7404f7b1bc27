import { createHash, timingSafeEqual } from 'node:crypto';
import { badReply } from '../errors.ts';
import { Reader } from './reader.ts';
import { rmcpHeader, stripRmcp } from './rmcp.ts';

/** The IPMI 1.5 session packet (IPMI 2.0 section 13.6, "IPMI v1.5 session header"): readable payload, optional MD5 signature. */
export interface Packet15 {
	readonly authentication: 'none' | 'md5';
	readonly sequence: number;
	readonly sessionId: number;
	readonly payload: Buffer;
}

const NONE = 0;
export const MD5 = 2;
const CODE_LENGTH = 16;
/** Total lengths that some old network controllers swallowed; one more byte avoids them (IPMI 2.0 table 13-8, "legacy PAD"). */
const SWALLOWED = new Set([56, 84, 112, 128, 156]);

/** `password` is padded to 16 bytes by the caller. */
export function encodePacket15(packet: Packet15, password: Buffer): Buffer {
	const head = Buffer.alloc(9);
	head[0] = packet.authentication === 'md5' ? MD5 : NONE;
	head.writeUInt32LE(packet.sequence, 1);
	head.writeUInt32LE(packet.sessionId, 5);
	const code = packet.authentication === 'md5' ? signature(packet, password) : Buffer.alloc(0);
	const bytes = Buffer.concat([rmcpHeader(), head, code, Buffer.from([packet.payload.length]), packet.payload]);
	return SWALLOWED.has(bytes.length) ? Buffer.concat([bytes, Buffer.alloc(1)]) : bytes;
}

/** Checks the signature when there is one; whether there must be one is the session's affair. Deviations are `bad-reply`. */
export function decodePacket15(datagram: Buffer, password: Buffer): Packet15 {
	const reader = new Reader(stripRmcp(datagram));
	const authType = reader.u8('authentication type');
	if (authType !== NONE && authType !== MD5)
		throw badReply(`authentication type 0x${authType.toString(16)}, expected none or MD5`);
	const [sequence, sessionId] = [reader.u32('session sequence number'), reader.u32('session ID')];
	const code = authType === MD5 ? reader.bytes(CODE_LENGTH, 'authentication code') : null;
	const payload = reader.bytes(reader.u8('payload length'), 'payload');
	const packet: Packet15 = { authentication: code ? 'md5' : 'none', sequence, sessionId, payload };
	if (code && !timingSafeEqual(code, signature(packet, password))) throw badReply('wrong authentication code');
	return packet;
}

/** IPMI 2.0 section 22.17.1, multi-session MD5. */
function signature({ sessionId, sequence, payload }: Packet15, password: Buffer): Buffer {
	const numbers = Buffer.alloc(8);
	numbers.writeUInt32LE(sessionId, 0);
	numbers.writeUInt32LE(sequence, 4);
	return createHash('md5')
		.update(password)
		.update(numbers.subarray(0, 4))
		.update(payload)
		.update(numbers.subarray(4))
		.update(password)
		.digest();
}
