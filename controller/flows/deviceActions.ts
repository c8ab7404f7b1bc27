import type { Mac } from '../domain/address.ts';
import { hostnameProblem } from '../domain/dnsName.ts';
import { Refusal } from '../domain/errors.ts';
import type { Node, NodeChange } from '../store/nodes.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../store/users.ts';
import { freeHostname, freeSystemId } from './freeNames.ts';

export interface NewDevice extends Pick<NodeChange, 'description' | 'domainId' | 'parentId' | 'zoneId'> {
	/** '' or nothing: two words are made up */
	readonly hostname?: string | undefined;
	/** one interface each, in this order */
	readonly macs: readonly Mac[];
}

/**
 * What people and clients do with devices: things with an address that nobody deploys (switches, containers, Juju's virtual machines).
 * Everything is checked and done in one transaction. Throws Refusal `bad-input` with MAAS's name of the field.
 */
export interface DeviceActions {
	create(by: User, device: NewDevice): Node;
	update(device: Node, change: NodeChange): Node;
	delete(device: Node, by: User): void;
	/** No addresses and nothing built on its cards, as it was when it was made. */
	restoreNetworking(device: Node): void;
}

export function createDeviceActions(store: Store, now: () => Date): DeviceActions {
	const checkHostname = (hostname: string, own: Node | null) => {
		const problem = hostnameProblem(hostname);
		if (problem) throw new Refusal('bad-input', problem, { field: 'hostname' });
		if (hostname !== own?.hostname && store.machines.hostnameTaken(hostname))
			throw new Refusal('bad-input', 'Node with this Hostname already exists.', { field: 'hostname' });
	};
	const checkFree = (mac: Mac) => {
		const other = store.network.interfaces.byMac(mac);
		if (!other) return;
		const name = store.nodes.byId(other.nodeId)?.hostname;
		throw new Refusal('bad-input', `MAC address ${mac} already in use on ${name}.`, { field: 'mac_addresses' });
	};
	/** A device that hangs below itself would go with itself. */
	const checkParent = (device: Node, parentId: number) => {
		for (let above: Node | undefined = store.nodes.byId(parentId); above; above = parentOf(above))
			if (above.id === device.id)
				throw new Refusal('bad-input', 'A device can’t belong to itself or to what belongs to it.', { field: 'parent' });
	};
	const parentOf = (node: Node) => (node.parentId === null ? undefined : store.nodes.byId(node.parentId));

	return {
		create: (by, { hostname, macs, domainId, ...rest }) =>
			store.transaction(() => {
				if (hostname) checkHostname(hostname, null);
				macs.forEach(checkFree);
				const device = store.nodes.insert({
					kind: 'device',
					systemId: freeSystemId(store),
					hostname: hostname || freeHostname(store),
					ownerId: by.id,
					domainId: domainId ?? store.domains.default().id,
					...rest,
					at: now().toISOString(),
				});
				for (const [at, mac] of macs.entries())
					store.network.interfaces.insert({ nodeId: device.id, type: 'physical', name: `eth${at}`, mac });
				store.events.append({ nodeId: device.id, kind: 'user', text: `Device ${device.hostname} was added`, by: by.username });
				return device;
			}),
		update: (device, change) =>
			store.transaction(() => {
				if (change.hostname !== undefined) checkHostname(change.hostname, device);
				if (typeof change.parentId === 'number') checkParent(device, change.parentId);
				return store.nodes.update(device.id, change);
			}),
		delete: (device, by) =>
			store.transaction(() => {
				store.nodes.delete(device.id);
				store.events.append({ kind: 'user', text: `Device ${device.hostname} was deleted`, by: by.username });
			}),
		restoreNetworking: (device) =>
			store.transaction(() => {
				const { interfaces, addresses } = store.network;
				for (const { id, type } of interfaces.ofNodes([device.id])) {
					if (type !== 'physical') interfaces.delete(id);
					else for (const address of addresses.ofInterface(id)) addresses.delete(address.id);
				}
			}),
	};
}

/** The devices of a machine that is released go with its owner's work; within the transaction of the release. */
export function deleteDevicesOf(store: Store, machineId: number): void {
	for (const device of store.nodes.childrenOf(machineId)) {
		store.nodes.delete(device.id);
		store.events.append({ nodeId: machineId, kind: 'user', text: `Device ${device.hostname} went with the release` });
	}
}
