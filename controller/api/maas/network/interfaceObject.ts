import { defaultGateway, type GatewayChoice } from '../../../domain/network/defaultGateway.ts';
import { effectiveMtus } from '../../../domain/network/interfaceParams.ts';
import { compareIp, contains, type Ip, parseIp, parseNetwork } from '../../../domain/network/ip.ts';
import type { Address } from '../../../store/network/addresses.ts';
import type { Interface } from '../../../store/network/interfaces.ts';
import type { Store } from '../../../store/store.ts';
import { uriOf } from '../resource.ts';
import { type NetworkObjects, networkObjects, type SubnetObject, type VlanObject } from './networkObjects.ts';

/** gomaasapi takes a link without these keys, and none in which they are null (facts §2.22). */
export interface LinkObject {
	readonly id: number;
	readonly mode: string;
	readonly ip_address?: string;
	readonly subnet?: SubnetObject;
}
export interface InterfaceObject {
	readonly system_id: string;
	readonly id: number;
	readonly name: string;
	readonly type: string;
	readonly vlan: VlanObject | null;
	readonly mac_address: string;
	readonly parents: readonly string[];
	readonly children: readonly string[];
	readonly tags: readonly string[];
	readonly enabled: boolean;
	readonly links: readonly LinkObject[];
	readonly params: Readonly<Record<string, unknown>>;
	readonly discovered: readonly { readonly ip_address: string; readonly subnet: SubnetObject }[] | null;
	readonly effective_mtu: number;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly firmware_version: string | null;
	readonly link_connected: boolean;
	readonly interface_speed: number;
	readonly link_speed: number;
	readonly numa_node: number;
	readonly sriov_max_vf: number;
	readonly resource_uri: string;
}
export interface GatewaysObject {
	readonly ipv4: { readonly gateway_ip: string | null; readonly link_id: number | null };
	readonly ipv6: { readonly gateway_ip: string | null; readonly link_id: number | null };
}

/** What is read once of some nodes' cards, for all that is shown of them. */
export interface CardRows {
	readonly cards: readonly Interface[];
	readonly links: ReadonlyMap<number, readonly Address[]>;
	readonly leases: ReadonlyMap<string, readonly string[]>;
}
export const cardRows = ({ network, leases }: Store, nodeIds: readonly number[]): CardRows => ({
	cards: network.interfaces.ofNodes(nodeIds),
	links: network.addresses.linksOf(nodeIds),
	leases: leases.bound(),
});

/** The interfaces of any number of nodes of any kind, in the order of their ids, in a fixed number of statements. */
export function interfaceObjects(
	store: Store,
	nodeIds: readonly number[],
	{ cards, links, leases }: CardRows = cardRows(store, nodeIds),
): Map<number, InterfaceObject[]> {
	const objects = new Map<number, InterfaceObject[]>(nodeIds.map((id) => [id, []]));
	if (nodeIds.length === 0) return objects;
	const { interfaces } = store.network;
	const names = new Map(cards.map(({ id, name }) => [id, name]));
	const parents = new Map<number, string[]>();
	const children = new Map<number, string[]>();
	const parenthoods = interfaces.parenthoods(nodeIds);
	for (const { interfaceId, parentId } of parenthoods) {
		parents.set(interfaceId, [...(parents.get(interfaceId) ?? []), names.get(parentId) ?? '']);
		children.set(parentId, [...(children.get(parentId) ?? []), names.get(interfaceId) ?? '']);
	}
	const networks = networkObjects(store);
	const systemIds = interfaces.systemIds(nodeIds);
	const vlanOf = ({ vlanId }: Interface) => (vlanId !== null && networks.vlans.get(vlanId)) || null;
	const mtus = effectiveMtus(
		new Map(cards.map((row) => [row.id, Number(row.params.mtu ?? vlanOf(row)?.mtu ?? 1500)])),
		parenthoods,
	);
	for (const row of cards) {
		const leased = (row.mac && leases.get(row.mac)) || [];
		objects.get(row.nodeId)?.push(
			interfaceObject(row, {
				systemId: systemIds.get(row.nodeId) ?? '',
				parents: parents.get(row.id) ?? [],
				children: children.get(row.id) ?? [],
				links: (links.get(row.id) ?? []).map((link) => linkObject(link, networks, leased)),
				discovered: discoveredBy(leased, links.get(row.id) ?? [], networks),
				vlan: vlanOf(row),
				mtu: mtus.get(row.id) ?? 1500,
			}),
		);
	}
	return objects;
}

