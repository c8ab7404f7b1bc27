import { bitsOf, type Family, formatIp, type Ip, type Network } from './ip.ts';
import { type Claim, gapsBetween, hostsOf, mergeClaims, type Range, sizeOf, type TakenRange } from './ranges.ts';

/** Everything that takes addresses of a subnet. */
export interface SubnetUse {
	readonly network: Network;
	/** unmanaged: only addresses in reserved ranges are this controller's to give */
	readonly managed: boolean;
	readonly gateway: Ip | null;
	readonly dnsServers: readonly Ip[];
	readonly ranges: readonly (Range & { readonly type: 'dynamic' | 'reserved' })[];
	/** of links, users and reservations for a card */
	readonly assigned: readonly bigint[];
	/** gateways of static routes */
	readonly routers: readonly bigint[];
	/** hosts that were heard of and belong to nobody */
	readonly neighbours: readonly bigint[];
}

/** All addresses that are taken, in order, with the reasons. */
export function reservedRanges(use: SubnetUse): TakenRange[] {
	return mergeClaims(claimsOf(use), hostsOf(use.network));
}

/** The rest: both together are all hosts of the subnet. */
export function unreservedRanges(use: SubnetUse): Range[] {
	return gapsBetween(reservedRanges(use), hostsOf(use.network));
}

/** The lowest address that may be given to a machine; `null` when the subnet is used up. */
export function freeAddress(use: SubnetUse): Ip | null {
	const hosts = hostsOf(use.network);
	if (use.managed) return atFirst(unreservedRanges(use), use.network.family);
	const mine = use.ranges.filter((range) => range.type === 'reserved');
	const taken = mergeClaims(
		claimsOf(use).filter(({ purpose }) => purpose !== 'reserved'),
		hosts,
	);
	return atFirst(
		mine.flatMap((range) => gapsBetween(taken, range)).filter((range) => range.first <= hosts.last),
		use.network.family,
	);
}

export interface Statistics {
	readonly available: bigint;
	readonly largestAvailable: bigint;
	readonly unavailable: bigint;
	readonly total: bigint;
	/** 0 … 1 */
	readonly usage: number;
	readonly hosts: Range;
}

export function statistics(use: SubnetUse): Statistics {
	const hosts = hostsOf(use.network);
	const free = unreservedRanges(use).map(sizeOf);
	const available = free.reduce((sum, size) => sum + size, 0n);
	const total = sizeOf(hosts);
	return {
		available,
		largestAvailable: free.reduce((most, size) => (size > most ? size : most), 0n),
		unavailable: total - available,
		total,
		// six digits: as a float the quotient of 2^64 addresses would be the same
		usage: Number(((total - available) * 1_000_000n) / total) / 1_000_000,
		hosts,
	};
}

/** Where people put routers: the first address, else the last one; `null` when neither is free or there is a gateway. */
export function suggestGateway(use: SubnetUse): Ip | null {
	if (use.gateway) return null;
	const hosts = hostsOf(use.network);
	// the first address of an IPv6 network means "any router here" (RFC 4291, 2.6.1)
	const first = use.network.family === 6 && hosts.last > hosts.first ? hosts.first + 1n : hosts.first;
	const taken = reservedRanges(use);
	const value = [first, hosts.last].find((each) => !taken.some((range) => range.first <= each && each <= range.last));
	return value === undefined ? null : { family: use.network.family, value };
}

/** The upper end of the largest gap: at most a quarter of the subnet and 4,096 addresses; `null` where less than two are free. */
export function suggestDynamicRange(use: SubnetUse): Range | null {
	const gateway = suggestGateway(use)?.value;
	const gaps = gapsBetween(
		mergeClaims(
			[...claimsOf(use), ...(gateway === undefined ? [] : [{ first: gateway, last: gateway, purpose: 'gateway-ip' }])],
			hostsOf(use.network),
		),
		hostsOf(use.network),
	);
	const largest = gaps.reduce<Range | null>((best, gap) => (best && sizeOf(best) >= sizeOf(gap) ? best : gap), null);
	if (!largest || sizeOf(largest) < 2n) return null;
	const quarter = sizeOf(hostsOf(use.network)) / 4n;
	const wanted = [quarter > 2n ? quarter : 2n, sizeOf(largest), 4096n].reduce((least, each) => (each < least ? each : least));
	return { first: largest.last - wanted + 1n, last: largest.last };
}

function claimsOf({ network, gateway, dnsServers, ranges, assigned, routers, neighbours }: SubnetUse): Claim[] {
	const one = (purpose: string) => (value: bigint) => ({ first: value, last: value, purpose });
	return [
		...protocolClaims(network),
		...(gateway ? [one('gateway-ip')(gateway.value)] : []),
		...dnsServers.filter((server) => server.family === network.family).map((server) => one('dns-server')(server.value)),
		...routers.map(one('gateway-ip')),
		...assigned.map(one('assigned-ip')),
		...neighbours.map(one('neighbour')),
		...ranges.map(({ first, last, type }) => ({ first, last, purpose: type })),
	];
}

/** IPv6: the subnet routers' anycast address, and in a /64 the numbers that people and MAAS give by hand (as MAAS has it). */
function protocolClaims({ family, first, prefix }: Network): Claim[] {
	if (family === 4 || prefix > bitsOf(6) - 2) return [];
	return [
		{ first, last: first, purpose: 'rfc-4291-2.6.1' },
		...(prefix === 64 ? [{ first: first + 1n, last: first + 0xffff_ffffn, purpose: 'reserved' }] : []),
	];
}

function atFirst(ranges: readonly Range[], family: Family): Ip | null {
	const [range] = ranges;
	return range ? { family, value: range.first } : null;
}

export const printRange = ({ first, last }: Range, family: Family) => ({
	start: formatIp({ family, value: first }),
	end: formatIp({ family, value: last }),
	num_addresses: Number(last - first + 1n),
});
