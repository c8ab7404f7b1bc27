/** Addresses of both families as numbers, so that ranges of either can be counted, compared and cut. Text is always canonical (RFC 5952). */

export type Family = 4 | 6;
export interface Ip {
	readonly family: Family;
	readonly value: bigint;
}
/** A network: its first address and its prefix length. */
export interface Network {
	readonly family: Family;
	readonly first: bigint;
	readonly prefix: number;
}

export const bitsOf = (family: Family): number => (family === 4 ? 32 : 128);

/** `null` for anything else than one whole address; zones (`fe80::1%eth0`) and leading zeros of IPv4 are refused. */
export function parseIp(text: string): Ip | null {
	const value = text.includes(':') ? parseV6(text) : parseV4(text);
	return value === null ? null : { family: text.includes(':') ? 6 : 4, value };
}

export function formatIp({ family, value }: Ip): string {
	if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
	const groups = Array.from({ length: 8 }, (_, at) => ((value >> BigInt(112 - 16 * at)) & 0xffffn).toString(16));
	const gap = longestZeros(groups);
	if (gap === null) return groups.join(':');
	return `${groups.slice(0, gap.at).join(':')}::${groups.slice(gap.at + gap.length).join(':')}`;
}

/** The same address as everybody else writes it; `null` when it is none. */
export function canonicalIp(text: string): string | null {
	const ip = parseIp(text.trim());
	return ip && formatIp(ip);
}

/** `192.0.2.9/24` gives 192.0.2.0/24; `null` for anything else. */
export function parseNetwork(text: string): Network | null {
	const [address = '', bits = '', ...rest] = text.trim().split('/');
	const ip = parseIp(address);
	if (!ip || rest.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(bits)) return null;
	const prefix = Number(bits);
	const host = BigInt(bitsOf(ip.family) - prefix);
	return host < 0n ? null : { family: ip.family, first: (ip.value >> host) << host, prefix };
}

export const formatNetwork = ({ family, first, prefix }: Network): string => `${formatIp({ family, value: first })}/${prefix}`;

export const lastOf = ({ family, first, prefix }: Network): bigint => first + (1n << BigInt(bitsOf(family) - prefix)) - 1n;

export const contains = (network: Network, ip: Ip): boolean =>
	ip.family === network.family && ip.value >= network.first && ip.value <= lastOf(network);

export const overlap = (one: Network, other: Network): boolean =>
	one.family === other.family && one.first <= lastOf(other) && other.first <= lastOf(one);

/** IPv4 before IPv6, then by number. */
export function compareIp(one: Ip, other: Ip): number {
	if (one.family !== other.family) return one.family - other.family;
	return one.value < other.value ? -1 : one.value > other.value ? 1 : 0;
}

function parseV4(text: string): bigint | null {
	const parts = text.split('.');
	if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
	return parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
}

function parseV6(text: string): bigint | null {
	// the last 32 bits may be written as IPv4 (RFC 4291, 2.2)
	const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text);
	const tail = dotted ? parseV4(dotted[2] as string) : 0n;
	if (tail === null) return null;
	const hex = dotted ? `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}` : text;
	const halves = hex.split('::');
	if (halves.length > 2) return null;
	const [head = [], rest] = halves.map((half) => (half === '' ? [] : half.split(':')));
	const groups =
		rest === undefined ? head : [...head, ...Array<string>(Math.max(0, 8 - head.length - rest.length)).fill('0'), ...rest];
	// "::" stands for at least one group
	if (groups.length !== 8 || (rest !== undefined && head.length + rest.length > 7)) return null;
	if (!groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) return null;
	return groups.reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

/** The first of the longest runs of two or more zero groups (RFC 5952, 4.2). */
function longestZeros(groups: readonly string[]): { at: number; length: number } | null {
	let best: { at: number; length: number } | null = null;
	for (let at = 0; at < groups.length; at++) {
		let length = 0;
		while (groups[at + length] === '0') length++;
		if (length >= 2 && length > (best?.length ?? 0)) best = { at, length };
	}
	return best;
}
