import { createBcache, createCacheSet } from './bcaches.ts';
import { format, mount } from './filesystems.ts';
import { readLayoutSize } from './layoutSize.ts';
import { createPartition } from './partitions.ts';
import { unfit } from './refuse.ts';
import { availableSize, GIB, groupSize, MIB, tableRoom } from './sizes.ts';
import {
	bootDisk,
	type CacheMode,
	type Carrier,
	type Device,
	deviceCarrier,
	deviceOf,
	type Fresh,
	type MountableType,
	partitionCarrier,
	type Storage,
} from './storage.ts';
import { layOutVmfs } from './vmfsLayouts.ts';
import { createGroup, createLogicalVolume } from './volumeGroups.ts';

export const layoutNames = ['flat', 'lvm', 'bcache', 'vmfs6', 'vmfs7', 'blank', 'custom'] as const;
export type LayoutName = (typeof layoutNames)[number];

/** Sizes: bytes (`8589934592`) or a percentage (`50%`). */
export interface LayoutOptions {
	readonly bootSize?: string | undefined;
	readonly rootSize?: string | undefined;
	readonly rootDevice?: number | undefined;
	readonly vgName?: string | undefined;
	readonly lvName?: string | undefined;
	readonly lvSize?: string | undefined;
	readonly cacheDevice?: number | undefined;
	readonly cacheMode?: CacheMode | undefined;
	readonly cacheSize?: string | undefined;
	readonly cacheNoPart?: boolean | undefined;
}

const EFI_SIZE = 512 * MIB;
const SMALLEST_BOOT = 512 * MIB;
const SMALLEST_ROOT = 3 * GIB;
const BCACHE_BOOT = 1 * GIB;

/** The machine's physical disks and nothing on them: what every layout begins with. The chosen boot disk stays chosen. */
export function cleared(storage: Storage): Storage {
	return {
		...storage,
		devices: storage.devices
			.filter((device) => device.type === 'physical')
			.map((device) => (device.partitionTable ? { ...device, partitionTable: null } : device)),
		...{ partitions: [], filesystems: [], shadowed: [], groups: [], cacheSets: [] },
	};
}

/** There is no disk that could be booted from: MAAS has a sentence of its own for it. */
export class NoBootDisk extends Error {}

/**
 * Lays out all disks anew, by one of MAAS's layouts (facts §11.1) but `custom`. Throws NoBootDisk, and Refusal with the field of the
 * option that doesn't fit, or with `__all__`.
 */
export function layOut(storage: Storage, name: Exclude<LayoutName, 'custom'>, options: LayoutOptions, fresh: Fresh): Storage {
	const empty = cleared(storage);
	if (name === 'blank') return empty;
	const disk = bootDisk(empty);
	if (!disk) throw new NoBootDisk();
	switch (name) {
		case 'flat':
			return layOutFlat(empty, disk, options, fresh);
		case 'lvm':
			return layOutLvm(empty, disk, options, fresh);
		case 'bcache':
			return layOutBcache(empty, disk, options, fresh);
		case 'vmfs6':
		case 'vmfs7':
			return layOutVmfs(empty, name, rootDisk(empty, disk, options), options.rootSize, fresh);
	}
}

function layOutFlat(storage: Storage, disk: Device, options: LayoutOptions, fresh: Fresh): Storage {
	const { storage: made, root } = rootPartition(storage, disk, options, 0, fresh);
	return formatted(made, root, 'ext4', 'root', '/', fresh);
}

function layOutLvm(storage: Storage, disk: Device, options: LayoutOptions, fresh: Fresh): Storage {
	const { storage: made, root } = rootPartition(storage, disk, options, 0, fresh);
	const partitions = [String(root.partitionId)];
	const grouped = named('vg_name', () =>
		createGroup(made, 'volume-group', { name: options.vgName || 'vgroot', partitions }, fresh),
	);
	const group = grouped.groups.at(-1) as (typeof grouped.groups)[number];
	const room = groupSize(grouped, group);
	const size = readLayoutSize('lv_size', options.lvSize, { whole: room, least: SMALLEST_ROOT, most: room });
	const withVolume = named('lv_name', () =>
		createLogicalVolume(grouped, group, { name: options.lvName || 'lvroot', size }, fresh),
	);
	return formatted(withVolume, deviceCarrier(withVolume.devices.at(-1)?.id ?? 0), 'ext4', 'root', '/', fresh);
}

function layOutBcache(storage: Storage, disk: Device, options: LayoutOptions, fresh: Fresh): Storage {
	const cache = cacheDisk(storage, disk, options);
	const { storage: made, root } = rootPartition(storage, disk, options, BCACHE_BOOT, fresh);
	let prepared = made;
	let on: { device: string } | { partition: string } = { device: String(cache.id) };
	if (!options.cacheNoPart) {
		const room = tableRoom(prepared, cache);
		const size = readLayoutSize('cache_size', options.cacheSize, { whole: room, least: 4 * MIB, most: room });
		prepared = createPartition(prepared, cache, { size }, fresh);
		on = { partition: String(prepared.partitions.at(-1)?.id) };
	}
	const cached = createCacheSet(prepared, on, fresh);
	const bcached = createBcache(
		cached,
		{
			cacheSet: String(cached.cacheSets.at(-1)?.id),
			cacheMode: options.cacheMode ?? 'writethrough',
			backing: { partition: String(root.partitionId) },
		},
		fresh,
	);
	return formatted(bcached, deviceCarrier(bcached.devices.at(-1)?.id ?? 0), 'ext4', 'root', '/', fresh);
}

