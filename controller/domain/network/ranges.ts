import { bitsOf, lastOf, type Network } from './ip.ts';

/** Addresses from first to last, both included. */
export interface Range {
	readonly first: bigint;
	readonly last: bigint;
}
/** Why addresses are taken, in MAAS's words: `dynamic`, `reserved`, `assigned-ip`, `gateway-ip`, `dns-server`, … */
export interface Claim extends Range {
	readonly purpose: string;
}
/** Addresses that are all taken for the same reasons. */
export interface TakenRange extends Range {
	readonly purpose: readonly string[];
}

export const sizeOf = ({ first, last }: Range): bigint => last - first + 1n;

/** What a network can give to hosts: in IPv4 without its own address and its broadcast address, but all of a /31 and a /32 (RFC 3021). */
export function hostsOf(network: Network): Range {
	const whole = { first: network.first, last: lastOf(network) };
	if (network.family === 6 || bitsOf(4) - network.prefix < 2) return whole;
	return { first: whole.first + 1n, last: whole.last - 1n };
}

/** The claims without overlaps, in order: where some overlap, the reasons add up; neighbours with the same reasons become one. Cut to `within`. */
export function mergeClaims(claims: readonly Claim[], within: Range): TakenRange[] {
	const edges: { at: bigint; purpose: string; step: 1 | -1 }[] = [];
	for (const { first, last, purpose } of claims) {
		const [from, to] = [first < within.first ? within.first : first, last > within.last ? within.last : last];
		if (from > to) continue;
		edges.push({ at: from, purpose, step: 1 }, { at: to + 1n, purpose, step: -1 });
	}
	edges.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));

	const merged: { first: bigint; last: bigint; purpose: string[] }[] = [];
	const open = new Map<string, number>();
	for (const [index, edge] of edges.entries()) {
		const count = (open.get(edge.purpose) ?? 0) + edge.step;
		if (count === 0) open.delete(edge.purpose);
		else open.set(edge.purpose, count);
		const next = edges[index + 1];
		if (!next || next.at === edge.at || open.size === 0) continue;
		const purpose = [...open.keys()].sort();
		const before = merged.at(-1);
		if (before && before.last === edge.at - 1n && before.purpose.join() === purpose.join()) before.last = next.at - 1n;
		else merged.push({ first: edge.at, last: next.at - 1n, purpose });
	}
	return merged;
}

/** What lies between: `taken` is in order and without overlaps, and may reach beyond `within`. */
export function gapsBetween(taken: readonly Range[], within: Range): Range[] {
	const gaps: Range[] = [];
	let from = within.first;
	for (const { first, last } of taken) {
		if (first > within.last) break;
		if (first > from) gaps.push({ first: from, last: first - 1n });
		if (last + 1n > from) from = last + 1n;
	}
	if (from <= within.last) gaps.push({ first: from, last: within.last });
	return gaps;
}

/** The first pair that shares an address; `null` when there is none. */
export function findOverlap<Each extends Range>(ranges: readonly Each[]): readonly [Each, Each] | null {
	const sorted = ranges.toSorted((one, other) => (one.first < other.first ? -1 : one.first > other.first ? 1 : 0));
	for (const [at, range] of sorted.entries()) {
		const next = sorted[at + 1];
		if (next && next.first <= range.last) return [range, next];
	}
	return null;
}
