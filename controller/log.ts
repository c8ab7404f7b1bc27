import { pino } from 'pino';

/** What every part writes its log with. `data` becomes fields of the JSON line; never put a secret in it. */
export interface Log {
	debug(text: string, data?: object): void;
	info(text: string, data?: object): void;
	warn(text: string, data?: object): void;
	error(text: string, data?: object): void;
	/** The same log with `part` set, e.g. `log.part('dhcp')`. */
	part(name: string): Log;
}

/** The controller's one writer: JSON lines on standard error, where the supervisor or journald picks them up. */
export function createLog(level = 'info'): Log {
	return wrap(pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ fd: 2, sync: true })));
}

function wrap(logger: import('pino').Logger): Log {
	return {
		debug: (text, data = {}) => logger.debug(data, text),
		info: (text, data = {}) => logger.info(data, text),
		warn: (text, data = {}) => logger.warn(data, text),
		error: (text, data = {}) => logger.error(data, text),
		part: (name) => wrap(logger.child({ part: name })),
	};
}

/** A log that keeps nothing, for tests and for tools that print for people instead. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, part: () => silentLog };
