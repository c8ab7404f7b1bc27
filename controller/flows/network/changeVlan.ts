import { Refusal } from '../../domain/errors.ts';
import { checkNetworkName } from '../../domain/network/names.ts';
import type { Vlan } from '../../store/network/vlans.ts';
import type { Store } from '../../store/store.ts';

/** `null` clears; racks by system id, the relay by VLAN id. Switching DHCP is `serveVlan.ts`'s. */
export interface VlanChange {
	readonly name?: string | undefined;
	readonly description?: string | undefined;
	readonly vid?: number | undefined;
	readonly mtu?: number | undefined;
	readonly spaceId?: number | null | undefined;
	readonly primaryRackId?: number | null | undefined;
	readonly secondaryRackId?: number | null | undefined;
	readonly relayVlanId?: number | null | undefined;
}

export function createVlan(store: Store, fabricId: number, change: VlanChange & { readonly vid: number }): Vlan {
	return store.transaction(() => {
		const { vlans } = store.network;
		const vlan = vlans.insert({ fabricId, vid: freeVid(store, fabricId, change.vid, null), name: null });
		return updateVlan(store, vlan, change);
	});
}

/** Throws Refusal `bad-input` with its field. */
export function updateVlan(store: Store, vlan: Vlan, change: VlanChange): Vlan {
	return store.transaction(() => {
		const { name, vid, relayVlanId, primaryRackId, secondaryRackId, ...rest } = change;
		const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
		if (vid !== undefined && vid !== vlan.vid && isDefault(store, vlan))
			refuse('vid', 'The default VLAN of a fabric is untagged: its VID cannot be changed.');
		if (relayVlanId === vlan.id) refuse('relay_vlan', 'A VLAN can’t be its own relay.');
		if (relayVlanId && vlan.dhcpOn) refuse('relay_vlan', "'relay_vlan' cannot be set when dhcp is on.");
		for (const [field, rackId] of [
			['primary_rack', primaryRackId],
			['secondary_rack', secondaryRackId],
		] as const)
			if (rackId && !reaches(store, rackId, vlan.id)) refuse(field, 'This rack controller has no interface on this VLAN.');
		const primary = primaryRackId === undefined ? vlan.primaryRackId : primaryRackId;
		const secondary = secondaryRackId === undefined ? vlan.secondaryRackId : secondaryRackId;
		if (secondary !== null && secondary === primary)
			refuse('secondary_rack', 'The primary and secondary rack must be different.');
		if (primary === null && vlan.dhcpOn)
			refuse('primary_rack', 'dhcp can only be turned on when a primary rack controller is set.');
		store.network.vlans.update(vlan.id, {
			...given,
			...(vid === undefined ? {} : { vid: freeVid(store, vlan.fabricId, vid, vlan.id) }),
			...(name === undefined ? {} : { name: name === '' ? null : checkNetworkName('VLAN', name) }),
			...(relayVlanId === undefined ? {} : { relayVlanId }),
			...(primaryRackId === undefined ? {} : { primaryRackId }),
			...(secondaryRackId === undefined ? {} : { secondaryRackId }),
		});
		return store.network.vlans.byId(vlan.id) as Vlan;
	});
}

/** What is on it goes to the untagged VLAN of its fabric, as in MAAS; interfaces that were made for its tag go with it. */
export function deleteVlan(store: Store, vlan: Vlan): void {
	store.transaction(() => {
		const { vlans, subnets, interfaces } = store.network;
		const home = vlans.inFabric(vlan.fabricId).find((each) => isDefault(store, each)) as Vlan;
		if (home.id === vlan.id) throw new Refusal('bad-input', 'This VLAN is the default VLAN in the fabric, it cannot be deleted.');
		if (vlan.dhcpOn) throw new Refusal('bad-input', 'DHCP is on in this VLAN: turn it off first.');
		for (const subnet of subnets.onVlan(vlan.id)) subnets.update(subnet.id, { vlanId: home.id });
		for (const { id, type } of interfaces.onVlan(vlan.id))
			if (type === 'vlan') interfaces.delete(id);
			else interfaces.update(id, { vlanId: home.id });
		vlans.delete(vlan.id);
	});
}

/** The oldest VLAN of a fabric is its default one. */
export function isDefault(store: Store, vlan: Vlan): boolean {
	return store.network.vlans.inFabric(vlan.fabricId).every((other) => other.id >= vlan.id);
}

/** A controller serves where it has an interface. */
export const reaches = (store: Store, controllerId: number, vlanId: number): boolean =>
	store.network.interfaces.onVlan(vlanId).some((each) => each.nodeId === controllerId);

function freeVid(store: Store, fabricId: number, vid: number, own: number | null): number {
	if (vid < 0 || vid > 4094) refuse('vid', 'VLAN ID must be between 0 and 4094.');
	if (store.network.vlans.inFabric(fabricId).some((vlan) => vlan.vid === vid && vlan.id !== own))
		refuse('vid', 'A VLAN with the specified VID already exists in the destination fabric.');
	return vid;
}

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
