import type { Device, Fresh, Group, Storage } from '../../../domain/storage/storage.ts';
import {
	createGroup,
	createLogicalVolume,
	deleteGroup,
	deleteLogicalVolume,
	updateGroup,
} from '../../../domain/storage/volumeGroups.ts';
import { changeStorage } from '../../../flows/storageLayout.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { list, mandatory, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { deviceIn, groupIn, layoutNode, storageOf } from './access.ts';
import { bytes } from './bytes.ts';
import { deviceObject } from './deviceObject.ts';
import { VOLUME_GROUP_PATH, volumeGroupObject } from './groupObject.ts';

const name = text('Its name.', { max: 127 });
const uuid = text('Its UUID; a new one is made unless it is said.', { max: 64 });

export const volumeGroupsResource = resource({
	name: 'VolumeGroupsHandler',
	path: 'nodes/{system_id}/volume-groups/',
	doc: 'LVM volume groups of a machine.',
	actions: {
		read: { doc: 'List them.', who: 'user' },
		create: {
			doc: 'Make a volume group of unused devices and partitions.',
			who: 'admin',
			parameters: {
				name: required(name),
				uuid,
				block_devices: list('Block devices, by id or name.'),
				partitions: list('Partitions, by id.'),
			},
		},
	},
});

export const volumeGroupResource = resource({
	name: 'VolumeGroupHandler',
	path: VOLUME_GROUP_PATH,
	also: ['nodes/{system_id}/volume-groups/{id}/'],
	doc: 'One volume group.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		update: {
			doc: 'Rename it, add and remove members.',
			who: 'admin',
			parameters: {
				name,
				uuid,
				add_block_devices: list('Block devices to add, by id or name.'),
				remove_block_devices: list('Block devices to remove.'),
				add_partitions: list('Partitions to add, by id.'),
				remove_partitions: list('Partitions to remove.'),
			},
		},
		delete: { doc: 'Delete it, once it has no logical volumes.', who: 'admin' },
		create_logical_volume: {
			doc: 'Make a logical volume.',
			who: 'admin',
			parameters: {
				name: required(name),
				uuid,
				size: bytes('Bytes, rounded down to 4 MiB; all that is left unless it is said.'),
			},
		},
		delete_logical_volume: {
			doc: 'Delete a logical volume with all that is on it.',
			who: 'admin',
			parameters: { id: mandatory(text('The block device, by id or name.', { max: 255 })) },
		},
	},
});

const KIND = 'volume-group';

export function volumeGroupHandlers({ store }: Parts): Implemented[] {
	const change = (
		uri: { system_id: string; id: string },
		what: string,
		work: (storage: Storage, group: Group, fresh: Fresh) => Storage,
	) =>
		changeStorage(store, layoutNode(store, uri.system_id, what), (storage, fresh) =>
			work(storage, groupIn(storage, KIND, uri.id), fresh),
		);
	return [
		on(volumeGroupsResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return storage.groups.filter((group) => group.kind === KIND).map((group) => volumeGroupObject(storage, group));
			},
			create({ block_devices, ...wish }, { uri }) {
				const node = layoutNode(store, uri.system_id, 'create volume group');
				const after = changeStorage(store, node, (storage, fresh) =>
					createGroup(storage, KIND, { ...wish, devices: block_devices }, fresh),
				);
				return volumeGroupObject(after, after.groups.at(-1) as Group);
			},
		}),
		on(volumeGroupResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return volumeGroupObject(storage, groupIn(storage, KIND, uri.id));
			},
			update({ name, uuid, ...members }, { uri }) {
				const wish = {
					...{ name, uuid },
					...{ addDevices: members.add_block_devices, removeDevices: members.remove_block_devices },
					...{ addPartitions: members.add_partitions, removePartitions: members.remove_partitions },
				};
				const after = change(uri, 'update volume group', (storage, group, fresh) => updateGroup(storage, group, wish, fresh));
				return volumeGroupObject(after, groupIn(after, KIND, uri.id));
			},
			delete(_, { uri }) {
				change(uri, 'delete volume group', deleteGroup);
				return Reply.nothing();
			},
			create_logical_volume(wish, { uri }) {
				const after = change(uri, 'create logical volume', (storage, group, fresh) =>
					createLogicalVolume(storage, group, wish, fresh),
				);
				return deviceObject(after, after.devices.at(-1) as Device);
			},
			delete_logical_volume({ id }, { uri }) {
				change(uri, 'delete logical volume', (storage, group) => {
					const volume = deviceIn(storage, id);
					if (volume.groupId !== group.id) throw notFound('BlockDevice');
					return deleteLogicalVolume(storage, volume);
				});
				return Reply.nothing();
			},
		}),
	];
}
