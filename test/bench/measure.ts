import { readFileSync } from 'node:fs';

/** User and system time of a process and the children it has waited for, in seconds. Linux counts in hundredths. */
export function cpuSeconds(pid: number): number {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
	return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** Resident memory of a process. */
export const residentMegabytes = (pid: number): number =>
	Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

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
