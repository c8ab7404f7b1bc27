import { IpmiError } from '../errors.ts';
import type { Request, Response } from '../packet/message.ts';
import type { Patience } from './exchange.ts';

/** An open session with one BMC; session20.ts and session15.ts open them. One request at a time. */
export interface Session {
	/** For people: `IPMI 2.0, cipher suite 17`. */
	readonly protocol: string;
	/** Level in force; a new session starts at `user` (IPMI 2.0 section 22.18). */
	privilege: Privilege;
	request(request: Omit<Request, 'sequence'>, patience: Patience): Promise<Response>;
	/** Tells the BMC, so that the slot is free at once; never fails. */
	close(): Promise<void>;
	/** Forgets the session without a word to the BMC, which has forgotten it too. */
	drop(): void;
}

export type Privilege = 'user' | 'operator' | 'administrator';
export const privilegeNumber: Readonly<Record<Privilege, number>> = { user: 2, operator: 3, administrator: 4 };

/**
 * Those of FreeIPMI's workaround flags that change what we do; its manual (ipmipower(8), WORKAROUNDS) lists the machines. The others concern
 * things that this client never relies on: capability bits, presence pings, cipher suite 0.
 */
export type Workaround =
	/** The BMC hashes with the privilege level of the open-session request (Sun Fire 4100, Supermicro X8DTH, Dell C5220): send the real one there. */
	| 'opensesspriv'
	/** The sums in IPMI messages are wrong (Supermicro X9SCM-iiF). */
	| 'nochecksumcheck'
	/** The BMC hashes the user name padded to 16 bytes (Intel SE7520AF2). */
	| 'intel20'
	/** RAKP codes have bytes after their end (Supermicro H8QME). */
	| 'supermicro20';

export interface Credentials {
	/** At most 16 bytes. */
	readonly userName: string;
	/** At most 20 bytes (16 in IPMI 1.5). */
	readonly password: string;
	/** The BMC's K_g key of up to 20 bytes; null when it has none. */
	readonly kg: Buffer | null;
	/** Highest level that this session will ask for. */
	readonly privilege: Privilege;
	readonly workarounds: ReadonlySet<Workaround>;
}

/** Text that must fit a fixed field of the protocol. */
export function fieldBytes(text: string, limit: number, field: string): Buffer {
	const bytes = Buffer.from(text, 'utf8');
	if (bytes.length > limit) throw new IpmiError('bad-parameters', `the ${field} has ${bytes.length} bytes, IPMI allows ${limit}`);
	return bytes;
}

export const netFn = { chassis: 0x00, app: 0x06, transport: 0x0c } as const;

export const closeSessionRequest = (sessionId: number): Omit<Request, 'sequence'> => {
	const data = Buffer.alloc(4);
	data.writeUInt32LE(sessionId);
	return { netFn: netFn.app, command: 0x3c, data };
};
export const CLOSE_PATIENCE: Patience = [300];