/** Every address that a node has from us: of its links, and what DHCP gave to its cards. */
export function ipAddressesOf(
	store: Store,
	nodeIds: readonly number[],
	{ cards, links, leases }: CardRows = cardRows(store, nodeIds),
): Map<number, string[]> {
	const found = new Map<number, string[]>(nodeIds.map((id) => [id, []]));
	for (const { id, nodeId, mac, type } of cards) {
		const mine = found.get(nodeId) as string[];
		const linked = (links.get(id) ?? []).flatMap(({ ip }) => ip ?? []);
		// a bridge has its card's MAC: the lease is the card's
		const leased = (type === 'physical' && mac && leases.get(mac)) || [];
		for (const ip of [...linked, ...leased]) if (!mine.includes(ip)) mine.push(ip);
	}
	return found;
}

/** Where each node's default routes go: what was chosen, else the best of its links. */
export function defaultGateways(
	store: Store,
	nodeIds: readonly number[],
	{ cards, links }: CardRows = cardRows(store, nodeIds),
): Map<number, GatewaysObject> {
	const { subnets, gateways } = store.network;
	const chosen = gateways.of(nodeIds);
	const withGateway = new Map(subnets.all().flatMap((subnet) => (subnet.gatewayIp === null ? [] : [[subnet.id, subnet]])));
	const choices = new Map<number, GatewayChoice[]>();
	for (const { id, nodeId, mac } of cards)
		for (const link of links.get(id) ?? []) {
			const subnet = withGateway.get(link.subnetId ?? -1);
			if (!subnet || link.mode === null || link.mode === 'link_up') continue;
			const { cidr, gatewayIp } = subnet as { cidr: string; gatewayIp: string };
			const onBootInterface = mac !== null && mac === chosen.get(nodeId)?.bootMac;
			const choice = { linkId: link.id, mode: link.mode, gatewayIp, cidr, onBootInterface };
			choices.set(nodeId, [...(choices.get(nodeId) ?? []), choice]);
		}
	const of = (nodeId: number, family: 4 | 6) => {
		const wanted = chosen.get(nodeId);
		const found = defaultGateway(choices.get(nodeId) ?? [], family, (family === 4 ? wanted?.ipv4 : wanted?.ipv6) ?? null);
		return { gateway_ip: found?.gatewayIp ?? null, link_id: found?.linkId ?? null };
	};
	return new Map(nodeIds.map((id) => [id, { ipv4: of(id, 4), ipv6: of(id, 6) }]));
}

interface Around {
	readonly systemId: string;
	readonly parents: readonly string[];
	readonly children: readonly string[];
	readonly links: readonly LinkObject[];
	readonly discovered: InterfaceObject['discovered'];
	readonly vlan: VlanObject | null;
	readonly mtu: number;
}

const interfaceObject = (row: Interface, { systemId, vlan, ...around }: Around): InterfaceObject => ({
	system_id: systemId,
	id: row.id,
	name: row.name,
	type: row.type,
	vlan,
	mac_address: row.mac ?? '',
	parents: around.parents,
	children: around.children,
	tags: row.tags,
	enabled: row.enabled,
	links: around.links,
	params: row.params,
	discovered: around.discovered,
	effective_mtu: around.mtu,
	vendor: row.vendor,
	product: row.product,
	firmware_version: row.firmwareVersion,
	// a cable that nobody has looked for counts as plugged in, as in MAAS
	link_connected: row.linkConnected ?? true,
	interface_speed: row.interfaceSpeed ?? row.linkSpeed ?? 0,
	link_speed: row.linkSpeed ?? 0,
	numa_node: row.numaNode ?? 0,
	sriov_max_vf: row.sriovMaxVf,
	resource_uri: uriOf('nodes/{system_id}/interfaces/{id}/', { system_id: systemId, id: row.id }),
});

function linkObject(link: Address, { subnets }: NetworkObjects, leased: readonly string[]): LinkObject {
	const subnet = link.subnetId === null ? undefined : subnets.get(link.subnetId);
	const ip = link.ip ?? (link.mode === 'dhcp' && subnet ? leased.find((each) => isIn(subnet, each)) : undefined);
	return {
		id: link.id,
		mode: link.mode ?? 'static',
		...(ip ? { ip_address: ip } : {}),
		...(subnet ? { subnet } : {}),
	};
}

/** What DHCP gave to a card that has no address of its own. */
function discoveredBy(
	leased: readonly string[],
	links: readonly Address[],
	{ subnets }: NetworkObjects,
): InterfaceObject['discovered'] {
	if (links.some(({ ip }) => ip !== null)) return null;
	const found = leased.flatMap((ip) => {
		const subnet = [...subnets.values()].find((each) => isIn(each, ip));
		return subnet ? [{ ip_address: ip, subnet }] : [];
	});
	return found.length === 0 ? null : found;
}

function isIn(subnet: { readonly cidr: string }, address: string): boolean {
	const [network, ip] = [parseNetwork(subnet.cidr), parseIp(address)];
	return network !== null && ip !== null && contains(network, ip);
}

/** In the order of numbers, not of letters. */
export const byAddress = (one: string, other: string): number => compareIp(parseIp(one) as Ip, parseIp(other) as Ip);
