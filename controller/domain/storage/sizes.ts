import {
	carrierOf,
	type Device,
	deviceCarrier,
	deviceOf,
	type Filesystem,
	filesystemOn,
	type Group,
	membersOf,
	type Partition,
	type Platform,
	partitionOf,
	partitionsOn,
	type Storage,
	volumesOf,
} from './storage.ts';

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;
/** MAAS starts and ends partitions at multiples of it; LVM's extents have the same size. */
export const ALIGNMENT = 4 * MIB;
export const SMALLEST_DEVICE = 4 * MIB;
export const SMALLEST_PARTITION = 4 * MIB;
/** Sectors of 512 bytes are counted with 32 bits in an MBR. */
const MBR_END = 2 ** 41;

const alignDown = (size: number, unit = ALIGNMENT): number => Math.max(0, Math.floor(size / unit) * unit);
const alignUp = (size: number, unit = ALIGNMENT): number => Math.ceil(size / unit) * unit;

/**
 * What a partition table costs: 4 MiB in front, 1 MiB behind (GPT's backup), and the partition that firmware without UEFI loads GRUB
 * from: PReP on POWER, bios_grub on PCs. Neither of the two is listed, as in MAAS.
 */
export function tableOverhead({ architecture, firmware }: Platform, table: 'GPT' | 'MBR'): number {
	const hidden = architecture === 'ppc64el' ? 8 : architecture === 'amd64' && firmware !== 'uefi' && table === 'GPT' ? 1 : 0;
	return (4 + 1 + hidden) * MIB;
}

/** Bytes for partitions on the device, as many as with this table can be. */
export function tableRoom(storage: Storage, device: Device, table: 'GPT' | 'MBR' = device.partitionTable ?? 'GPT'): number {
	const reachable = table === 'MBR' ? Math.min(device.size, MBR_END) : device.size;
	return alignDown(reachable - tableOverhead(storage.platform, table));
}

/** The next partition begins where this one's last 4 MiB end: ESXi's image has some that are no multiple of it. */
const footprint = (partition: Partition): number => alignUp(partition.size);

/** Within the partitions' room, below zero when there is more than fits. */
export const freeRoom = (storage: Storage, device: Device): number =>
	partitionsOn(storage, device.id).reduce((room, partition) => room - footprint(partition), tableRoom(storage, device));

/** What is left for partitions, or for anything when there is no table; 0 on a device that is formatted or a member. */
export function availableSize(storage: Storage, device: Device): number {
	if (filesystemOn(storage, deviceCarrier(device.id))) return 0;
	return device.partitionTable === null ? device.size : Math.max(0, freeRoom(storage, device));
}

/** Of what the file system lies on. */
function sizeUnder(storage: Storage, filesystem: Filesystem): number {
	const { deviceId, partitionId } = carrierOf(filesystem);
	return (partitionId === null ? deviceOf(storage, deviceId) : partitionOf(storage, partitionId))?.size ?? 0;
}

/** LVM's header takes one extent of each member. */
const extentsSize = (size: number) => Math.max(0, alignDown(size) - ALIGNMENT);
/** MAAS reserves this much of each member for mdadm's superblock. */
const RAID_OVERHEAD = 128 * 1024;

export function groupSize(storage: Storage, group: Group): number {
	const members = membersOf(storage, group);
	const sizes = members.map((member) => sizeUnder(storage, member));
	const total = sizes.reduce((sum, size) => sum + size, 0);
	switch (group.kind) {
		case 'volume-group':
			return sizes.reduce((sum, size) => sum + extentsSize(size), 0);
		case 'vmfs-datastore':
			return total;
		case 'bcache':
			return total;
		case 'raid':
			return raidSize(
				group.level,
				members.filter((member) => member.fstype === 'raid').map((member) => sizeUnder(storage, member)),
			);
	}
}

/** `sizes` of the active members. RAID-0 uses all of each, the others of each as much as the smallest has. */
export function raidSize(level: Group['level'], sizes: readonly number[]): number {
	if (sizes.length === 0) return 0;
	const usable = sizes.map((size) => Math.max(0, size - RAID_OVERHEAD));
	const smallest = Math.min(...usable);
	switch (level) {
		case 'raid-0':
			return usable.reduce((sum, size) => sum + size, 0);
		case 'raid-5':
			return smallest * (sizes.length - 1);
		case 'raid-6':
			return smallest * (sizes.length - 2);
		case 'raid-10':
			return Math.floor((smallest * sizes.length) / 2);
		default:
			return smallest;
	}
}

/** Bytes of a volume group that logical volumes have taken. */
export const volumesSize = (storage: Storage, group: Group): number =>
	volumesOf(storage, group).reduce((sum, volume) => sum + volume.size, 0);

/** Down to a whole number of 4 MiB. */
export const aligned = (size: number): number => alignDown(size);

/** As MAAS writes sizes for people: `512.0 MB`, decimal. */
export function humanSize(bytes: number): string {
	const units = ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];
	let at = 0;
	let value = bytes;
	while (value >= 1000 && at < units.length - 1) {
		value /= 1000;
		at++;
	}
	return at === 0 ? `${bytes} bytes` : `${value.toFixed(1)} ${units[at]}`;
}
