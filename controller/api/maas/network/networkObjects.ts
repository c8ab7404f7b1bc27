import type { Fabric } from '../../../store/network/fabrics.ts';
import type { Space } from '../../../store/network/spaces.ts';
import type { Subnet } from '../../../store/network/subnets.ts';
import type { Vlan } from '../../../store/network/vlans.ts';
import type { Store } from '../../../store/store.ts';
import { uriOf } from '../resource.ts';

/** A VLAN's fabric and space are names; its `resource_uri` is by id, wherever it was found (facts §2.0). */
export interface VlanObject {
	readonly id: number;
	readonly vid: number;
	readonly name: string | null;
	readonly fabric: string;
	readonly fabric_id: number;
	readonly mtu: number;
	readonly dhcp_on: boolean;
	readonly external_dhcp: string | null;
	/** system ids */
	readonly primary_rack: string | null;
	readonly secondary_rack: string | null;
	readonly relay_vlan: VlanObject | null;
	readonly space: string;
	readonly resource_uri: string;
}
export type SubnetObject = ReturnType<typeof subnetObject>;
export type FabricObject = ReturnType<typeof fabricObject>;
export type SpaceObject = ReturnType<typeof spaceObject>;

/** Every network's object, by id. */
export interface NetworkObjects {
	readonly fabrics: ReadonlyMap<number, FabricObject>;
	readonly vlans: ReadonlyMap<number, VlanObject>;
	readonly subnets: ReadonlyMap<number, SubnetObject>;
	/** the pseudo space, id -1, comes last, and only while a VLAN is in no space */
	readonly spaces: ReadonlyMap<number, SpaceObject>;
}

/** MAAS's name for being in no space, and the id of what it shows for it. */
export const NO_SPACE = 'undefined';
export const NO_SPACE_ID = -1;

/** All of them at once, in five statements: they are parts of each other. */
export function networkObjects({ network, nodes }: Store): NetworkObjects {
	const fabrics = network.fabrics.all();
	const spaces = network.spaces.all();
	const rows = network.vlans.all();
	const fabricNames = new Map(fabrics.map(({ id, name }) => [id, name]));
	const spaceNames = new Map(spaces.map(({ id, name }) => [id, name]));
	const racks = new Map(nodes.all('controller').map(({ id, systemId }) => [id, systemId]));

	const plain = (vlan: Vlan): VlanObject => ({
		id: vlan.id,
		vid: vlan.vid,
		name: vlan.name,
		fabric: fabricNames.get(vlan.fabricId) ?? '',
		fabric_id: vlan.fabricId,
		mtu: vlan.mtu,
		dhcp_on: vlan.dhcpOn,
		external_dhcp: vlan.externalDhcp,
		primary_rack: racks.get(vlan.primaryRackId ?? -1) ?? null,
		secondary_rack: racks.get(vlan.secondaryRackId ?? -1) ?? null,
		relay_vlan: null,
		space: spaceNames.get(vlan.spaceId ?? -1) ?? NO_SPACE,
		resource_uri: uriOf('vlans/{id}/', { id: vlan.id }),
	});
	const vlans = new Map(rows.map((vlan) => [vlan.id, plain(vlan)]));
	const rowOf = new Map(rows.map((vlan) => [vlan.id, vlan]));
	for (const { id, relayVlanId } of rows) {
		const relay = rowOf.get(relayVlanId ?? -1);
		// one step only: relays may form a chain, or a ring
		if (relay) vlans.set(id, { ...(vlans.get(id) as VlanObject), relay_vlan: plain(relay) });
	}
	const subnets = new Map(
		network.subnets.all().map((subnet) => [subnet.id, subnetObject(subnet, vlans.get(subnet.vlanId) as VlanObject)]),
	);
	const inFabric = Map.groupBy(vlans.values(), (vlan) => vlan.fabric_id);
	const spaceOf = ({ id }: VlanObject) => rowOf.get(id)?.spaceId ?? NO_SPACE_ID;
	const vlansIn = Map.groupBy(vlans.values(), spaceOf);
	const subnetsIn = Map.groupBy(subnets.values(), (subnet) => spaceOf(subnet.vlan));
	const inSpace = (id: number) => ({ vlans: vlansIn.get(id) ?? [], subnets: subnetsIn.get(id) ?? [] });
	const homeless = inSpace(NO_SPACE_ID);
	return {
		vlans,
		subnets,
		fabrics: new Map(fabrics.map((fabric) => [fabric.id, fabricObject(fabric, inFabric.get(fabric.id) ?? [])])),
		spaces: new Map([
			...spaces.map((space) => [space.id, spaceObject(space, inSpace(space.id))] as const),
			...(homeless.vlans.length > 0 ? [[NO_SPACE_ID, spaceObject(noSpace, homeless)] as const] : []),
		]),
	};
}

const noSpace: Space = { id: NO_SPACE_ID, name: NO_SPACE, description: '' };

const fabricObject = (fabric: Fabric, vlans: readonly VlanObject[]) => ({
	id: fabric.id,
	name: fabric.name,
	description: fabric.description,
	class_type: fabric.classType,
	vlans,
	resource_uri: uriOf('fabrics/{id}/', { id: fabric.id }),
});

const spaceObject = (space: Space, { vlans, subnets }: { vlans: readonly VlanObject[]; subnets: readonly SubnetObject[] }) => ({
	id: space.id,
	name: space.name,
	description: space.description,
	vlans,
	subnets,
	resource_uri: uriOf('spaces/{id}/', { id: space.id === NO_SPACE_ID ? NO_SPACE : space.id }),
});

const subnetObject = (subnet: Subnet, vlan: VlanObject) => ({
	id: subnet.id,
	name: subnet.name,
	description: subnet.description,
	vlan,
	space: vlan.space,
	cidr: subnet.cidr,
	gateway_ip: subnet.gatewayIp,
	dns_servers: subnet.dnsServers,
	rdns_mode: subnet.rdnsMode,
	active_discovery: subnet.activeDiscovery,
	allow_dns: subnet.allowDns,
	allow_proxy: subnet.allowProxy,
	managed: subnet.managed,
	disabled_boot_architectures: subnet.disabledBootArchitectures,
	resource_uri: uriOf('subnets/{id}/', { id: subnet.id }),
});
