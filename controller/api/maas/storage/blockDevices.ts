import { createDevice, deleteDevice, tagged, untagged, updateDevice } from '../../../domain/storage/devices.ts';
import { format, mount, unformat, unmount } from '../../../domain/storage/filesystems.ts';
import { type Device, deviceCarrier, type Fresh, mountableTypes, type Storage } from '../../../domain/storage/storage.ts';
import { changeStorage, chooseBootDisk } from '../../../flows/storageLayout.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { conflict } from '../failures.ts';
import { choice, integer, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { findNode } from '../rights.ts';
import { deviceIn, filesystemNode, layoutNode, storageOf } from './access.ts';
import { bytes } from './bytes.ts';
import { DEVICE_PATH, DEVICES_PATH, deviceObject } from './deviceObject.ts';

const fields = {
	name: text('The kernel’s name: sda, nvme0n1.', { max: 127 }),
	model: text('Its model.', { max: 255 }),
	serial: text('Its serial number; with the model it is recognised by it.', { max: 255 }),
	id_path: text('Its path below /dev/disk/by-id, where it has no serial number.', { max: 255 }),
	size: bytes('Its size in bytes.'),
	block_size: integer('Bytes of one block: 512 or 4096.', { max: 2 ** 30 }),
	firmware_version: text('Its firmware.', { max: 255 }),
};
const virtualFields = { uuid: text('Of a virtual device: its UUID.', { max: 64 }) };
const tag = { tag: required(text('One word.', { max: 255 })) };

/** Partitions have the same. */
export const formatFields = {
	fstype: required(choice('The kind of file system.', mountableTypes)),
	uuid: text('Its UUID; a new one is made unless it is said.', { max: 64 }),
	label: text('Its label.', { max: 255 }),
};
export const mountFields = {
	mount_point: text('Where it is mounted: an absolute path. Swap has none.', { max: 1024 }),
	mount_options: text('Options for /etc/fstab, with commas between them.', { max: 1024 }),
};

export const blockDevicesResource = resource({
	name: 'BlockDevicesHandler',
	path: DEVICES_PATH,
	doc: 'Disks of a machine, and the virtual devices made of them.',
	actions: {
		read: { doc: 'List them, the physical ones first.', who: 'user' },
		create: {
			doc: 'Add a disk that commissioning didn’t find.',
			who: 'admin',
			parameters: {
				...fields,
				name: required(fields.name),
				size: required(fields.size),
				block_size: required(fields.block_size),
			},
		},
	},
});

export const blockDeviceResource = resource({
	name: 'BlockDeviceHandler',
	path: DEVICE_PATH,
	doc: 'One block device, by id or name.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		update: {
			doc: 'Change it. Of a deployed machine only what it is called.',
			who: 'admin',
			parameters: { ...fields, ...virtualFields },
		},
		delete: { doc: 'Delete it with all that is on it.', who: 'admin' },
		add_tag: { doc: 'Give it a tag.', who: 'admin', parameters: tag },
		remove_tag: { doc: 'Take a tag away.', who: 'admin', parameters: tag },
		format: { doc: 'Put a file system on all of it.', who: 'editor', parameters: formatFields },
		unformat: { doc: 'Take its file system away.', who: 'editor' },
		mount: { doc: 'Say where its file system is mounted.', who: 'editor', parameters: mountFields },
		unmount: { doc: 'Don’t mount it.', who: 'editor' },
		set_boot_disk: { doc: 'Boot from this disk, and deploy to it.', who: 'admin' },
	},
});

export function blockDeviceHandlers({ store }: Parts): Implemented[] {
	/** Answers the device as it is afterwards. */
	const change = (node: Node, word: string, work: (storage: Storage, device: Device, fresh: Fresh) => Storage) => {
		let id = 0;
		const after = changeStorage(store, node, (storage, fresh) => {
			const device = deviceIn(storage, word);
			id = device.id;
			return work(storage, device, fresh);
		});
		return deviceObject(after, deviceIn(after, String(id)));
	};
	const replaced = (storage: Storage, device: Device, by: Device): Storage =>
		by === device ? storage : { ...storage, devices: storage.devices.map((each) => (each === device ? by : each)) };

	return [
		on(blockDevicesResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return storage.devices
					.toSorted((a, b) => Number(a.type === 'virtual') - Number(b.type === 'virtual') || a.id - b.id)
					.map((device) => deviceObject(storage, device));
			},
			create({ id_path, block_size, firmware_version, ...wish }, { uri }) {
				const node = findNode(store, uri.system_id, 'machine');
				if (!['new', 'ready', 'broken', 'failed_testing', 'failed_commissioning'].includes(node.status))
					throw conflict('Cannot create block device because the machine is not Ready.');
				const given = { ...wish, idPath: id_path, blockSize: block_size, firmwareVersion: firmware_version };
				const after = changeStorage(store, node, (storage, fresh) => createDevice(storage, given, fresh));
				return deviceObject(after, after.devices.at(-1) as Device);
			},
		}),
		on(blockDeviceResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return deviceObject(storage, deviceIn(storage, uri.id));
			},
			update({ id_path, size, block_size, firmware_version, uuid, ...names }, { uri }) {
				const node = findNode(store, uri.system_id, 'machine');
				const deployed = node.status === 'deployed';
				if (!deployed) layoutNode(store, uri.system_id, 'update block device');
				const named = { ...names, idPath: id_path, firmwareVersion: firmware_version };
				const wish = deployed ? named : { ...named, size, blockSize: block_size, uuid };
				return change(node, uri.id, (storage, device, fresh) => updateDevice(storage, device, wish, fresh));
			},
			delete(_, { uri }) {
				const node = layoutNode(store, uri.system_id, 'delete block device');
				changeStorage(store, node, (storage) => deleteDevice(storage, deviceIn(storage, uri.id)));
				return Reply.nothing();
			},
			add_tag: ({ tag }, { uri }) =>
				change(layoutNode(store, uri.system_id, 'tag block device'), uri.id, (storage, device) =>
					replaced(storage, device, tagged(device, tag)),
				),
			remove_tag: ({ tag }, { uri }) =>
				change(layoutNode(store, uri.system_id, 'untag block device'), uri.id, (storage, device) =>
					replaced(storage, device, untagged(device, tag)),
				),
			format: (wish, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'format block device'), uri.id, (storage, device, fresh) =>
					format(storage, deviceCarrier(device.id), wish, fresh),
				),
			unformat: (_, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'unformat block device'), uri.id, (storage, device) =>
					unformat(storage, deviceCarrier(device.id)),
				),
			mount: ({ mount_point = '', mount_options }, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'mount block device'), uri.id, (storage, device) =>
					mount(storage, deviceCarrier(device.id), { mountPoint: mount_point, mountOptions: mount_options }),
				),
			unmount: (_, { uri, user }) =>
				change(filesystemNode(store, uri.system_id, user, 'unmount block device'), uri.id, (storage, device) =>
					unmount(storage, deviceCarrier(device.id)),
				),
			set_boot_disk(_, { uri }) {
				const node = layoutNode(store, uri.system_id, 'set boot disk');
				chooseBootDisk(store, node, (storage) => deviceIn(storage, uri.id));
				return Reply.ok();
			},
		}),
	];
}
