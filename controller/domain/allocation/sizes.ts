/** Numbers in constraints, and sizes as people read them. */

/** A number that isn't negative, as Python's `float` reads it; `null` for anything else, infinity and NaN included. */
export function parseAmount(text: string): number | null {
	const number = /^\s*\+?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(text) ? Number(text) : Number.NaN;
	return Number.isFinite(number) ? number : null;
}

const UNITS: Readonly<Record<string, number>> = { M: 1, G: 1024, T: 1024 * 1024 };

/** MiB from `2048`, `2048.0` (MAAS), or `64G`, `512M`, `1.5TiB`; `null` for anything else. */
export function parseMemory(text: string): number | null {
	const parts = /^\s*([^A-Za-z]+?)\s*([MGT])(?:i?B)?\s*$/i.exec(text);
	const number = parseAmount(parts?.[1] ?? text);
	return number === null ? null : number * (UNITS[parts?.[2]?.toUpperCase() ?? 'M'] as number);
}

/** `64G`, `1.5G`, `512M`; whole tebibytes as `2T`. */
export function formatMemory(mebibytes: number): string {
	if (mebibytes >= 1024 ** 2 && mebibytes % 1024 ** 2 === 0) return `${mebibytes / 1024 ** 2}T`;
	return mebibytes < 1024 ? `${round(mebibytes)}M` : `${round(mebibytes / 1024)}G`;
}

/** Decimal, as disks are sold: `500 GB`, `0.5 GB`. */
export function formatDiskSize(bytes: number): string {
	return bytes >= 1e12 ? `${round(bytes / 1e12)} TB` : `${round(bytes / 1e9)} GB`;
}

const round = (value: number) => Math.round(value * 10) / 10;
