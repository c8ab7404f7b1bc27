import { tagged, untagged } from '../../../domain/storage/devices.ts';
import { format, mount, unformat, unmount } from '../../../domain/storage/filesystems.ts';
import { createPartition, deletePartition } from '../../../domain/storage/partitions.ts';
import { type Fresh, type Partition, partitionCarrier, partitionsOn, type Storage } from '../../../domain/storage/storage.ts';
import { changeStorage } from '../../../flows/storageLayout.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { boolean, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { deviceIn, filesystemNode, layoutNode, partitionIn, storageOf } from './access.ts';
import { formatFields, mountFields } from './blockDevices.ts';
import { bytes } from './bytes.ts';
import { PARTITION_PATH, partitionObject } from './deviceObject.ts';

const tag = { tag: required(text('One word.', { max: 255 })) };

export const partitionsResource = resource({
	name: 'PartitionsHandler',
	path: 'nodes/{system_id}/blockdevices/{device_id}/partitions/',
	doc: 'Partitions of a block device.',
	actions: {
		read: { doc: 'List them.', who: 'user' },
		create: {
			doc: 'Add a partition, and a partition table where there is none.',
			who: 'admin',
			parameters: {
				size: bytes('Bytes, rounded down to 4 MiB; all that is left unless it is said.'),
				uuid: text('Its UUID; a new one is made unless it is said.', { max: 64 }),
				bootable: boolean('Firmware may boot from it.'),
			},
		},
	},
});

export const partitionResource = resource({
	name: 'PartitionHandler',
	path: PARTITION_PATH,
	also: ['nodes/{system_id}/blockdevices/{device_id}/partitions/{id}'],
	doc: 'One partition.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		delete: { doc: 'Delete it with its file system.', who: 'admin' },
		format: { doc: 'Put a file system on it.', who: 'editor', parameters: formatFields },
		unformat: { doc: 'Take its file system away.', who: 'editor' },
		mount: { doc: 'Say where its file system is mounted.', who: 'editor', parameters: mountFields },
		unmount: { doc: 'Don’t mount it.', who: 'editor' },
		add_tag: { doc: 'Give it a tag.', who: 'admin', parameters: tag },
		remove_tag: { doc: 'Take a tag away.', who: 'admin', parameters: tag },
	},
});

type Where = { readonly system_id: string; readonly device_id: string; readonly id: string };

export function partitionHandlers({ store }: Parts): Implemented[] {
	/** Answers the partition as it is afterwards. */
	const change = (node: Node, uri: Where, work: (storage: Storage, partition: Partition, fresh: Fresh) => Storage) => {
		const after = changeStorage(store, node, (storage, fresh) =>
			work(storage, partitionIn(storage, uri.device_id, uri.id), fresh),
		);
		return partitionObject(after, partitionIn(after, uri.device_id, uri.id));
	};
	const replaced = (storage: Storage, partition: Partition, by: Partition): Storage =>
		by === partition ? storage : { ...storage, partitions: storage.partitions.map((each) => (each === partition ? by : each)) };

	return [
		on(partitionsResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				const device = deviceIn(storage, uri.device_id);
				return partitionsOn(storage, device.id).map((partition) => partitionObject(storage, partition));
			},
			create(wish, { uri }) {
				const node = layoutNode(store, uri.system_id, 'create partition');
				const after = changeStorage(store, node, (storage, fresh) =>
					createPartition(storage, deviceIn(storage, uri.device_id), wish, fresh),
				);
				return partitionObject(after, after.partitions.at(-1) as Partition);
			},
		}),
		on(partitionResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return partitionObject(storage, partitionIn(storage, uri.device_id, uri.id));
			},
			delete(_, { uri }) {
				const node = layoutNode(store, uri.system_id, 'delete partition');
				changeStorage(store, node, (storage) => deletePartition(storage, partitionIn(storage, uri.device_id, uri.id)));
				return Reply.nothing();
			},
			format: (wish, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'format partition'), uri, (storage, { id }, fresh) =>
					format(storage, partitionCarrier(id), wish, fresh),
				),
			unformat: (_, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'unformat partition'), uri, (storage, { id }) =>
					unformat(storage, partitionCarrier(id)),
				),
			mount: ({ mount_point = '', mount_options }, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'mount partition'), uri, (storage, { id }) =>
					mount(storage, partitionCarrier(id), { mountPoint: mount_point, mountOptions: mount_options }),
				),
			unmount: (_, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'unmount partition'), uri, (storage, { id }) =>
					unmount(storage, partitionCarrier(id)),
				),
			add_tag: ({ tag }, { uri }) =>
				change(layoutNode(store, uri.system_id, 'tag partition'), uri, (storage, partition) =>
					replaced(storage, partition, tagged(partition, tag)),
				),
			remove_tag: ({ tag }, { uri }) =>
				change(layoutNode(store, uri.system_id, 'untag partition'), uri, (storage, partition) =>
					replaced(storage, partition, untagged(partition, tag)),
				),
		}),
	];
}
