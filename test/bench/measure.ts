import { readFileSync } from 'node:fs';

/** User and system time of a process and the children it has waited for, in seconds. Linux counts in hundredths. */
export function cpuSeconds(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** The pid of the program that `ip netns exec` became: it replaces itself, so they are the same. */
export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Prints rows under a title, the numbers with three digits that count, and the ratio of the named column to the best peer's. */
export function printTable(title: string, rows: readonly Readonly<Record<string, string | number>>[]): void {
	console.log(`\n${title}`);
	console.table(
		rows.map((row) =>
			Object.fromEntries(
				Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? Number(value.toPrecision(3)) : value]),
			),
		),
	);
}
