import { Refusal } from '../../domain/errors.ts';
import { DEFAULT_FABRIC, type Fabric } from '../../store/network/fabrics.ts';
import type { Store } from '../../store/store.ts';
import { freeName } from './freeName.ts';

export interface FabricChange {
	readonly name?: string | undefined;
	readonly description?: string | undefined;
	readonly classType?: string | undefined;
}

/** With its untagged VLAN, as every fabric has one. Throws Refusal `bad-input` with its field. */
export function createFabric(store: Store, { name, description, classType }: FabricChange): Fabric {
	return store.transaction(() => {
		const wanted = name ? freeName('Fabric', name, store.network.fabrics.all(), null) : null;
		const fabric = store.network.fabrics.insert({
			name: wanted,
			description: description ?? '',
			classType: classType || null,
		});
		store.network.vlans.insert({ fabricId: fabric.id, vid: 0, name: 'untagged' });
		return fabric;
	});
}

export function updateFabric(store: Store, fabric: Fabric, { name, description, classType }: FabricChange): Fabric {
	return store.transaction(() => {
		const { fabrics } = store.network;
		fabrics.update(fabric.id, {
			...(name === undefined || name === fabric.name ? {} : { name: freeName('Fabric', name, fabrics.all(), fabric) }),
			...(description === undefined ? {} : { description }),
			...(classType === undefined ? {} : { classType: classType || null }),
		});
		return fabrics.byId(fabric.id) as Fabric;
	});
}

/** Only an empty one goes: without subnets, and without an interface on any of its VLANs. */
export function deleteFabric(store: Store, fabric: Fabric): void {
	store.transaction(() => {
		const { fabrics, vlans, subnets, interfaces } = store.network;
		const refuse = (text: string): never => {
			throw new Refusal('bad-input', text);
		};
		if (fabric.id === DEFAULT_FABRIC) refuse('This is the default Fabric, it cannot be deleted.');
		const mine = vlans.inFabric(fabric.id);
		const left = mine.flatMap((vlan) => subnets.onVlan(vlan.id));
		if (left.length > 0)
			refuse(`Can't delete fabric; the following subnets are still present: ${left.map(({ cidr }) => cidr).join(', ')}`);
		const connected = mine.flatMap((vlan) => interfaces.onVlan(vlan.id));
		if (connected.length > 0) {
			const names = connected.slice(0, 10).map(({ name, nodeId }) => `${name} on ${store.nodes.byId(nodeId)?.hostname ?? '?'}`);
			refuse(`Can't delete fabric; the following interfaces are still connected: ${names.join(', ')}`);
		}
		fabrics.delete(fabric.id);
	});
}