/** The disk for `bcache`'s cache: the chosen one, else the smallest that is tagged `ssd`; never one that holds the system. */
export function findCacheDisk(storage: Storage, disk: Device, options: LayoutOptions): Device | undefined {
	const others = storage.devices.filter(
		(device) => device.type === 'physical' && device.id !== disk.id && device.id !== options.rootDevice,
	);
	if (options.cacheDevice !== undefined) return others.find((device) => device.id === options.cacheDevice);
	return others.filter((device) => device.tags.includes('ssd')).toSorted((a, b) => a.size - b.size)[0];
}

function cacheDisk(storage: Storage, disk: Device, options: LayoutOptions): Device {
	const found = findCacheDisk(storage, disk, options);
	if (found) return found;
	if (options.cacheDevice !== undefined) throw unfit('cache_device', 'Select a physical disk that holds neither / nor /boot.');
	throw unfit('__all__', 'No disk is tagged ssd that could be the cache.');
}

/** EFI system partition and /boot, where they are needed, on the boot disk; then the root partition, still empty. */
function rootPartition(
	storage: Storage,
	disk: Device,
	options: LayoutOptions,
	defaultBoot: number,
	fresh: Fresh,
): { storage: Storage; root: Carrier } {
	const { architecture, firmware } = storage.platform;
	const uefi = firmware === 'uefi' && architecture !== 'ppc64el';
	const rootOn = rootDisk(storage, disk, options);
	let made = storage;
	const room = tableRoom(made, disk) - (uefi ? EFI_SIZE : 0);
	// U-Boot reads the kernel from a partition of its own
	const boot =
		bootSize(options, disk, room - (rootOn.id === disk.id ? SMALLEST_ROOT : 0)) ??
		(architecture === 'arm64' && !uefi ? Math.max(defaultBoot, SMALLEST_BOOT) : defaultBoot);
	if (uefi) {
		made = partitioned(made, disk, EFI_SIZE, true, fresh);
		made = formatted(made, lastPartition(made), 'fat32', 'efi', '/boot/efi', fresh);
	}
	if (boot > 0) {
		made = partitioned(made, disk, boot, !uefi, fresh);
		made = formatted(made, lastPartition(made), 'ext4', 'boot', '/boot', fresh);
	}
	const left = availableRoom(made, rootOn);
	if (left < SMALLEST_ROOT) throw unfit('__all__', `${rootOn.name} has ${left} bytes for /; ${SMALLEST_ROOT} are needed.`);
	made = partitioned(
		made,
		rootOn,
		readLayoutSize('root_size', options.rootSize, { whole: rootOn.size, least: SMALLEST_ROOT, most: left }),
		false,
		fresh,
	);
	return { storage: made, root: lastPartition(made) };
}

function bootSize(options: LayoutOptions, disk: Device, most: number): number | undefined {
	const zero = options.bootSize === undefined || /^0*%?$/.test(options.bootSize.trim());
	return zero ? undefined : readLayoutSize('boot_size', options.bootSize, { whole: disk.size, least: SMALLEST_BOOT, most: most });
}

function rootDisk(storage: Storage, disk: Device, { rootDevice }: LayoutOptions): Device {
	if (rootDevice === undefined) return disk;
	const found = deviceOf(storage, rootDevice);
	if (found?.type !== 'physical') throw unfit('root_device', `The machine has no physical block device ${rootDevice}.`);
	return found;
}

const availableRoom = (storage: Storage, disk: Device): number => {
	const now = deviceOf(storage, disk.id) ?? disk;
	return now.partitionTable ? availableSize(storage, now) : tableRoom(storage, now);
};

function partitioned(storage: Storage, disk: Device, size: number, bootable: boolean, fresh: Fresh): Storage {
	return createPartition(storage, deviceOf(storage, disk.id) ?? disk, { size, bootable }, fresh);
}

const lastPartition = (storage: Storage): Carrier => partitionCarrier(storage.partitions.at(-1)?.id ?? 0);

function formatted(
	storage: Storage,
	on: Carrier,
	fstype: MountableType,
	label: string,
	mountPoint: string,
	fresh: Fresh,
): Storage {
	return mount(format(storage, on, { fstype, label }, fresh), on, { mountPoint });
}

/** What is wrong with the name is wrong with this option. */
function named<Result>(field: string, work: () => Result): Result {
	try {
		return work();
	} catch (error) {
		if (error instanceof Error && 'field' in error && error.field === 'name') throw unfit(field, error.message);
		throw error;
	}
}
