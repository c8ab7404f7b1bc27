import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { BmcUser } from './bmc.ts';

/** The BMC's side of RMCP+ (IPMI 2.0 sections 13.17 to 13.32). Broken datagrams are dropped, as BMCs do. */
export interface BmcSessions {
	/** The reply, or null for silence. */
	receive(datagram: Buffer): Buffer | null;
	count(): number;
	forget(): void;
}

/** A request inside or (pre-session commands) outside a session. */
export interface BmcRequest {
	readonly netFn: number;
	readonly command: number;
	readonly data: Buffer;
	/** null outside a session. */
	readonly session: BmcSession | null;
}
/** Completion code, then data. */
export type BmcAnswer = (request: BmcRequest) => Buffer;

export interface BmcSession {
	readonly limit: number;
	privilege: number;
	closing: boolean;
}

interface State extends BmcSession {
	readonly id: number;
	readonly consoleId: number;
	readonly suite: Suite;
	user: BmcUser | null;
	role: number;
	consoleRandom: Buffer;
	bmcRandom: Buffer;
	identity: Buffer;
	keys: { k1: Buffer; aes: Buffer } | null;
	sequence: number;
	limit: number;
	/** performance.now() of the last datagram. */
	heardAt: number;
}

/** A login that is not finished by then is forgotten, and a session that is silent for longer (IPMI 2.0 section 6.12.15). */
const LOGIN_TIME = 5_000;
const IDLE_TIME = 60_000;

interface Suite {
	readonly authentication: number;
	readonly integrity: number;
	readonly hash: string;
	readonly check: number;
	readonly code: number;
}
const suiteTable: Readonly<Record<number, Suite>> = {
	3: { authentication: 1, integrity: 1, hash: 'sha1', check: 12, code: 12 },
	8: { authentication: 2, integrity: 2, hash: 'md5', check: 16, code: 16 },
	12: { authentication: 2, integrity: 3, hash: 'md5', check: 16, code: 16 },
	17: { authentication: 3, integrity: 4, hash: 'sha256', check: 16, code: 16 },
};

interface Options {
	readonly users: readonly BmcUser[];
	readonly kg: Buffer | null;
	readonly suites: readonly number[];
	readonly sessionLimit: number;
	/** 16 bytes, of the managed machine */
	readonly guid: Buffer;
	readonly answer: BmcAnswer;
}

const rmcp = Buffer.from([6, 0, 255, 7]);

