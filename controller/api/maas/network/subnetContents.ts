import { contains, formatIp, parseIp } from '../../../domain/network/ip.ts';
import {
	printRange,
	reservedRanges,
	statistics,
	suggestDynamicRange,
	suggestGateway,
	unreservedRanges,
} from '../../../domain/network/subnetUse.ts';
import { contentsOf, networkOf } from '../../../flows/network/subnetFacts.ts';
import { ALLOC } from '../../../store/network/addresses.ts';
import type { Subnet } from '../../../store/network/subnets.ts';
import type { Store } from '../../../store/store.ts';
import { eventTime } from '../dates.ts';
import { byAddress } from './interfaceObject.ts';

/** What is in a subnet, in MAAS's forms (facts §2.9). */

export function subnetReserved(store: Store, subnet: Subnet) {
	const use = contentsOf(store, subnet);
	return reservedRanges(use).map((range) => ({ ...printRange(range, use.network.family), purpose: range.purpose }));
}

export function subnetUnreserved(store: Store, subnet: Subnet) {
	const use = contentsOf(store, subnet);
	return unreservedRanges(use).map((range) => printRange(range, use.network.family));
}

export function subnetStatistics(
	store: Store,
	subnet: Subnet,
	{ include_ranges, include_suggestions }: { include_ranges: boolean; include_suggestions: boolean },
) {
	const use = contentsOf(store, subnet);
	const { family } = use.network;
	const counted = statistics(use);
	const percent = (share: number) => `${Math.round(share * 100)}%`;
	const gateway = suggestGateway(use);
	const dynamic = suggestDynamicRange(use);
	return {
		num_available: Number(counted.available),
		largest_available: Number(counted.largestAvailable),
		num_unavailable: Number(counted.unavailable),
		total_addresses: Number(counted.total),
		usage: counted.usage,
		usage_string: percent(counted.usage),
		available_string: percent(1 - counted.usage),
		first_address: formatIp({ family, value: counted.hosts.first }),
		last_address: formatIp({ family, value: counted.hosts.last }),
		ip_version: family,
		...(include_ranges ? { ranges: allRanges(store, subnet) } : {}),
		...(include_suggestions
			? {
					suggested_gateway: gateway && formatIp(gateway),
					suggested_dynamic_range: dynamic && printRange(dynamic, family),
				}
			: {}),
	};
}

function allRanges(store: Store, subnet: Subnet) {
	const free = subnetUnreserved(store, subnet).map((range) => ({ ...range, purpose: ['unused'] }));
	return [...subnetReserved(store, subnet), ...free].sort((one, other) => byAddress(one.start, other.start));
}

/** Links, reservations of users, and leases that run now (alloc_type 5). */
export function subnetAddresses(store: Store, subnet: Subnet, shown: { readonly usernames: boolean; readonly nodes: boolean }) {
	const { addresses } = store.network;
	const held = addresses.inSubnetWithHolders(subnet.id);
	const linked = new Set(held.map(({ ip }) => ip));
	const leased = addresses.leasesWithHolders().filter(({ ip }) => !linked.has(ip) && isIn(subnet, ip));
	return [...held, ...leased]
		.sort((one, other) => byAddress(one.ip, other.ip))
		.map(({ ip, allocType, createdAt, updatedAt, username, node }) => ({
			ip,
			alloc_type: allocType,
			created: eventTime(createdAt),
			updated: eventTime(updatedAt),
			...(shown.usernames && username !== null ? { user: username } : {}),
			...(shown.nodes && node
				? {
						node_summary: {
							system_id: node.systemId,
							node_type: { machine: 0, device: 1, controller: 4 }[node.kind],
							fqdn: node.domain === null ? node.hostname : `${node.hostname}.${node.domain}`,
							hostname: node.hostname,
							is_container: node.kind === 'device' && node.hasParent,
							...(node.interface === null ? {} : { via: node.interface }),
						},
					}
				: {}),
		}));
}

function isIn(subnet: Subnet, address: string): boolean {
	const network = networkOf(subnet);
	const ip = parseIp(address);
	return ip !== null && contains(network, ip);
}

/** MAAS's names of the numbers, as `ipaddresses/` has them. */
export const ALLOC_NAMES: Readonly<Record<number, string>> = {
	[ALLOC.automatic]: 'Automatic',
	[ALLOC.sticky]: 'Sticky',
	[ALLOC.userReserved]: 'User reserved',
	[ALLOC.dhcp]: 'DHCP',
	[ALLOC.observed]: 'Observed',
};
