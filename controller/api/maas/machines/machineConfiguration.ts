import type { Machine } from '../../../domain/machine.ts';
import { cacheModes } from '../../../domain/storage/storage.ts';
import { placeInterfaces, setDefaultLinks } from '../../../flows/network/machineLinks.ts';
import {
	mountSpecialFilesystem,
	restoreStorage,
	setStorageLayout,
	unmountSpecialFilesystem,
} from '../../../flows/storageLayout.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { conflict, notFound, unfit } from '../failures.ts';
import type { HandlersOf } from '../resource.ts';
import { filesystemNode } from '../storage/access.ts';
import type { machineResource } from './machine.ts';
import { oneMachine } from './oneMachine.ts';

/** How a machine's disks and default routes are configured. */
export function machineConfiguration(parts: Parts) {
	const { store } = parts;
	const { find, editable, shown } = oneMachine(parts);
	const nodeOf = (machine: Machine): Node => {
		if (machine.locked) throw conflict('Machine is locked.');
		const node = store.nodes.byId(machine.id);
		if (!node) throw notFound('Machine');
		return node;
	};
	return {
		set_storage_layout(input, { uri }) {
			const machine = find(uri);
			setStorageLayout(store, nodeOf(machine), input.storage_layout, {
				bootSize: input.boot_size || undefined,
				rootSize: input.root_size || undefined,
				rootDevice: diskId('root_device', input.root_device),
				vgName: input.vg_name || undefined,
				lvName: input.lv_name || undefined,
				lvSize: input.lv_size || undefined,
				cacheDevice: diskId('cache_device', input.cache_device),
				cacheMode: oneOf('cache_mode', input.cache_mode, cacheModes),
				cacheSize: input.cache_size || undefined,
				cacheNoPart: input.cache_no_part,
			});
			return shown(machine);
		},
		mount_special(input, { uri, user }) {
			const machine = editable(uri, user);
			filesystemNode(store, uri.system_id, user, 'mount special filesystem');
			mountSpecialFilesystem(store, nodeOf(machine), {
				fstype: input.fstype,
				mountPoint: input.mount_point,
				mountOptions: input.mount_options || input.mount_option || undefined,
			});
			return shown(machine);
		},
		unmount_special(input, { uri, user }) {
			const machine = editable(uri, user);
			filesystemNode(store, uri.system_id, user, 'unmount special filesystem');
			unmountSpecialFilesystem(store, nodeOf(machine), input.mount_point);
			return shown(machine);
		},
		clear_default_gateways(_, { uri }) {
			const machine = find(uri);
			store.network.gateways.clear(machine.id);
			store.machines.touched(machine.id);
			return shown(machine);
		},
		restore_networking_configuration(_, { uri }) {
			const machine = find(uri);
			restoreNetwork(store, nodeOf(machine));
			return shown(machine);
		},
		restore_storage_configuration(_, { uri }) {
			const machine = find(uri);
			restoreStorage(store, nodeOf(machine));
			return shown(machine);
		},
		restore_default_configuration(_, { uri }) {
			const machine = find(uri);
			store.transaction(() => {
				restoreNetwork(store, nodeOf(machine));
				restoreStorage(store, nodeOf(machine));
			});
			return shown(machine);
		},
	} satisfies Partial<HandlersOf<typeof machineResource>>;
}

/** As after commissioning, whatever has been made of it. */
function restoreNetwork(store: Parts['store'], node: Node): void {
	if (node.status !== 'ready' && node.status !== 'failed_testing')
		throw conflict('Machine must be in a ready or failed testing state to restore its networking configuration.');
	store.transaction(() => {
		placeInterfaces(store, node.id, true);
		setDefaultLinks(store, node.id);
	});
	store.machines.touched(node.id);
}

function oneOf<Word extends string>(field: string, sent: string | undefined, words: readonly Word[]): Word | undefined {
	if (!sent) return undefined;
	const found = words.find((word) => word === sent);
	if (found === undefined) throw unfit(field, `Select a valid choice: ${words.join(', ')}.`);
	return found;
}

/** MAAS takes ids here, and nothing else. */
function diskId(field: string, sent: string | undefined): number | undefined {
	if (!sent) return undefined;
	if (!/^\d{1,15}$/.test(sent)) throw unfit(field, 'Enter the id of one of the machine’s disks.');
	return Number(sent);
}
