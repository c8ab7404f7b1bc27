import { type CipherSuite, hmac, type SessionKeys } from './cipherSuites.ts';
import { Reader } from './reader.ts';

/** The six messages that open an RMCP+ session (IPMI 2.0 sections 13.17 to 13.24) and the keys that come out of them. */
export interface Login {
	readonly suite: CipherSuite;
	readonly userName: Buffer;
	readonly password: Buffer;
	/** Null when the BMC has none: the password takes its place (section 13.31). */
	readonly kg: Buffer | null;
	/** Requested maximum privilege with the "name-only lookup" bit, as sent in RAKP 1. */
	readonly role: number;
	readonly consoleId: number;
	readonly consoleRandom: Buffer;
}

/** What the BMC contributed. */
export interface Challenge {
	readonly bmcId: number;
	readonly bmcRandom: Buffer;
	readonly bmcGuid: Buffer;
}

/** `status` 0 is success; else the other fields are absent (table 13-15). */
export type OpenSessionResponse =
	| { readonly tag: number; readonly status: number; readonly accepted: null }
	| { readonly tag: number; readonly status: 0; readonly accepted: AcceptedSession };
export interface AcceptedSession {
	readonly consoleId: number;
	readonly bmcId: number;
	readonly authentication: number;
	readonly integrity: number;
	readonly confidentiality: number;
}

const algorithm = (type: number, number: number): number[] => [type, 0, 0, 8, number, 0, 0, 0];

/** `privilege` 0 asks for the highest that fits. */
export function encodeOpenSession(tag: number, privilege: number, consoleId: number, suite: CipherSuite): Buffer {
	const bytes = Buffer.from([
		...[tag, privilege, 0, 0],
		...[0, 0, 0, 0],
		...algorithm(0, suite.authentication),
		...algorithm(1, suite.integrity),
		...algorithm(2, suite.confidentiality),
	]);
	bytes.writeUInt32LE(consoleId, 4);
	return bytes;
}

export function decodeOpenSessionResponse(payload: Buffer): OpenSessionResponse {
	const reader = new Reader(payload);
	const [tag, status] = [reader.u8('tag'), reader.u8('status')];
	if (status !== 0) return { tag, status, accepted: null };
	reader.bytes(2, 'maximum privilege');
	const [consoleId, bmcId] = [reader.u32('console session ID'), reader.u32('BMC session ID')];
	const [authentication, integrity, confidentiality] = ['authentication', 'integrity', 'confidentiality'].map((field) => {
		const proposal = reader.bytes(8, `${field} algorithm`);
		return proposal.readUInt8(4) & 0x3f;
	}) as [number, number, number];
	return { tag, status, accepted: { consoleId, bmcId, authentication, integrity, confidentiality } };
}

export function encodeRakp1(tag: number, login: Login, bmcId: number): Buffer {
	const bytes = Buffer.alloc(28 + login.userName.length);
	bytes[0] = tag;
	bytes.writeUInt32LE(bmcId, 4);
	login.consoleRandom.copy(bytes, 8);
	bytes[24] = login.role;
	bytes[27] = login.userName.length;
	login.userName.copy(bytes, 28);
	return bytes;
}

/** RAKP 2 and its code; `challenge` null on a status other than 0. */
export type Rakp2 =
	| { readonly tag: number; readonly status: number; readonly challenge: null }
	| {
			readonly tag: number;
			readonly status: 0;
			readonly challenge: { readonly bmcRandom: Buffer; readonly bmcGuid: Buffer };
			readonly code: Buffer;
	  };

export function decodeRakp2(payload: Buffer): Rakp2 {
	const reader = new Reader(payload);
	const [tag, status] = [reader.u8('tag'), reader.u8('status')];
	if (status !== 0) return { tag, status, challenge: null };
	reader.bytes(6, 'console session ID');
	const challenge = { bmcRandom: reader.bytes(16, 'BMC random number'), bmcGuid: reader.bytes(16, 'BMC GUID') };
	return { tag, status, challenge, code: reader.rest() };
}

export function encodeRakp3(tag: number, bmcId: number, code: Buffer): Buffer {
	const head = Buffer.from([tag, 0, 0, 0, 0, 0, 0, 0]);
	head.writeUInt32LE(bmcId, 4);
	return Buffer.concat([head, code]);
}

export interface Rakp4 {
	readonly tag: number;
	readonly status: number;
	readonly check: Buffer;
}

export function decodeRakp4(payload: Buffer): Rakp4 {
	const reader = new Reader(payload);
	const [tag, status] = [reader.u8('tag'), reader.u8('status')];
	if (status !== 0) return { tag, status, check: Buffer.alloc(0) };
	reader.bytes(6, 'console session ID');
	return { tag, status, check: reader.rest() };
}

/** The code that RAKP 2 must carry: proof that the BMC knows the password (section 13.31). */
export function rakp2Code(login: Login, { bmcId, bmcRandom, bmcGuid }: Challenge): Buffer {
	const { hash } = login.suite;
	return hmac(hash, login.password, id(login.consoleId), id(bmcId), login.consoleRandom, bmcRandom, bmcGuid, identity(login));
}

/** Our proof. */
export function rakp3Code(login: Login, { bmcRandom }: Challenge): Buffer {
	return hmac(login.suite.hash, login.password, bmcRandom, id(login.consoleId), identity(login));
}

export function deriveKeys(login: Login, { bmcRandom }: Challenge): { sik: Buffer; keys: SessionKeys } {
	const { hash } = login.suite;
	const sik = hmac(hash, login.kg ?? login.password, login.consoleRandom, bmcRandom, identity(login));
	// 20 bytes whatever the hash (section 13.32); ipmitool and FreeIPMI agree, ipmi_sim 2.0.33 takes 16 with MD5 and so speaks to nobody.
	const constant = (byte: number) => Buffer.alloc(20, byte);
	const [k1, k2] = [hmac(hash, sik, constant(1)), hmac(hash, sik, constant(2))];
	return { sik, keys: { k1, aes: k2.subarray(0, 16), password: login.password } };
}

/** The check value that RAKP 4 must carry: proof that the BMC derived the same keys. */
export function rakp4Check(login: Login, { bmcId, bmcGuid }: Challenge, sik: Buffer): Buffer {
	return hmac(login.suite.hash, sik, login.consoleRandom, id(bmcId), bmcGuid).subarray(0, login.suite.checkLength);
}

function id(sessionId: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(sessionId);
	return bytes;
}

const identity = ({ role, userName }: Login): Buffer => Buffer.concat([Buffer.from([role, userName.length]), userName]);
