/** The project's folder. */
export const root: string;
/** The project's own Node executable. */
export const node: string;
/** Builds what the window runs when it is older than its sources. Throws an Error with one sentence when that fails. */
export function buildIfStale(): void;
