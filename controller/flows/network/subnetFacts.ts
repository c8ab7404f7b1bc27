import { Refusal } from '../../domain/errors.ts';
import { contains, type Ip, type Network, parseIp, parseNetwork } from '../../domain/network/ip.ts';
import { checkSubnet, type PlanProblem, type SubnetPlan } from '../../domain/network/subnetPlan.ts';
import type { SubnetUse } from '../../domain/network/subnetUse.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';

/** What the store says of one subnet, as the rules in `domain/network` want it: addresses as numbers. */

export const networkOf = (subnet: Pick<Subnet, 'cidr'>): Network => parseNetwork(subnet.cidr) as Network;

/** The smallest subnet that an address is in. */
export function subnetOf(store: Store, address: string): Subnet | undefined {
	const ip = parseIp(address);
	const holding = ip ? store.network.subnets.all().filter((subnet) => contains(networkOf(subnet), ip)) : [];
	return holding.toSorted((one, other) => networkOf(other).prefix - networkOf(one).prefix)[0];
}

const ipOf = (text: string) => parseIp(text) as Ip;

export function planOf(store: Store, subnet: Subnet): SubnetPlan {
	const { ranges, addresses, reservedIps, routes } = store.network;
	return {
		network: networkOf(subnet),
		gateway: subnet.gatewayIp === null ? null : ipOf(subnet.gatewayIp),
		ranges: ranges.inSubnet(subnet.id).map(({ id, type, startIp, endIp }) => ({
			...{ id, type },
			first: ipOf(startIp).value,
			last: ipOf(endIp).value,
		})),
		addresses: [
			...addresses.heldIn(subnet.id).map(({ ip, mac, holder }) => ({ ip: ipOf(ip), mac, who: holder })),
			...reservedIps.inSubnet(subnet.id).map(({ ip, mac }) => ({ ip: ipOf(ip), mac, who: `a reservation for ${mac}` })),
		],
		routers: routes.from(subnet.id).map(({ gatewayIp }) => ipOf(gatewayIp)),
	};
}

export function contentsOf(store: Store, subnet: Subnet): SubnetUse {
	const { network, gateway, ranges, addresses, routers } = planOf(store, subnet);
	return {
		...{ network, gateway, ranges },
		managed: subnet.managed,
		dnsServers: subnet.dnsServers.flatMap((server) => parseIp(server) ?? []),
		assigned: addresses.map(({ ip }) => ip.value),
		routers: routers.map(({ value }) => value),
		neighbours: store.network.addresses
			.neighbours()
			.flatMap((address) => parseIp(address) ?? [])
			.filter((ip) => contains(network, ip))
			.map(({ value }) => value),
	};
}

/**
 * Holds the subnet, as it is now within the running transaction, against all its rules. Throws Refusal `bad-input`; `fieldOf` names the
 * field that is to blame in the form that was sent.
 */
export function mustHold(store: Store, subnetId: number, fieldOf: (problem: PlanProblem) => string): void {
	const subnet = store.network.subnets.byId(subnetId);
	const problem = subnet && checkSubnet(planOf(store, subnet));
	if (problem) throw new Refusal('bad-input', problem.text, { field: fieldOf(problem) });
}
