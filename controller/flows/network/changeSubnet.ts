import { cleanLine } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import { canonicalIp, formatNetwork, overlap, parseNetwork } from '../../domain/network/ip.ts';
import { checkNetworkName } from '../../domain/network/names.ts';
import type { PlanProblem } from '../../domain/network/subnetPlan.ts';
import { DEFAULT_FABRIC } from '../../store/network/fabrics.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import { DEFAULT_VLAN } from '../../store/network/vlans.ts';
import type { Store } from '../../store/store.ts';
import { mustHold, networkOf } from './subnetFacts.ts';

/** As it was sent: addresses may be written in any way. `gatewayIp` '' takes the gateway away. */
export interface SubnetChange {
	readonly cidr?: string | undefined;
	readonly name?: string | undefined;
	readonly description?: string | undefined;
	readonly vlanId?: number | undefined;
	readonly gatewayIp?: string | undefined;
	readonly dnsServers?: readonly string[] | undefined;
	readonly rdnsMode?: number | undefined;
	readonly allowDns?: boolean | undefined;
	readonly allowProxy?: boolean | undefined;
	readonly activeDiscovery?: boolean | undefined;
	readonly managed?: boolean | undefined;
	readonly disabledBootArchitectures?: readonly string[] | undefined;
}

/** Without a VLAN it is on the default one. Throws Refusal `bad-input` with its field; then nothing has changed. */
export function createSubnet(store: Store, change: SubnetChange & { readonly cidr: string }): Subnet {
	return store.transaction(() => {
		const cidr = readCidr(change.cidr);
		mustBeAlone(store, cidr, null);
		const subnet = store.network.subnets.insert({
			cidr,
			name: change.name ? checkNetworkName('Subnet', change.name) : cidr,
			vlanId: change.vlanId ?? DEFAULT_VLAN,
		});
		return applied(store, subnet, { ...change, name: undefined });
	});
}

/** A changed CIDR is held against everything that is in the subnet. */
export function updateSubnet(store: Store, subnet: Subnet, change: SubnetChange): Subnet {
	return store.transaction(() => {
		const vlan = store.network.vlans.byId(subnet.vlanId);
		const moves = change.vlanId !== undefined && change.vlanId !== subnet.vlanId;
		if (moves && vlan?.dhcpOn && hasDynamicRange(store, subnet))
			throw new Refusal('bad-input', 'DHCP is served from this subnet on its VLAN: turn it off before the subnet is moved.', {
				field: 'vlan',
			});
		return applied(store, subnet, change);
	});
}

/** One in use stays, unless `force`: then its links and reservations go with it. */
export function deleteSubnet(store: Store, subnet: Subnet, force: boolean): void {
	store.transaction(() => {
		const { vlans, addresses, subnets } = store.network;
		if (vlans.byId(subnet.vlanId)?.dhcpOn && hasDynamicRange(store, subnet))
			throw new Refusal(
				'bad-input',
				'Cannot delete a subnet that is actively servicing a dynamic IP range. (Delete the dynamic range or disable DHCP first.)',
			);
		const held = addresses.heldIn(subnet.id);
		if (held.length > 0 && !force) {
			const some = held.slice(0, 5).map(({ ip, holder }) => `${ip} by ${holder}`);
			throw new Refusal('bad-input', `Cannot delete a subnet whose addresses are in use: ${some.join(', ')}.`);
		}
		for (const { id } of addresses.inSubnet(subnet.id)) addresses.delete(id);
		subnets.delete(subnet.id);
	});
}

function applied(store: Store, subnet: Subnet, change: SubnetChange): Subnet {
	const { subnets, vlans } = store.network;
	const cidr = change.cidr === undefined ? subnet.cidr : readCidr(change.cidr);
	mustBeAlone(store, cidr, subnet.id);
	if (change.vlanId !== undefined && !vlans.byId(change.vlanId)) refuse('vlan', 'There is no such VLAN.');
	const { cidr: _cidr, name, gatewayIp, dnsServers, rdnsMode, ...rest } = change;
	if (rdnsMode !== undefined && ![0, 1, 2].includes(rdnsMode)) refuse('rdns_mode', 'Use 0, 1 or 2.');
	const plain = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
	subnets.update(subnet.id, {
		...plain,
		cidr,
		// one that was never named is called by its CIDR
		...(name ? { name: checkNetworkName('Subnet', name) } : subnet.name === subnet.cidr ? { name: cidr } : {}),
		...(gatewayIp === undefined ? {} : { gatewayIp: gatewayIp.trim() === '' ? null : readIp('gateway_ip', gatewayIp) }),
		...(dnsServers === undefined ? {} : { dnsServers: [...new Set(dnsServers.map((each) => readIp('dns_servers', each)))] }),
		...(rdnsMode === undefined ? {} : { rdnsMode }),
	});
	mustHold(store, subnet.id, (problem) => blamed(problem, change));
	return subnets.byId(subnet.id) as Subnet;
}

/** A range that no longer fits is the new CIDR's fault; one that now holds the gateway is the gateway's. */
const blamed = ({ subject }: PlanProblem, change: SubnetChange): string =>
	subject === 'gateway' || (subject === 'overlap' && change.gatewayIp !== undefined) ? 'gateway_ip' : 'cidr';

/** No address is in two subnets: who gets it would depend on who is asked. */
function mustBeAlone(store: Store, cidr: string, own: number | null): void {
	const network = networkOf({ cidr });
	for (const other of store.network.subnets.all()) {
		if (other.id === own) continue;
		if (other.cidr === cidr) refuse('cidr', 'Subnet with this Cidr already exists.');
		if (overlap(network, networkOf(other))) refuse('cidr', `${cidr} overlaps ${other.cidr} (${other.name}).`);
	}
}

export const hasDynamicRange = (store: Store, subnet: Subnet): boolean =>
	store.network.ranges.inSubnet(subnet.id).some((range) => range.type === 'dynamic');

function readCidr(text: string): string {
	const network = parseNetwork(text);
	if (!network) return refuse('cidr', `“${cleanLine(text)}” is not a network: write it as 192.0.2.0/24 or 2001:db8::/64.`);
	if (network.prefix === 0) return refuse('cidr', 'Prefix length must be greater than 0.');
	return formatNetwork(network);
}

function readIp(field: string, text: string): string {
	return canonicalIp(text) ?? refuse(field, `“${cleanLine(text)}” is not an IP address.`);
}

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}

/** Where a subnet goes that was created by fabric and tag instead of by VLAN. Throws Refusal `bad-input` with its field. */
export function vlanFor(store: Store, fabricId: number | undefined, vid: number | undefined): number | undefined {
	if (fabricId === undefined && vid === undefined) return undefined;
	const fabric = fabricId ?? DEFAULT_FABRIC;
	const found = store.network.vlans.inFabric(fabric).find((vlan) => vlan.vid === (vid ?? 0));
	return found?.id ?? refuse('vid', `No VLAN with vid ${vid ?? 0} exists in this fabric.`);
}
