/** Whole numbers as people write them: `0-15, 32-47`. */
export function ranges(numbers: readonly number[]): string {
	const parts: [number, number][] = [];
	for (const n of numbers.toSorted((a, b) => a - b)) {
		const last = parts.at(-1);
		if (last && n <= last[1] + 1) last[1] = n;
		else parts.push([n, n]);
	}
	return parts.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
}