export function createBmcSessions({ users, kg, suites, sessionLimit, guid, answer }: Options): BmcSessions {
	const sessions = new Map<number, State>();

	function receive(datagram: Buffer): Buffer | null {
		// Every field has a fixed place, so a datagram that is too short shows as a RangeError of Buffer.
		try {
			if (datagram[3] !== 7) return null;
			if (datagram[4] !== 6) return outside(datagram);
			const type = datagram.readUInt8(5) & 0x3f;
			const payload = datagram.subarray(16, 16 + datagram.readUInt16LE(14));
			if (type === 0x10) return plain(0x11, openSession(payload));
			if (type === 0x12) return plain(0x13, rakp2(payload));
			if (type === 0x14) return plain(0x15, rakp4(payload));
			if (type !== 0) return null;
			// ipmitool asks for the cipher suites in an RMCP+ packet outside a session.
			return datagram.readUInt32LE(6) === 0 ? plain(0, converse(payload, null)) : inside(datagram);
		} catch (error) {
			if (error instanceof RangeError) return null;
			throw error;
		}
	}

	function openSession(payload: Buffer): Buffer {
		const [tag, consoleId] = [payload.readUInt8(0), payload.readUInt32LE(4)];
		const refuse = (status: number) => Buffer.concat([Buffer.from([tag, status, 0, 0]), payload.subarray(4, 8)]);
		const [authentication, integrity, confidentiality] = [payload.readUInt8(12), payload.readUInt8(20), payload.readUInt8(28)];
		const suite = suites
			.map((id) => suiteTable[id])
			.find((each) => each?.authentication === authentication && each.integrity === integrity && confidentiality === 1);
		if (!suite) return refuse(0x11);
		const now = performance.now();
		for (const each of sessions.values()) if (now - each.heardAt > (each.keys ? IDLE_TIME : LOGIN_TIME)) sessions.delete(each.id);
		if (sessions.size >= sessionLimit) return refuse(0x01);
		const id = randomBytes(4).readUInt32LE() | 1;
		sessions.set(id >>> 0, {
			...{
				id: id >>> 0,
				consoleId,
				suite,
				user: null,
				role: 0,
				limit: 0,
				privilege: 2,
				closing: false,
				keys: null,
				sequence: 0,
				heardAt: now,
			},
			...{ consoleRandom: Buffer.alloc(16), bmcRandom: randomBytes(16), identity: Buffer.alloc(0) },
		});
		return Buffer.concat([Buffer.from([tag, 0, 4, 0]), payload.subarray(4, 8), word(id), payload.subarray(8, 32)]);
	}

	function rakp2(payload: Buffer): Buffer {
		const session = sessions.get(payload.readUInt32LE(4));
		const head = (status: number) =>
			Buffer.concat([Buffer.from([payload.readUInt8(0), status, 0, 0]), word(session?.consoleId ?? 0)]);
		if (!session) return head(0x02);
		const name = payload.subarray(28, 28 + payload.readUInt8(27));
		const user = users.find((each) => each.enabled && each.name === name.toString('utf8'));
		session.role = payload.readUInt8(24);
		const refuse = (status: number) => {
			sessions.delete(session.id);
			return head(status);
		};
		if (!user) return refuse(0x0d);
		if ((session.role & 15) > user.privilege) return refuse(0x0a);
		session.user = user;
		session.limit = session.role & 15;
		session.consoleRandom = Buffer.from(payload.subarray(8, 24));
		session.identity = Buffer.concat([payload.subarray(24, 25), payload.subarray(27, 28), name]);
		const { consoleRandom, bmcRandom, identity } = session;
		const proof = [word(session.consoleId), word(session.id), consoleRandom, bmcRandom, guid, identity];
		return Buffer.concat([head(0), bmcRandom, guid, mac(session.suite.hash, Buffer.from(user.password), proof)]);
	}

	function rakp4(payload: Buffer): Buffer {
		const session = sessions.get(payload.readUInt32LE(4));
		const head = (status: number) =>
			Buffer.concat([Buffer.from([payload.readUInt8(0), status, 0, 0]), word(session?.consoleId ?? 0)]);
		if (!session?.user) return head(0x02);
		const { hash } = session.suite;
		const password = Buffer.from(session.user.password);
		const proof = mac(hash, password, [session.bmcRandom, word(session.consoleId), session.identity]);
		if (!equal(payload.subarray(8), proof)) {
			sessions.delete(session.id);
			return head(0x0f);
		}
		const sik = mac(hash, kg ?? password, [session.consoleRandom, session.bmcRandom, session.identity]);
		// 20 bytes whatever the hash (section 13.32); ipmitool and FreeIPMI agree.
		const derive = (byte: number) => mac(hash, sik, [Buffer.alloc(20, byte)]);
		session.keys = { k1: derive(1), aes: derive(2).subarray(0, 16) };
		const check = mac(hash, sik, [session.consoleRandom, word(session.id), guid]).subarray(0, session.suite.check);
		return Buffer.concat([head(0), check]);
	}

	function inside(datagram: Buffer): Buffer | null {
		const session = sessions.get(datagram.readUInt32LE(6));
		if (!session?.keys) return null;
		const signed = datagram.subarray(4, datagram.length - session.suite.code);
		if (!equal(datagram.subarray(datagram.length - session.suite.code), sign(session, signed))) return null;
		session.heardAt = performance.now();
		const payload = datagram.subarray(16, 16 + datagram.readUInt16LE(14));
		const decipher = createDecipheriv('aes-128-cbc', session.keys.aes, payload.subarray(0, 16)).setAutoPadding(false);
		const padded = Buffer.concat([decipher.update(payload.subarray(16)), decipher.final()]);
		const reply = converse(padded.subarray(0, padded.length - 1 - padded.readUInt8(padded.length - 1)), session);
		const sealed = seal(session, reply);
		if (session.closing) sessions.delete(session.id);
		return sealed;
	}

	/** Commands before a session, in IPMI 1.5 packets without a signature. */
	function outside(datagram: Buffer): Buffer | null {
		if (datagram.readUInt8(4) !== 0 || datagram.readUInt32LE(9) !== 0) return null;
		const reply = converse(datagram.subarray(14, 14 + datagram.readUInt8(13)), null);
		return Buffer.concat([rmcp, Buffer.alloc(9), Buffer.from([reply.length]), reply]);
	}

	function converse(message: Buffer, session: State | null): Buffer {
		const [netFn, sequence, command] = [message.readUInt8(1) >> 2, message.readUInt8(4), message.readUInt8(5)];
		const body = answer({ netFn, command, data: message.subarray(6, -1), session });
		const head = Buffer.from([0x81, ((netFn | 1) << 2) & 0xff]);
		const tail = Buffer.concat([Buffer.from([0x20, sequence, command]), body]);
		return Buffer.concat([head, sum(head), tail, sum(tail)]);
	}

	return { receive, count: () => [...sessions.values()].filter((each) => each.keys).length, forget: () => sessions.clear() };
}

