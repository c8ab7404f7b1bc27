import type { Group } from '../../../domain/storage/storage.ts';
import { createGroup, deleteGroup, updateGroup } from '../../../domain/storage/volumeGroups.ts';
import { changeStorage } from '../../../flows/storageLayout.ts';
import type { Parts } from '../../parts.ts';
import { list, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { groupIn, layoutNode, storageOf } from './access.ts';
import { DATASTORE_PATH, datastoreObject } from './groupObject.ts';

const names = {
	name: text('Its name.', { max: 127 }),
	uuid: text('Its UUID; a new one is made unless it is said.', { max: 64 }),
};

export const vmfsDatastoresResource = resource({
	name: 'VmfsDatastoresHandler',
	path: 'nodes/{system_id}/vmfs-datastores/',
	doc: 'Datastores of VMware ESXi.',
	actions: {
		read: { doc: 'List them.', who: 'user' },
		create: {
			doc: 'Make a datastore of unused devices and partitions.',
			who: 'admin',
			parameters: {
				...names,
				name: required(names.name),
				block_devices: list('Block devices, by id or name.'),
				partitions: list('Partitions, by id.'),
			},
		},
	},
});

export const vmfsDatastoreResource = resource({
	name: 'VmfsDatastoreHandler',
	path: DATASTORE_PATH,
	also: ['nodes/{system_id}/vmfs-datastores/{id}/'],
	doc: 'One datastore.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		update: {
			doc: 'Rename it, add and remove extents.',
			who: 'admin',
			parameters: {
				...names,
				add_block_devices: list('Block devices to add, by id or name.'),
				add_partitions: list('Partitions to add, by id.'),
				remove_partitions: list('Partitions to remove, by id.'),
			},
		},
		delete: { doc: 'Delete it; its extents are unused again.', who: 'admin' },
	},
});

const KIND = 'vmfs-datastore';

export function vmfsDatastoreHandlers({ store }: Parts): Implemented[] {
	return [
		on(vmfsDatastoresResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return storage.groups.filter((group) => group.kind === KIND).map((group) => datastoreObject(storage, group));
			},
			create({ block_devices, ...wish }, { uri }) {
				const node = layoutNode(store, uri.system_id, 'create VMFS datastore');
				const after = changeStorage(store, node, (storage, fresh) =>
					createGroup(storage, KIND, { ...wish, devices: block_devices }, fresh),
				);
				return datastoreObject(after, after.groups.at(-1) as Group);
			},
		}),
		on(vmfsDatastoreResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return datastoreObject(storage, groupIn(storage, KIND, uri.id));
			},
			update({ add_block_devices, add_partitions, remove_partitions, ...names }, { uri }) {
				const node = layoutNode(store, uri.system_id, 'update VMFS datastore');
				const wish = {
					...names,
					...{ addDevices: add_block_devices, addPartitions: add_partitions, removePartitions: remove_partitions },
				};
				const after = changeStorage(store, node, (storage, fresh) =>
					updateGroup(storage, groupIn(storage, KIND, uri.id), wish, fresh),
				);
				return datastoreObject(after, groupIn(after, KIND, uri.id));
			},
			delete(_, { uri }) {
				const node = layoutNode(store, uri.system_id, 'delete VMFS datastore');
				changeStorage(store, node, (storage) => deleteGroup(storage, groupIn(storage, KIND, uri.id)));
				return Reply.nothing();
			},
		}),
	];
}
