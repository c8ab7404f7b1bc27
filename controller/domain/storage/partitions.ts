import { chooseUuid } from './names.ts';
import { cannot, checkSize, unfit } from './refuse.ts';
import { aligned, freeRoom, SMALLEST_PARTITION, tableRoom } from './sizes.ts';
import {
	carrierName,
	type Device,
	deviceCarrier,
	deviceName,
	type Fresh,
	filesystemOn,
	groupOf,
	type Partition,
	partitionCarrier,
	partitionsOn,
	type Storage,
} from './storage.ts';
import { isMember, isUnformatted, usedFor } from './usage.ts';

export interface PartitionWish {
	/** bytes, rounded down to 4 MiB; all that is left when it isn't said */
	readonly size?: number | undefined;
	readonly uuid?: string | undefined;
	readonly bootable?: boolean | undefined;
}

/** Entries of a GPT as every tool makes it. */
const MOST_PARTITIONS = 128;

/** Gives the device a table if it has none. The new partition is the last of the list. */
export function createPartition(storage: Storage, device: Device, wish: PartitionWish, fresh: Fresh): Storage {
	const name = deviceName(storage, device);
	if (!isUnformatted(storage, deviceCarrier(device.id)))
		throw cannot(`${name} can’t be partitioned: ${usedFor(storage, deviceCarrier(device.id))}.`);
	if (groupOf(storage, device.groupId)?.kind === 'volume-group')
		throw cannot(`${name} is a logical volume, which can’t be partitioned.`);
	const table = device.partitionTable ?? 'GPT';
	const room = device.partitionTable === null ? tableRoom(storage, device, table) : freeRoom(storage, device);
	if (room < SMALLEST_PARTITION) throw unfit('size', `There is no room left on ${name}.`);
	const size = aligned(checkSize('size', wish.size ?? room, SMALLEST_PARTITION, room));

	const taken = new Set(partitionsOn(storage, device.id).map((partition) => partition.number));
	if (taken.size >= MOST_PARTITIONS) throw cannot(`${name} has ${MOST_PARTITIONS} partitions already: no table holds more.`);
	let number = 1;
	while (taken.has(number)) number++;
	const partition: Partition = {
		id: fresh.id('partition'),
		deviceId: device.id,
		number,
		uuid: chooseUuid(storage, wish.uuid, fresh),
		size,
		bootable: wish.bootable ?? false,
		tags: [],
	};
	return {
		...storage,
		devices: storage.devices.map((each) =>
			each.id === device.id && !each.partitionTable ? { ...each, partitionTable: table } : each,
		),
		partitions: [...storage.partitions, partition],
	};
}

/** What is on it goes too; with the last one the table. */
export function deletePartition(storage: Storage, partition: Partition): Storage {
	const carrier = partitionCarrier(partition.id);
	const filesystem = filesystemOn(storage, carrier);
	if (filesystem && isMember(filesystem))
		throw cannot(`${carrierName(storage, carrier)} can’t be deleted: ${usedFor(storage, carrier)}.`);
	return dropPartitions(storage, (each) => each === partition);
}

/** Without a question. */
export function dropPartitions(storage: Storage, which: (partition: Partition) => boolean): Storage {
	const gone = new Set(storage.partitions.filter(which).map((partition) => partition.id));
	const partitions = storage.partitions.filter((partition) => !gone.has(partition.id));
	const left = new Set(partitions.map((partition) => partition.deviceId));
	const kept = ({ partitionId }: { readonly partitionId: number | null }) => partitionId === null || !gone.has(partitionId);
	return {
		...storage,
		partitions,
		devices: storage.devices.map((device) =>
			device.partitionTable && !left.has(device.id) ? { ...device, partitionTable: null } : device,
		),
		filesystems: storage.filesystems.filter(kept),
		shadowed: storage.shadowed.filter(kept),
	};
}
