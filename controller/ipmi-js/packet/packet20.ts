import { createCipheriv, createDecipheriv, randomBytes, timingSafeEqual } from 'node:crypto';
import { badReply } from '../errors.ts';
import type { CipherSuite, SessionKeys } from './cipherSuites.ts';
import { Reader } from './reader.ts';
import { RMCP_HEADER_LENGTH, rmcpHeader, stripRmcp } from './rmcp.ts';

/** The RMCP+ session packet (IPMI 2.0 section 13.6, table 13-8). */
export interface Packet20 {
	readonly payloadType: number;
	/** 0 outside a session; inside, the ID that the receiver chose. */
	readonly sessionId: number;
	/** 0 outside a session. */
	readonly sequence: number;
	readonly payload: Buffer;
}

/** What a session signs and encrypts its packets with. */
export interface Protection {
	readonly suite: CipherSuite;
	readonly keys: SessionKeys;
}

export const AUTH_TYPE_RMCP_PLUS = 0x06;

/** Table 13-16. */
export const payloadType = {
	ipmi: 0x00,
	openSessionRequest: 0x10,
	openSessionResponse: 0x11,
	rakp1: 0x12,
	rakp2: 0x13,
	rakp3: 0x14,
	rakp4: 0x15,
} as const;

const ENCRYPTED = 0x80;
const AUTHENTICATED = 0x40;
const NEXT_HEADER = 0x07;
const AES_BLOCK = 16;
const HEADER_LENGTH = 12;

/** `protection` null for the packets that open a session. `iv` is an argument for tests with fixed bytes. */
export function encodePacket20(
	packet: Packet20,
	protection: Protection | null,
	iv: () => Buffer = () => randomBytes(AES_BLOCK),
): Buffer {
	const payload = protection ? encrypt(packet.payload, protection.keys.aes, iv()) : packet.payload;
	const header = Buffer.alloc(HEADER_LENGTH);
	header[0] = AUTH_TYPE_RMCP_PLUS;
	header[1] = packet.payloadType | (protection ? ENCRYPTED | AUTHENTICATED : 0);
	header.writeUInt32LE(packet.sessionId, 2);
	header.writeUInt32LE(packet.sequence, 6);
	header.writeUInt16LE(payload.length, 10);
	if (!protection) return Buffer.concat([rmcpHeader(), header, payload]);
	// What is signed, with pad length and next header, must be a multiple of four bytes (section 13.28.4).
	const padLength = -(header.length + payload.length + 2) & 3;
	const signed = Buffer.concat([header, payload, Buffer.alloc(padLength, 0xff), Buffer.from([padLength, NEXT_HEADER])]);
	return Buffer.concat([rmcpHeader(), signed, protection.suite.sign(protection.keys, signed)]);
}

/**
 * With `protection` the packet must be signed and encrypted by it: an unprotected packet inside a session is a forgery.
 * Without, it must be neither. Every deviation is a `bad-reply`.
 */
export function decodePacket20(datagram: Buffer, protection: Protection | null): Packet20 {
	const bytes = stripRmcp(datagram);
	const reader = new Reader(bytes);
	const authType = reader.u8('authentication type');
	if (authType !== AUTH_TYPE_RMCP_PLUS) throw badReply(`authentication type 0x${authType.toString(16)}, expected RMCP+`);
	const flags = reader.u8('payload type');
	const type = flags & 0x3f;
	const sessionId = reader.u32('session ID');
	const sequence = reader.u32('session sequence number');
	const payload = reader.bytes(reader.u16('payload length'), 'payload');
	if (!protection) {
		if (flags & (ENCRYPTED | AUTHENTICATED)) throw badReply('a protected packet before there is a session');
		return { payloadType: type, sessionId, sequence, payload };
	}
	if ((flags & (ENCRYPTED | AUTHENTICATED)) !== (ENCRYPTED | AUTHENTICATED))
		throw badReply('an unprotected packet inside a session');
	verify(bytes, reader, protection);
	return { payloadType: type, sessionId, sequence, payload: decrypt(payload, protection.keys.aes) };
}

/**
 * Which session a datagram is for, before anything in it is trusted: our ID; `unnamed` for a refusal that ends before the ID
 * (OpenIPMI's ipmi_sim 2.0.33 sends two bytes); null when this is no RMCP+ packet.
 */
export function addressedSession(datagram: Buffer): number | 'unnamed' | null {
	if (datagram.length < RMCP_HEADER_LENGTH + HEADER_LENGTH || datagram[RMCP_HEADER_LENGTH] !== AUTH_TYPE_RMCP_PLUS) return null;
	const sessionId = datagram.readUInt32LE(RMCP_HEADER_LENGTH + 2);
	if (sessionId !== 0) return sessionId;
	// Replies that open a session carry the console's ID as the second word of the payload.
	const idAt = RMCP_HEADER_LENGTH + HEADER_LENGTH + 4;
	return datagram.length < idAt + 4 ? 'unnamed' : datagram.readUInt32LE(idAt);
}

/** The pad is not trusted: the signature is taken from the end, and covers everything before it. */
function verify(bytes: Buffer, afterPayload: Reader, { suite, keys }: Protection): void {
	if (afterPayload.left < 2 + suite.signatureLength) throw badReply(`packet signature: ${afterPayload.left} bytes left`);
	const signed = bytes.subarray(0, bytes.length - suite.signatureLength);
	const signature = bytes.subarray(bytes.length - suite.signatureLength);
	if (!timingSafeEqual(signature, suite.sign(keys, signed))) throw badReply('wrong packet signature');
}

/** IPMI 2.0 section 13.29: IV, then the payload with a pad of 1, 2, 3 … and its length. */
function encrypt(payload: Buffer, key: Buffer, iv: Buffer): Buffer {
	const padLength = -(payload.length + 1) & (AES_BLOCK - 1);
	const pad = Buffer.from(Array.from({ length: padLength }, (_, index) => index + 1));
	const cipher = createCipheriv('aes-128-cbc', key, iv).setAutoPadding(false);
	return Buffer.concat([iv, cipher.update(Buffer.concat([payload, pad, Buffer.from([padLength])])), cipher.final()]);
}

function decrypt(payload: Buffer, key: Buffer): Buffer {
	if (payload.length < 2 * AES_BLOCK || payload.length % AES_BLOCK !== 0)
		throw badReply(`encrypted payload of ${payload.length} bytes`);
	const decipher = createDecipheriv('aes-128-cbc', key, payload.subarray(0, AES_BLOCK)).setAutoPadding(false);
	const plain = Buffer.concat([decipher.update(payload.subarray(AES_BLOCK)), decipher.final()]);
	const padLength = plain.readUInt8(plain.length - 1);
	if (padLength >= plain.length) throw badReply(`confidentiality pad of ${padLength} bytes in ${plain.length}`);
	return plain.subarray(0, plain.length - 1 - padLength);
}
