import { setTimeout as sleep } from 'node:timers/promises';
import { getChassisStatus } from '../commands/chassis.ts';
import type { Command } from '../commands/command.ts';
import { BUSY, commandRefusal } from '../commands/completionCodes.ts';
import { setSessionPrivilege } from '../commands/sessionCommands.ts';
import { IpmiError } from '../errors.ts';
import type { Patience } from './exchange.ts';
import { type Privilege, privilegeNumber, type Session } from './session.ts';

/** One BMC as seen by one set of credentials: a queue of requests and a session that is opened when needed and kept for the next one. */
export interface Connection {
	run<T>(command: Command<T>): Promise<T>;
	protocol(): string | null;
	/** Refuses what waits in the queue, then closes the session. What is under way is ended by the transport's `abort`. */
	close(): Promise<void>;
}

export interface ConnectionOptions {
	readonly open: () => Promise<Session>;
	readonly patience: Patience;
	/** Milliseconds without a request until the session is closed. */
	readonly idle: number;
	readonly privilege: Privilege;
	/** Called when the session was closed for idleness and nothing waits. */
	readonly onIdle: () => void;
}

/** After this long without a reply a session is asked something harmless before an order that must not be carried out twice. */
const TRUSTED_FOR = 5_000;
/** Pauses before a busy BMC is asked again, milliseconds. */
const BUSY_PAUSES = [200, 500, 1000, 2000];
/** A kept session is given up earlier than a new one: a BMC that was restarted or has forgotten it is silent. */
const KEPT_SENDINGS = 2;

export function createConnection({ open, patience, idle, privilege, onIdle }: ConnectionOptions): Connection {
	let queue: Promise<unknown> = Promise.resolve();
	let waiting = 0;
	let session: Session | null = null;
	let heardAt = 0;
	let closed = false;
	let idleTimer: NodeJS.Timeout | undefined;

	async function fresh(): Promise<Session> {
		const opened = await open();
		if (closed) {
			await opened.close();
			throw closedError();
		}
		session = opened;
		heardAt = performance.now();
		return opened;
	}

	/** One command in one session, raised to the privilege that it needs. */
	async function ask(inSession: Session, command: Command<unknown>, sendings: Patience): Promise<Buffer> {
		if (privilegeNumber[command.privilege] > privilegeNumber[inSession.privilege]) {
			if (privilegeNumber[command.privilege] > privilegeNumber[privilege])
				throw new IpmiError(
					'privilege-too-low',
					`${command.name} needs privilege level ${command.privilege}, ${privilege} is set`,
				);
			await ask(inSession, setSessionPrivilege(privilege), sendings);
			inSession.privilege = privilege;
		}
		for (let busy = 0; ; busy++) {
			const response = await inSession.request(command, sendings);
			heardAt = performance.now();
			if (response.completionCode === 0) return response.data;
			const pause = response.completionCode === BUSY ? BUSY_PAUSES[busy] : undefined;
			if (pause === undefined) throw commandRefusal(command, response.completionCode);
			await sleep(pause);
		}
	}

	/** `inSession`, given up when it turns out to be dead. */
	async function askOrGiveUp(inSession: Session, command: Command<unknown>, sendings: Patience): Promise<Buffer> {
		try {
			return await ask(inSession, command, sendings);
		} catch (error) {
			if (isSilence(error) || isNonsense(error)) {
				inSession.drop();
				session = null;
			}
			throw error;
		}
	}

	/** The kept session if the BMC still knows it, else a new one. Asking is the only way to find out. */
	async function proven(): Promise<Session> {
		if (session && performance.now() - heardAt < TRUSTED_FOR) return session;
		if (session) {
			try {
				await askOrGiveUp(session, getChassisStatus, patience.slice(0, KEPT_SENDINGS));
			} catch (error) {
				if (!isSilence(error)) throw error;
			}
		}
		return session ?? fresh();
	}

	async function perform(command: Command<unknown>): Promise<Buffer> {
		if (closed) throw closedError();
		if (!command.repeatable) return askOrGiveUp(await proven(), command, patience);
		if (session) {
			try {
				return await askOrGiveUp(session, command, patience.slice(0, KEPT_SENDINGS));
			} catch (error) {
				if (!isSilence(error)) throw error;
			}
		}
		return askOrGiveUp(await fresh(), command, patience);
	}

	async function closeSession(): Promise<void> {
		const kept = session;
		session = null;
		await kept?.close();
	}

	function rest(): void {
		if (--waiting > 0 || closed) return;
		idleTimer = setTimeout(() => {
			onIdle();
			queue = closeSession();
		}, idle);
		idleTimer.unref();
	}

	return {
		run(command) {
			waiting++;
			clearTimeout(idleTimer);
			const result = queue.then(() => perform(command));
			queue = result.then(rest, rest);
			return result.then((data) => command.decode(data));
		},
		protocol: () => session?.protocol ?? null,
		async close() {
			closed = true;
			clearTimeout(idleTimer);
			await queue;
			await closeSession();
		},
	};
}

export const closedError = (): IpmiError => new IpmiError('closed', 'the IPMI client was closed');

const isSilence = (error: unknown): boolean => error instanceof IpmiError && error.code === 'unreachable';
const isNonsense = (error: unknown): boolean => error instanceof IpmiError && error.code === 'bad-reply';
