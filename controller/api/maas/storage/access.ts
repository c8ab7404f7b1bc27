import {
	type Device,
	deviceName,
	type Group,
	type Partition,
	partitionOf,
	type Storage,
} from '../../../domain/storage/storage.ts';
import { checkOwnStorage } from '../../../flows/storageLayout.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Store } from '../../../store/store.ts';
import type { User } from '../../../store/users.ts';
import { conflict, forbidden, notFound } from '../failures.ts';
import { checkEdit, findNode, idIn } from '../rights.ts';

/** What paths below `nodes/{system_id}/` name, and who may change it when. Everybody who is signed in may read. */

export function storageOf(store: Store, systemId: string): Storage {
	const node = findNode(store, systemId);
	return store.storage.of([node.id]).get(node.id) as Storage;
}

/** The layout of disks is administrators' (the literals say so), and only while the machine is Ready. */
export function layoutNode(store: Store, systemId: string, what: string): Node {
	const node = findNode(store, systemId, 'machine');
	if (node.status !== 'ready') throw conflict(`Cannot ${what} because the machine is not Ready.`);
	return node;
}

/** File systems are of who has the machine; while it is Ready, administrators lay them out. */
export function filesystemNode(store: Store, systemId: string, user: User, what: string): Node {
	const node = findNode(store, systemId, 'machine');
	checkEdit(user, node);
	checkOwnStorage(node, what);
	if (node.status === 'ready' && !user.isAdmin)
		throw forbidden(`Cannot ${what} because you don't have the permissions on the machine.`);
	return node;
}

/** By id or name. */
export function deviceIn(storage: Storage, word: string): Device {
	const device =
		storage.devices.find((each) => String(each.id) === word) ??
		storage.devices.find((each) => deviceName(storage, each) === word || each.name === word);
	if (!device) throw notFound('BlockDevice');
	return device;
}

export function partitionIn(storage: Storage, deviceWord: string, word: string): Partition {
	const device = deviceIn(storage, deviceWord);
	const partition = partitionOf(storage, idIn(word, 'Partition'));
	if (partition?.deviceId !== device.id) throw notFound('Partition');
	return partition;
}

const kindNames = { 'volume-group': 'VolumeGroup', raid: 'RAID', bcache: 'Bcache', 'vmfs-datastore': 'VMFS' } as const;

export function groupIn(storage: Storage, kind: Group['kind'], word: string): Group {
	const id = idIn(word, kindNames[kind]);
	const group = storage.groups.find((each) => each.kind === kind && each.id === id);
	if (!group) throw notFound(kindNames[kind]);
	return group;
}