function seal(session: State, message: Buffer): Buffer {
	const [iv, padLength] = [randomBytes(16), 15 - (message.length % 16)];
	const pad = Buffer.from([...Array.from({ length: padLength }, (_, index) => index + 1), padLength]);
	const cipher = createCipheriv('aes-128-cbc', session.keys?.aes ?? '', iv).setAutoPadding(false);
	const sealed = Buffer.concat([iv, cipher.update(message), cipher.update(pad), cipher.final()]);
	const head = Buffer.concat([
		Buffer.from([6, 0xc0]),
		word(session.consoleId),
		word(++session.sequence),
		word(sealed.length).subarray(0, 2),
	]);
	// 12 bytes of header and whole cipher blocks: two bytes of pad make it four with the trailer.
	const signed = Buffer.concat([head, sealed, Buffer.from([255, 255, 2, 7])]);
	return Buffer.concat([rmcp, signed, sign(session, signed)]);
}

function sign({ suite, keys, user }: State, bytes: Buffer): Buffer {
	if (suite.integrity !== 3) return mac(suite.hash, keys?.k1 ?? Buffer.alloc(0), [bytes]).subarray(0, suite.code);
	const password = Buffer.concat([Buffer.from(user?.password ?? ''), Buffer.alloc(20)]).subarray(0, 20);
	return createHash('md5').update(password).update(bytes).update(password).digest();
}

function plain(type: number, payload: Buffer): Buffer {
	return Buffer.concat([rmcp, Buffer.from([6, type]), Buffer.alloc(8), word(payload.length).subarray(0, 2), payload]);
}

const mac = (hash: string, key: Buffer, parts: Buffer[]): Buffer => createHmac(hash, key).update(Buffer.concat(parts)).digest();
const equal = (one: Buffer, other: Buffer): boolean => one.length === other.length && timingSafeEqual(one, other);
const sum = (bytes: Buffer): Buffer => Buffer.from([256 - (bytes.reduce((total, byte) => total + byte, 0) % 256)]);

function word(value: number): Buffer {
	const bytes = Buffer.alloc(4);
	bytes.writeInt32LE(value | 0);
	return bytes;
}
