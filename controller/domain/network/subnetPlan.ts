import { contains, formatIp, formatNetwork, type Ip, lastOf, type Network } from './ip.ts';
import { findOverlap, type Range } from './ranges.ts';

/** A subnet as it would be after a change: this is what is checked, whichever part was changed. */
export interface SubnetPlan {
	readonly network: Network;
	readonly gateway: Ip | null;
	readonly ranges: readonly (Range & { readonly id: number; readonly type: 'dynamic' | 'reserved' })[];
	/** `who` goes into the sentence: `node-1 (eth0)`, `a reservation for 52:54:…`; one card may have a link and a reservation */
	readonly addresses: readonly { readonly ip: Ip; readonly mac: string | null; readonly who: string }[];
	/** gateways of the static routes that begin here */
	readonly routers: readonly Ip[];
}

/** What is wrong with the plan; `subject` is the part that can't stay, `id` of a range. */
export interface PlanProblem {
	readonly subject: 'gateway' | 'range' | 'overlap' | 'address' | 'taken';
	readonly id?: number;
	readonly text: string;
}

/**
 * The rules that hold in every subnet at every moment: the gateway, each range and each address lie inside; ranges don't overlap;
 * none reaches the network's own or the broadcast address; what DHCP hands out (a dynamic range) is nobody's fixed address, nor the
 * gateway; no address is anybody's twice. Answers the first rule that is broken, `null` when all hold.
 */
export function checkSubnet(plan: SubnetPlan): PlanProblem | null {
	return gatewayProblem(plan) ?? rangeProblem(plan) ?? addressProblem(plan);
}

function gatewayProblem({ network, gateway }: SubnetPlan): PlanProblem | null {
	if (!gateway) return null;
	// a router may be known by its link-local address alone (RFC 4861, 4.2)
	const linkLocal = gateway.family === 6 && network.family === 6 && gateway.value >> 118n === 0xfe80n >> 6n;
	if (!contains(network, gateway) && !linkLocal) return { subject: 'gateway', text: 'Gateway IP must be within CIDR range.' };
	if (isEdge(network, gateway.value))
		return { subject: 'gateway', text: `${formatIp(gateway)} is ${edgeName(network, gateway.value)}.` };
	return null;
}

function rangeProblem({ network, gateway, ranges, addresses }: SubnetPlan): PlanProblem | null {
	const print = (value: bigint) => formatIp({ family: network.family, value });
	for (const { id, first, last, type } of ranges) {
		if (first > last) return { subject: 'range', id, text: 'End IP address must not be less than Start IP address.' };
		if (first < network.first || last > lastOf(network))
			return { subject: 'range', id, text: `IP addresses must be within subnet: ${formatNetwork(network)}.` };
		for (const edge of [network.first, lastOf(network)])
			if (isEdge(network, edge) && first <= edge && edge <= last)
				return { subject: 'range', id, text: `${print(edge)} is ${edgeName(network, edge)}, and no part of a range.` };
		if (type !== 'dynamic') continue;
		const within = (ip: Ip) => ip.family === network.family && first <= ip.value && ip.value <= last;
		const holder = addresses.find(({ ip }) => within(ip));
		const what =
			gateway && within(gateway)
				? `${formatIp(gateway)} is the gateway`
				: holder && `${formatIp(holder.ip)} is held by ${holder.who}`;
		if (what)
			return { subject: 'overlap', id, text: `Requested dynamic range conflicts with an existing IP address or range: ${what}.` };
	}
	const both = findOverlap(ranges);
	if (!both) return null;
	const [one, other] = both;
	const kind =
		one.type === 'dynamic' || other.type === 'dynamic'
			? 'dynamic range conflicts with an existing IP address or range'
			: 'reserved range conflicts with an existing range';
	return {
		subject: 'overlap',
		id: other.id,
		text: `Requested ${kind}: ${print(one.first)} to ${print(one.last)} and ${print(other.first)} to ${print(other.last)} overlap.`,
	};
}

function addressProblem({ network, addresses, routers }: SubnetPlan): PlanProblem | null {
	const seen = new Map<bigint, SubnetPlan['addresses'][number]>();
	for (const held of addresses) {
		const { ip, mac, who } = held;
		if (!contains(network, ip))
			return { subject: 'address', text: `${formatIp(ip)}, held by ${who}, lies outside ${formatNetwork(network)}.` };
		if (isEdge(network, ip.value))
			return { subject: 'address', text: `${formatIp(ip)}, held by ${who}, is ${edgeName(network, ip.value)}.` };
		const other = seen.get(ip.value);
		if (other && (mac === null || other.mac !== mac))
			return { subject: 'taken', text: `${formatIp(ip)} is held by ${other.who} and by ${who}.` };
		seen.set(ip.value, held);
	}
	const lost = routers.find((ip) => !contains(network, ip));
	if (lost)
		return {
			subject: 'address',
			text: `${formatIp(lost)}, the gateway of a static route, lies outside ${formatNetwork(network)}.`,
		};
	return null;
}

/** IPv4 networks of four addresses and more have two that no host can have. */
const isEdge = (network: Network, value: bigint) =>
	network.family === 4 && network.prefix < 31 && (value === network.first || value === lastOf(network));
const edgeName = (network: Network, value: bigint) =>
	value === network.first ? 'the network’s own address' : 'the broadcast address';
