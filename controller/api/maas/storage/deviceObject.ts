import { availableSize } from '../../../domain/storage/sizes.ts';
import {
	carrierName,
	type Device,
	deviceCarrier,
	deviceName,
	type Filesystem,
	filesystemOn,
	type Partition,
	partitionCarrier,
	partitionsOn,
	type Storage,
} from '../../../domain/storage/storage.ts';
import { usedFor } from '../../../domain/storage/usage.ts';
import { uriOf } from '../resource.ts';

/** Nodes of any kind: devices and controllers have none, but MAAS asks below `nodes/`. */
export const DEVICES_PATH = 'nodes/{system_id}/blockdevices/';
export const DEVICE_PATH = 'nodes/{system_id}/blockdevices/{id}/';
/** without a last slash, as MAAS has it */
export const PARTITION_PATH = 'nodes/{system_id}/blockdevices/{device_id}/partition/{id}';

const deviceUri = (systemId: string, id: number): string => uriOf(DEVICE_PATH, { system_id: systemId, id });

/** A block device as MAAS shows it (facts §2.12): physical or virtual, with its partitions. */
export function deviceObject(storage: Storage, device: Device) {
	const carrier = deviceCarrier(device.id);
	const available = availableSize(storage, device);
	const name = deviceName(storage, device);
	return {
		system_id: storage.systemId,
		id: device.id,
		name,
		type: device.type,
		// python-libmaas takes text alone, where MAAS has null for physical ones
		uuid: device.uuid ?? '',
		path: `/dev/disk/by-dname/${name}`,
		model: device.model,
		serial: device.serial,
		id_path: device.idPath,
		size: device.size,
		block_size: device.blockSize,
		available_size: available,
		used_size: device.size - available,
		used_for: usedFor(storage, carrier),
		tags: device.tags,
		filesystem: filesystemObject(filesystemOn(storage, carrier)),
		partition_table_type: device.partitionTable,
		partitions: device.partitionTable
			? partitionsOn(storage, device.id).map((partition) => partitionObject(storage, partition))
			: [],
		firmware_version: device.firmwareVersion,
		storage_pool: null,
		numa_node: device.numaNode ?? 0,
		resource_uri: deviceUri(storage.systemId, device.id),
	};
}

export function partitionObject(storage: Storage, partition: Partition) {
	const carrier = partitionCarrier(partition.id);
	return {
		system_id: storage.systemId,
		device_id: partition.deviceId,
		id: partition.id,
		uuid: partition.uuid,
		path: `/dev/disk/by-dname/${carrierName(storage, carrier)}`,
		type: 'partition',
		size: partition.size,
		bootable: partition.bootable,
		filesystem: filesystemObject(filesystemOn(storage, carrier)),
		used_for: usedFor(storage, carrier),
		tags: partition.tags,
		resource_uri: uriOf(PARTITION_PATH, { system_id: storage.systemId, device_id: partition.deviceId, id: partition.id }),
	};
}

/** python-libmaas takes text alone for what MAAS leaves null: no label, not mounted. */
export const filesystemObject = (filesystem: Filesystem | undefined) =>
	filesystem
		? {
				fstype: filesystem.fstype,
				label: filesystem.label ?? '',
				uuid: filesystem.uuid,
				mount_point: filesystem.mountPoint ?? '',
				mount_options: filesystem.mountOptions ?? '',
			}
		: null;
