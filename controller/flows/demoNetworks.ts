import { Refusal } from '../domain/errors.ts';
import type { Machine } from '../domain/machine.ts';
import type { Vlan } from '../store/network/vlans.ts';
import type { Store } from '../store/store.ts';
import { createFabric } from './network/changeFabric.ts';
import { createRange } from './network/changeRange.ts';
import { createSpace } from './network/changeSpace.ts';
import { createSubnet, updateSubnet } from './network/changeSubnet.ts';
import { createVlan } from './network/changeVlan.ts';
import { linkSubnet } from './network/linkSubnet.ts';

/** The network from which simulated machines boot; the others exist in the tables alone. */
export interface DemoBootNetwork {
	readonly cidr: string;
	readonly gateway: string;
	/** of the controller and the switches, below what machines are given */
	readonly kept: { readonly start: string; readonly end: string };
}

const others = [
	{ vid: 20, vlan: 'storage', cidr: '10.78.0.0/19', gateway: undefined, space: 'storage' },
	{ vid: 30, vlan: 'public', cidr: '198.51.100.0/24', gateway: '198.51.100.1', space: 'public' },
] as const;

/**
 * One fabric with the boot network untagged and two more VLANs, a subnet in each, and spaces. All or nothing; answers what stood in
 * the way: this computer may be in one of these networks itself.
 */
export function fillNetworks(store: Store, boot: DemoBootNetwork): 'filled' | { readonly problem: string } {
	try {
		store.transaction(() => fill(store, boot));
		return 'filled';
	} catch (error) {
		if (error instanceof Refusal) return { problem: error.message };
		throw error;
	}
}

function fill(store: Store, { cidr, gateway, kept }: DemoBootNetwork): void {
	const { subnets, vlans } = store.network;
	const spaceOf = new Map(['machines', 'storage', 'public'].map((name) => [name, createSpace(store, { name }).id]));
	// the controller may have found it on its own card already
	const found = subnets.all().find((subnet) => subnet.cidr === cidr);
	const home = found
		? (vlans.byId(found.vlanId) as Vlan)
		: (vlans.inFabric(createFabric(store, { name: 'demo', description: 'Switches of the demo rack' }).id)[0] as Vlan);
	const subnet = found ?? createSubnet(store, { cidr, vlanId: home.id });
	updateSubnet(store, subnet, { name: 'boot', gatewayIp: gateway, description: 'Machines boot and are deployed here' });
	vlans.update(home.id, { spaceId: spaceOf.get('machines') ?? null });
	createRange(store, {
		...{ type: 'reserved', startIp: kept.start, endIp: kept.end, subnet: null, userId: null },
		comment: 'Controller and switches',
	});
	for (const { vid, vlan, cidr: other, gateway: way, space } of others) {
		const made = createVlan(store, home.fabricId, { vid, name: vlan, spaceId: spaceOf.get(space) ?? null });
		createSubnet(store, { cidr: other, name: vlan, vlanId: made.id, gatewayIp: way });
	}
	createRange(store, {
		...{ type: 'reserved', startIp: '198.51.100.1', endIp: '198.51.100.9', subnet: null, userId: null },
		comment: 'Routers',
	});
}

/** What its other cables lead to, as an operator enters it: a plugged-in card to the storage network, a second port on board to the public one. */
export function plugIn(store: Store, { id, bootMac }: Pick<Machine, 'id' | 'bootMac'>): void {
	const { interfaces, subnets } = store.network;
	const named = (name: string) => subnets.all().find((subnet) => subnet.name === name);
	const [storage, open] = [named('storage'), named('public')];
	const cabled = interfaces.ofNodes([id]).filter((row) => row.type === 'physical' && row.linkConnected && row.mac !== bootMac);
	const plugged = cabled.find((row) => row.name.startsWith('ens'));
	const second = cabled.find((row) => row.name.startsWith('eno'));
	if (storage && plugged)
		linkSubnet(store, plugged, { mode: 'auto', subnet: storage, ipAddress: null, defaultGateway: false, force: true });
	if (open && second) interfaces.update(second.id, { vlanId: open.vlanId });
}
