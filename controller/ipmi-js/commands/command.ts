import type { IpmiErrorCode } from '../errors.ts';
import type { Privilege } from '../session/session.ts';

/** A command is data: what is sent and how its answer is read. `client.run(bmc, command)` does the rest. */
export interface Command<T> {
	/** For error texts: `Get Chassis Status`. */
	readonly name: string;
	readonly netFn: number;
	readonly command: number;
	readonly data: Buffer;
	/** What the BMC asks of the session (IPMI 2.0 appendix G). */
	readonly privilege: Privilege;
	/** False when carrying it out twice does harm: it is then never sent again in a second session. */
	readonly repeatable: boolean;
	/** Completion codes 0x80 to 0xbe, which mean something else for each command. */
	readonly refusals?: Refusals;
	/** Reads the data after completion code 0; throws `bad-reply`. */
	decode(data: Buffer): T;
}

export type Refusals = Readonly<Record<number, readonly [IpmiErrorCode, string]>>;

/** For commands whose answer is the completion code alone. */
export const nothing = (): void => {};
