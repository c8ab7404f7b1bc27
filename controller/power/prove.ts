import { setTimeout as sleep } from 'node:timers/promises';
import { fail, type PowerDriver, type PowerParameters, type PowerResult, type PowerState, succeed } from './driver.ts';

export interface ProofOptions {
	/** Milliseconds until the state must have been seen; 30 s when absent. */
	readonly timeLimit?: number;
	/** Milliseconds between two readings; 500 when absent. */
	readonly interval?: number;
	/** How often the order is given within the time limit; 3 when absent. A soft-off is given once: the operating system is at it. */
	readonly orders?: number;
	/** For `proveOff`. */
	readonly soft?: boolean;
	/** Ends the wait early; what was known then is the result. */
	readonly signal?: AbortSignal;
}

/**
 * Gives the order and reads the state until it is seen (`did-not-act` when it never was): a BMC's "accepted" proves nothing.
 * A driver that can't be queried gives `unknown` at once.
 */
export const proveOn = (
	driver: PowerDriver,
	parameters: PowerParameters,
	options: ProofOptions = {},
): Promise<PowerResult<PowerState>> => prove(driver, parameters, 'on', () => driver.on(parameters), options);

/** Like `proveOn`. */
export const proveOff = (
	driver: PowerDriver,
	parameters: PowerParameters,
	options: ProofOptions = {},
): Promise<PowerResult<PowerState>> => {
	const soft = options.soft === undefined ? {} : { soft: options.soft };
	return prove(driver, parameters, 'off', () => driver.off(parameters, soft), options.soft ? { ...options, orders: 1 } : options);
};

async function prove(
	driver: PowerDriver,
	parameters: PowerParameters,
	goal: 'on' | 'off',
	order: () => Promise<PowerResult<void>>,
	{ timeLimit = 30_000, interval = 500, orders = 3, signal }: ProofOptions,
): Promise<PowerResult<PowerState>> {
	const begin = performance.now();
	let given = 0;
	let last: PowerResult<PowerState> = succeed('unknown');
	do {
		// The orders are spread over the time: a BMC that is slow is not pestered, one that lost an order gets another.
		if (given < orders && performance.now() - begin >= (given * timeLimit) / orders) {
			const accepted = await order();
			if (!accepted.ok) return accepted;
			given++;
			if (!driver.queryable) return succeed('unknown');
		}
		last = await driver.query(parameters);
		if (last.ok && last.value === goal) return last;
		await sleep(interval, undefined, signal ? { signal } : {}).catch(() => null);
	} while (performance.now() - begin < timeLimit && !signal?.aborted);
	// BMCs go silent for seconds while they switch; only a silence at the end counts.
	if (!last.ok) return last;
	const times = given === 1 ? 'once' : `${given} times`;
	return fail(
		'did-not-act',
		`${driver.subject(parameters)} accepted power ${goal} ${times} but still reports ${last.value}.`,
		`Look at the machine: press its power button, check its power supply, and restart its BMC.`,
	);
}
