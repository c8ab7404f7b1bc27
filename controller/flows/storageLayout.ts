import { cleanLine } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import { asObject } from '../domain/jsonFields.ts';
import type { LifecycleEvent } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import { parseResources } from '../domain/readInventory.ts';
import { acquire, giveBack } from '../domain/storage/acquired.ts';
import { readCustomLayout } from '../domain/storage/customLayout.ts';
import { deployableLayout } from '../domain/storage/deployable.ts';
import { setBootDisk } from '../domain/storage/devices.ts';
import { mountSpecial, unmountSpecial } from '../domain/storage/filesystems.ts';
import { layOutCustom } from '../domain/storage/layOutCustom.ts';
import {
	findCacheDisk,
	type LayoutName,
	type LayoutOptions,
	layOut,
	layoutNames,
	NoBootDisk,
} from '../domain/storage/layouts.ts';
import { cannot } from '../domain/storage/refuse.ts';
import { bootDisk, type Device, type Fresh, type SpecialType, type Storage } from '../domain/storage/storage.ts';
import type { Node } from '../store/nodes.ts';
import type { Store } from '../store/store.ts';

/** Changes that people make to a node's storage, all through here: what they have made, commissioning leaves as it is. */
export function changeStorage(
	store: Store,
	node: Pick<Node, 'id' | 'kind'>,
	work: (storage: Storage, fresh: Fresh) => Storage,
): Storage {
	const changed = store.storage.change(node.id, (storage, fresh) => {
		const after = work(storage, fresh);
		// who has the machine changes his copies alone
		return after === storage || after.acquired ? after : { ...after, laidOutBy: 'operator' };
	});
	if (node.kind === 'machine') store.machines.touched(node.id);
	return changed;
}

/**
 * MAAS's set_storage_layout: all disks anew. Throws Refusal: `conflict` when the machine is not Ready, `bad-input` with the option's
 * field, or with none and MAAS's sentence.
 */
export function setStorageLayout(store: Store, node: Node, layout: LayoutName, options: LayoutOptions = {}): Storage {
	if (node.status !== 'ready') throw new Refusal('conflict', 'Cannot change the storage layout on a machine that is not Ready.');
	return changeStorage(store, node, (storage, fresh) => laidOut(store, node.id, storage, layout, options, fresh));
}

/**
 * MAAS's set_boot_disk. The default layout that nobody has touched moves to the chosen disk, so that what is shown is what an image will
 * make of the machine; a layout that an operator has made stays where it is.
 */
export function chooseBootDisk(store: Store, node: Node, find: (storage: Storage) => Device): Storage {
	const chosen = store.storage.change(node.id, (storage, fresh) => {
		const after = setBootDisk(storage, find(storage));
		if (storage.laidOutBy !== 'default') return { ...after, laidOutBy: 'operator' };
		return defaultLayout(store, node.id, after, fresh);
	});
	store.machines.touched(node.id);
	return chosen;
}

function laidOut(
	store: Store,
	nodeId: number,
	storage: Storage,
	layout: LayoutName,
	options: LayoutOptions,
	fresh: Fresh,
): Storage {
	try {
		if (layout === 'custom') return layOutCustom(storage, readCustomLayout(storageExtra(store, nodeId)), fresh);
		return layOut(storage, layout, options, fresh);
	} catch (error) {
		if (error instanceof NoBootDisk)
			throw new Refusal('bad-input', 'Machine is missing a boot disk; no storage layout can be applied.');
		if (!(error instanceof Refusal) || (error.field !== undefined && error.field !== '__all__')) throw error;
		throw new Refusal('bad-input', `Failed to configure storage layout '${layout}': ${error.message}`);
	}
}

/** What a script of an operator has described while the machine was commissioned last: an object, or its text. */
function storageExtra(store: Store, nodeId: number): unknown {
	const result = store.results.latest(nodeId).findLast((each) => each.name === '50-maas-01-commissioning');
	const bytes = result && store.results.files(result.id).stdout;
	const resources = bytes ? parseResources(Buffer.from(bytes).toString('utf8')) : { problem: 'nothing' };
	const extra = 'value' in resources ? asObject(resources.value)['storage-extra'] : undefined;
	if (typeof extra !== 'string') return extra;
	try {
		return JSON.parse(extra);
	} catch (error) {
		throw cannot(`What its script described is no JSON: ${cleanLine((error as Error).message, 120)}`);
	}
}

