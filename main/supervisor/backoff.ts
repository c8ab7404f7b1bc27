/** The deaths that count when the next one happens. */
export interface Deaths {
	/** In a row without a stable run between them; decides how long to wait. */
	readonly inARow: number;
	/** Of these, the last ones that came right after the start; decides when to give up. */
	readonly quick: number;
}

export const noDeaths: Deaths = { inARow: 0, quick: 0 };

const quickMs = 10_000;
const stableMs = 60_000;
const firstWaitMs = 200;
const longestWaitMs = 10_000;
const quickDeathsAllowed = 5;

/**
 * What to do after the controller died having run for `ranForMs`. A controller that dies again and again right after its start will
 * not get better by another start; one that dies now and then is always started again, because machines may be waiting for it.
 */
export function afterDeath(
	before: Deaths,
	ranForMs: number,
): { readonly deaths: Deaths; readonly next: { waitMs: number } | 'giveUp' } {
	const deaths: Deaths = {
		inARow: ranForMs >= stableMs ? 1 : before.inARow + 1,
		quick: ranForMs >= quickMs ? 0 : before.quick + 1,
	};
	if (deaths.quick >= quickDeathsAllowed) return { deaths, next: 'giveUp' };
	return { deaths, next: { waitMs: Math.min(firstWaitMs * 2 ** (deaths.inARow - 1), longestWaitMs) } };
}
