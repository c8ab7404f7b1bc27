import { Refusal } from '../domain/errors.ts';

/** Slows down whoever guesses passwords: after some failures each further one doubles the wait. */
export interface Attempts {
	/** Counts an attempt before it is checked: guesses that come at once must not all be free. Throws Refusal while it has to wait. */
	begin(key: string): void;
	/** It was right after all. */
	succeeded(key: string): void;
}

/** Failures of one key within this time make it wait. */
const MEMORY_MS = 15 * 60 * 1000;

/** `whose`: the end of “Too many wrong passwords …”. */
export function createAttempts(options: {
	freeTries: number;
	longestWaitMs: number;
	/** what one success forgives: everything (a name), or itself alone (an address, from which many names may be tried) */
	forgives: 'all' | 'itself';
	whose: (key: string) => string;
	now: () => Date;
}): Attempts {
	const { freeTries, longestWaitMs, forgives, whose, now } = options;
	const failures = new Map<string, { count: number; last: number }>();
	return {
		begin(key) {
			const at = now().getTime();
			for (const [each, failed] of failures) if (at - failed.last > MEMORY_MS) failures.delete(each);
			const { count, last } = failures.get(key) ?? { count: 0, last: 0 };
			const left = count < freeTries ? 0 : last + Math.min(2 ** (count - freeTries) * 1000, longestWaitMs) - at;
			if (left > 0)
				throw new Refusal('not-allowed', `Too many wrong passwords ${whose(key)}: try again in ${Math.ceil(left / 1000)} s.`, {
					field: 'password',
				});
			failures.set(key, { count: count + 1, last: at });
		},
		succeeded(key) {
			const failed = failures.get(key);
			if (!failed) return;
			if (forgives === 'itself' && failed.count > 1) failures.set(key, { ...failed, count: failed.count - 1 });
			else failures.delete(key);
		},
	};
}