/**
 * After commissioning: the layout of the configuration (`default_storage_layout`), as MAAS does it, unless an operator has laid out
 * these very disks otherwise. A machine that it doesn't fit keeps empty disks, and an event says why: it can still be deployed.
 */
export function applyDefaultLayout(store: Store, nodeId: number, { disksChanged }: { disksChanged: boolean }): void {
	store.storage.change(nodeId, (storage, fresh) => {
		if (storage.acquired || (storage.laidOutBy === 'operator' && !disksChanged)) return storage;
		return { ...defaultLayout(store, nodeId, storage, fresh), laidOutBy: 'default' };
	});
}

/** MAAS's restore_storage_configuration: as after commissioning, whatever an operator has made of it. */
export function restoreStorage(store: Store, node: Node): Storage {
	if (node.status !== 'ready' && node.status !== 'failed_testing')
		throw new Refusal('conflict', 'Machine must be in a ready or failed testing state to restore its storage configuration.');
	const restored = store.storage.change(node.id, (storage, fresh) => ({
		...defaultLayout(store, node.id, storage, fresh),
		laidOutBy: 'default',
	}));
	store.machines.touched(node.id);
	return restored;
}

function defaultLayout(store: Store, nodeId: number, storage: Storage, fresh: Fresh): Storage {
	const configured = layoutNames.find((name) => name === store.config.text('default_storage_layout')) ?? 'flat';
	const disk = bootDisk(storage);
	// MAAS takes flat where a machine has no disk for the cache
	const name = configured === 'bcache' && disk && !findCacheDisk(storage, disk, {}) ? 'flat' : configured;
	try {
		return laidOut(store, nodeId, storage, name, {}, fresh);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		if (disk)
			store.events.append({
				...{ nodeId, kind: 'inventory', level: 'warning' },
				text: `Its disks were left empty. ${error.message}`,
				nextStep: 'Set another storage layout; an image can be deployed without one.',
			});
		return layOut(storage, 'blank', {}, fresh);
	}
}

/** Ready: an administrator's, for everybody who gets the machine. Allocated: for who has it. */
export function mountSpecialFilesystem(
	store: Store,
	node: Node,
	wish: { fstype: SpecialType; mountPoint: string; mountOptions?: string | undefined },
): Storage {
	checkOwnStorage(node, 'mount the special filesystem');
	return changeStorage(store, node, (storage, fresh) => mountSpecial(storage, wish, fresh));
}

export function unmountSpecialFilesystem(store: Store, node: Node, mountPoint: string): Storage {
	checkOwnStorage(node, 'unmount the special filesystem');
	return changeStorage(store, node, (storage) => unmountSpecial(storage, mountPoint));
}

/** Throws unless the node is Ready or Allocated: then its file systems may change. */
export function checkOwnStorage(node: Pick<Node, 'status'>, what: string): void {
	if (node.status !== 'ready' && node.status !== 'allocated')
		throw new Refusal('conflict', `Cannot ${what} because the machine is not Ready or Allocated.`);
}

/** The disk that a deployment writes to. Throws Refusal `bad-input` when there is none, and when the layout is one that an image would ignore. */
export function diskToDeploy(store: Store, nodeId: number): Device {
	const storage = store.storage.of([nodeId]).get(nodeId);
	const layout = storage ? deployableLayout(storage) : ({ ok: false, text: 'The machine has been deleted.' } as const);
	if (!layout.ok) throw new Refusal('bad-input', layout.text);
	return layout.disk;
}

/** Within the transaction of a change of status: who gets a machine gets file systems of his own, and they go when he does. */
export function storageFollowsOwner(store: Store, machine: Machine, event: LifecycleEvent): void {
	if (event === 'allocate') store.storage.change(machine.id, acquire);
	else if (machine.ownerId === null && ['ready', 'new', 'broken'].includes(machine.status))
		store.storage.change(machine.id, giveBack);
}
