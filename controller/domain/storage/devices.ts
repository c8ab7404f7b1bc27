import { checkNameFree, chooseUuid } from './names.ts';
import { dropPartitions } from './partitions.ts';
import { cannot, checkSize, unfit } from './refuse.ts';
import { settle } from './settle.ts';
import { aligned, SMALLEST_DEVICE } from './sizes.ts';
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
import { isMember, usedFor } from './usage.ts';

export interface DeviceWish {
	readonly name?: string | undefined;
	readonly model?: string | undefined;
	readonly serial?: string | undefined;
	readonly idPath?: string | undefined;
	readonly size?: number | undefined;
	readonly blockSize?: number | undefined;
	readonly firmwareVersion?: string | undefined;
	/** of virtual ones */
	readonly uuid?: string | undefined;
}

const SMALLEST_BLOCK = 512;

/** A disk that commissioning didn't find. It must be recognisable: by model and serial number, or by its id path. */
export function createDevice(storage: Storage, wish: DeviceWish, fresh: Fresh): Storage {
	const { name = '', model, serial, idPath, size = 0, blockSize = SMALLEST_BLOCK, firmwareVersion } = wish;
	if (!idPath && !serial) throw unfit('id_path', 'Without a serial number, the device’s path below /dev/disk/by-id is needed.');
	if (!idPath && !model) throw unfit('model', 'Without an id_path, the model is needed beside the serial number.');
	const device: Device = {
		id: fresh.id('device'),
		type: 'physical',
		name: checkNameFree(storage, name),
		uuid: null,
		model: model || null,
		serial: serial || null,
		idPath: checkIdPath(idPath) ?? null,
		size: checkSize('size', size, SMALLEST_DEVICE),
		blockSize: checkSize('block_size', blockSize, SMALLEST_BLOCK),
		rotational: false,
		firmwareVersion: firmwareVersion || null,
		tags: [],
		partitionTable: null,
		groupId: null,
		numaNode: null,
	};
	return { ...storage, devices: [...storage.devices, device] };
}

/** Sizes of RAIDs and bcaches follow their members; a logical volume's may change within its group. */
export function updateDevice(storage: Storage, device: Device, wish: DeviceWish, fresh: Fresh): Storage {
	const kept = <Value>(sent: Value | undefined, known: Value) => (sent === undefined ? known : sent);
	const physical = device.type === 'physical';
	const group = groupOf(storage, device.groupId);
	const resized = wish.size !== undefined && wish.size !== device.size;
	if (resized && group && group.kind !== 'volume-group')
		throw unfit('size', `The size of ${device.name} is that of the ${group.kind} under it.`);
	const carrier = deviceCarrier(device.id);
	const filesystem = filesystemOn(storage, carrier);
	if (resized && filesystem && isMember(filesystem))
		throw unfit('size', `The size of ${deviceName(storage, device)} can’t change: ${usedFor(storage, carrier)}.`);
	const size = checkSize('size', kept(wish.size, device.size), SMALLEST_DEVICE);
	const changed: Device = {
		...device,
		name: wish.name === undefined ? device.name : renamed(storage, device, wish.name),
		size: group?.kind === 'volume-group' && resized ? aligned(size) : size,
		...(physical
			? {
					model: kept(wish.model, device.model ?? '') || null,
					serial: kept(wish.serial, device.serial ?? '') || null,
					idPath: wish.idPath === undefined ? device.idPath : (checkIdPath(wish.idPath) ?? null),
					blockSize: checkSize('block_size', kept(wish.blockSize, device.blockSize), SMALLEST_BLOCK),
					firmwareVersion: kept(wish.firmwareVersion, device.firmwareVersion ?? '') || null,
				}
			: { uuid: !wish.uuid || wish.uuid === device.uuid ? device.uuid : chooseUuid(storage, wish.uuid, fresh) }),
	};
	return settle({
		...storage,
		devices: storage.devices.map((each) => (each === device ? changed : each)),
		// a RAID's and a bcache's device has the group's name
		groups: storage.groups.map((each) =>
			each === group && each.kind !== 'volume-group' && each.name !== changed.name ? { ...each, name: changed.name } : each,
		),
	});
}

