/** Numbers and times in words. Bytes, milliseconds and ISO 8601 in; what people read out. */

const binary = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
const decimal = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Memory and file sizes, in steps of 1024: `64 GiB`. */
export const bytes = (n: number): string => scaled(n, 1024, binary);

/** Disks, as their makers count: `1.92 TB`. */
export const diskSize = (n: number): string => scaled(n, 1000, decimal);

function scaled(n: number, step: number, units: readonly string[]): string {
	let value = n;
	let unit = 0;
	while (value >= step && unit < units.length - 1) {
		value /= step;
		unit++;
	}
	const digits = unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2;
	return `${Number(value.toFixed(digits))} ${units[unit]}`;
}

/** `340 ms`, `8.4 s`, `1 min 12 s`, `3 h 5 min`. */
export function duration(ms: number): string {
	if (ms < 1000) return `${Math.round(ms)} ms`;
	if (ms < 9950) return `${(ms / 1000).toFixed(1)} s`;
	const seconds = Math.round(ms / 1000);
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3600) return pair(Math.floor(seconds / 60), 'min', seconds % 60, 's');
	return pair(Math.floor(seconds / 3600), 'h', Math.floor((seconds % 3600) / 60), 'min');
}
const pair = (a: number, unitA: string, b: number, unitB: string): string =>
	b ? `${a} ${unitA} ${b} ${unitB}` : `${a} ${unitA}`;

/** How long ago, in one unit: `just now`, `12 s ago`, `4 min ago`, `3 h ago`, `12 d ago`. */
export function ago(iso: string, now: number): string {
	const seconds = Math.round((now - Date.parse(iso)) / 1000);
	if (seconds < 2) return 'just now';
	return `${oneUnit(seconds)} ago`;
}

/** How long until: `in 4 min`; `now` when it is past. */
export function until(iso: string, now: number): string {
	const seconds = Math.round((Date.parse(iso) - now) / 1000);
	return seconds < 1 ? 'now' : `in ${oneUnit(seconds)}`;
}

function oneUnit(seconds: number): string {
	if (seconds < 60) return `${seconds} s`;
	if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
	if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
	return `${Math.floor(seconds / 86_400)} d`;
}

/** Date and time of day in the reader's zone, to the second: `2026-11-22 14:03:09`. */
export function moment(iso: string): string {
	const at = new Date(iso);
	const two = (n: number) => String(n).padStart(2, '0');
	const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
	return `${day} ${clock(iso)}`;
}

/** The day alone, in UTC: `2026-12-31`. */
export const date = (iso: string): string => new Date(iso).toISOString().slice(0, 10);

const dayNames = new Intl.DateTimeFormat('en', { day: 'numeric', month: 'short' });

/** The time of day for today, with the date before it for other days: `14:03:09`, `Nov 13, 14:03:09`. */
export function when(iso: string, now: number): string {
	const at = new Date(iso);
	const today = at.toDateString() === new Date(now).toDateString();
	return today ? clock(iso) : `${dayNames.format(at)}, ${clock(iso)}`;
}

export function clock(iso: string): string {
	const at = new Date(iso);
	return [at.getHours(), at.getMinutes(), at.getSeconds()].map((n) => String(n).padStart(2, '0')).join(':');
}

/** Mbit/s as links are named: `10 Gbit/s`. */
export const linkSpeed = (mbit: number): string =>
	mbit >= 1000 ? `${Number((mbit / 1000).toFixed(1))} Gbit/s` : `${mbit} Mbit/s`;

/** `1 machine`, `3 machines`. */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