function renamed(storage: Storage, device: Device, name: string): string {
	const group = groupOf(storage, device.groupId);
	if (group?.kind !== 'volume-group') {
		const others = { ...storage, groups: storage.groups.filter((each) => each !== group) };
		return checkNameFree(others, name, device);
	}
	// clients send back the whole name that they were shown
	const short = name.startsWith(`${group.name}-`) ? name.slice(group.name.length + 1) : name;
	return checkVolumeName(storage, group.id, short, device);
}

/** Names of logical volumes count within their group. */
export function checkVolumeName(storage: Storage, groupId: number, name: string, but?: Device): string {
	if (storage.devices.some((each) => each.groupId === groupId && each.name === name && each !== but))
		throw unfit('name', `The volume group has a logical volume ${name} already.`);
	return checkNameFree({ ...storage, devices: [], groups: [], cacheSets: [] }, name);
}

/** With its partitions and file systems; not while a group needs it, and not what a RAID or a bcache is made into. */
export function deleteDevice(storage: Storage, device: Device): Storage {
	const group = groupOf(storage, device.groupId);
	if (group && group.kind !== 'volume-group') throw cannot(`${device.name} goes with its ${group.kind}: delete that.`);
	return dropDevice(storage, device);
}

/** As `deleteDevice`, for devices whose group is going. */
export function dropDevice(storage: Storage, device: Device): Storage {
	const carriers = [
		deviceCarrier(device.id),
		...partitionsOn(storage, device.id).map((partition) => partitionCarrier(partition.id)),
	];
	for (const carrier of carriers) {
		const filesystem = filesystemOn(storage, carrier);
		if (filesystem && isMember(filesystem))
			throw cannot(
				`${deviceName(storage, device)} can’t be deleted: ${carrierName(storage, carrier)} is ${usedFor(storage, carrier)}.`,
			);
	}
	const without = dropPartitions(storage, (partition) => partition.deviceId === device.id);
	const kept = ({ deviceId }: { readonly deviceId: number | null }) => deviceId !== device.id;
	return {
		...without,
		devices: without.devices.filter((each) => each.id !== device.id),
		filesystems: without.filesystems.filter(kept),
		shadowed: without.shadowed.filter(kept),
		bootDiskId: storage.bootDiskId === device.id ? null : storage.bootDiskId,
	};
}

/** Firmware starts from a disk's own table, so it must be a disk, and not a member as a whole. */
export function setBootDisk(storage: Storage, device: Device): Storage {
	if (device.type !== 'physical') throw cannot(`Cannot set a ${device.type} block device as the boot disk.`);
	const carrier = deviceCarrier(device.id);
	const filesystem = filesystemOn(storage, carrier);
	if (filesystem && isMember(filesystem))
		throw cannot(`Cannot set ${device.name} as the boot disk: ${usedFor(storage, carrier)}.`);
	return { ...storage, bootDiskId: device.id };
}

/** One word without commas: they part tags in constraints. */
export function checkTag(tag: string): string {
	if (!/^[^\s,()\p{C}]{1,100}$/u.test(tag)) throw unfit('tag', 'Enter one word of up to 100 characters, without commas.');
	return tag;
}

const MOST_TAGS = 100;

export function tagged<Item extends Device | Partition>(item: Item, tag: string): Item {
	checkTag(tag);
	if (item.tags.includes(tag)) return item;
	if (item.tags.length >= MOST_TAGS) throw unfit('tag', `There are ${MOST_TAGS} tags on it already.`);
	return { ...item, tags: [...item.tags, tag] };
}

export const untagged = <Item extends Device | Partition>(item: Item, tag: string): Item =>
	item.tags.includes(tag) ? { ...item, tags: item.tags.filter((each) => each !== tag) } : item;

function checkIdPath(path: string | undefined): string | undefined {
	if (!path) return undefined;
	if (!/^\/dev\/[\w.:+@=#/-]{1,240}$/.test(path) || path.split('/').includes('..'))
		throw unfit('id_path', 'Enter a path below /dev.');
	return path;
}
