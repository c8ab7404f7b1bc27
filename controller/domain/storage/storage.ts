/**
 * One machine's disks and all that is laid out on them, as one value. Functions of this folder answer a changed copy or throw Refusal;
 * what they make is the last of its list. Sizes in bytes.
 */
export interface Storage {
	/** whose disks these are */
	readonly systemId: string;
	readonly platform: Platform;
	/** physical and virtual ones, in the order of their ids */
	readonly devices: readonly Device[];
	readonly partitions: readonly Partition[];
	/** Those that count now: while somebody has the machine his copies (`acquired.ts`), else what the operator laid out. */
	readonly filesystems: readonly Filesystem[];
	/** what the operator laid out, while somebody has the machine */
	readonly shadowed: readonly Filesystem[];
	readonly acquired: boolean;
	readonly groups: readonly Group[];
	readonly cacheSets: readonly CacheSet[];
	/** the disk that an operator chose; see `bootDisk` */
	readonly bootDiskId: number | null;
	/** who laid it out as it is: commissioning may lay out anew what nobody has touched */
	readonly laidOutBy: 'nobody' | 'default' | 'operator';
}

/** What partition tables depend on; `null` where it isn't known yet. */
export interface Platform {
	readonly architecture: string | null;
	readonly firmware: 'bios' | 'uefi' | null;
}

export interface Device {
	readonly id: number;
	readonly type: 'physical' | 'virtual';
	/** the kernel's; of a logical volume the part after its group's name */
	readonly name: string;
	readonly uuid: string | null;
	readonly model: string | null;
	readonly serial: string | null;
	readonly idPath: string | null;
	readonly size: number;
	readonly blockSize: number;
	readonly rotational: boolean;
	readonly firmwareVersion: string | null;
	readonly tags: readonly string[];
	readonly partitionTable: 'GPT' | 'MBR' | null;
	/** of a virtual one: the group that it belongs to */
	readonly groupId: number | null;
	readonly numaNode: number | null;
}

export interface Partition {
	readonly id: number;
	readonly deviceId: number;
	/** in its table, from 1 */
	readonly number: number;
	readonly uuid: string;
	readonly size: number;
	readonly bootable: boolean;
	readonly tags: readonly string[];
}

export const mountableTypes = ['ext2', 'ext4', 'xfs', 'fat32', 'vfat', 'swap', 'btrfs', 'zfsroot'] as const;
export const specialTypes = ['tmpfs', 'ramfs'] as const;
/** What a member of a group or cache set carries instead of a file system. */
export const memberTypes = ['lvm-pv', 'raid', 'raid-spare', 'bcache-cache', 'bcache-backing', 'vmfs6'] as const;
export type MountableType = (typeof mountableTypes)[number];
export type SpecialType = (typeof specialTypes)[number];
export type MemberType = (typeof memberTypes)[number];

/** On a device, on a partition, or on neither (`tmpfs`, `ramfs`). */
export interface Filesystem {
	readonly id: number;
	readonly deviceId: number | null;
	readonly partitionId: number | null;
	readonly groupId: number | null;
	readonly cacheSetId: number | null;
	readonly fstype: MountableType | SpecialType | MemberType;
	readonly uuid: string;
	readonly label: string | null;
	/** `none`: swap that is used */
	readonly mountPoint: string | null;
	readonly mountOptions: string | null;
	/** made for who has the machine, gone with the release */
	readonly acquired: boolean;
}

export const raidLevels = ['raid-0', 'raid-1', 'raid-5', 'raid-6', 'raid-10'] as const;
export const cacheModes = ['writeback', 'writethrough', 'writearound'] as const;
export type RaidLevel = (typeof raidLevels)[number];
export type CacheMode = (typeof cacheModes)[number];

export interface Group {
	readonly id: number;
	readonly kind: 'volume-group' | 'raid' | 'bcache' | 'vmfs-datastore';
	readonly name: string;
	readonly uuid: string;
	readonly level: RaidLevel | null;
	readonly cacheMode: CacheMode | null;
	readonly cacheSetId: number | null;
}

export interface CacheSet {
	readonly id: number;
	readonly name: string;
}

/** What can carry a file system: a whole device or a partition. */
export type Carrier =
	| { readonly deviceId: number; readonly partitionId: null }
	| { readonly deviceId: null; readonly partitionId: number };
export const deviceCarrier = (deviceId: number): Carrier => ({ deviceId, partitionId: null });
export const partitionCarrier = (partitionId: number): Carrier => ({ deviceId: null, partitionId });

/** Ids and UUIDs for what is made: chance and the store's counters are arguments. */
export interface Fresh {
	id(kind: 'device' | 'partition' | 'filesystem' | 'group' | 'cacheSet'): number;
	uuid(): string;
}

export const deviceOf = (storage: Storage, id: number): Device | undefined => storage.devices.find((device) => device.id === id);
export const partitionOf = (storage: Storage, id: number): Partition | undefined =>
	storage.partitions.find((partition) => partition.id === id);
export const groupOf = (storage: Storage, id: number | null): Group | undefined =>
	storage.groups.find((group) => group.id === id);
export const cacheSetOf = (storage: Storage, id: number | null): CacheSet | undefined =>
	storage.cacheSets.find((set) => set.id === id);

/** In the order of their numbers. */
export const partitionsOn = (storage: Storage, deviceId: number): Partition[] =>
	storage.partitions.filter((partition) => partition.deviceId === deviceId).toSorted((a, b) => a.number - b.number);

export const filesystemOn = (storage: Storage, { deviceId, partitionId }: Carrier): Filesystem | undefined =>
	storage.filesystems.find((each) => (partitionId === null ? each.deviceId === deviceId : each.partitionId === partitionId));

export const membersOf = (storage: Storage, group: Group): Filesystem[] =>
	storage.filesystems.filter((filesystem) => filesystem.groupId === group.id);
export const volumesOf = (storage: Storage, group: Group): Device[] =>
	storage.devices.filter((device) => device.groupId === group.id);

/** Of a file system that lies on something. */
export const carrierOf = (filesystem: Filesystem): Carrier =>
	filesystem.partitionId === null ? deviceCarrier(filesystem.deviceId ?? 0) : partitionCarrier(filesystem.partitionId);

/** The device that a file system lies on, or on a partition of. */
export const deviceUnder = (storage: Storage, { deviceId, partitionId }: Filesystem | Carrier): Device | undefined =>
	deviceOf(storage, deviceId ?? partitionOf(storage, partitionId ?? 0)?.deviceId ?? 0);

/** As people and udev call it: a logical volume by its group too. */
export function deviceName(storage: Storage, device: Device): string {
	const group = device.groupId === null ? undefined : groupOf(storage, device.groupId);
	return group?.kind === 'volume-group' ? `${group.name}-${device.name}` : device.name;
}

export function carrierName(storage: Storage, carrier: Carrier): string {
	const partition = carrier.partitionId === null ? undefined : partitionOf(storage, carrier.partitionId);
	const device = deviceOf(storage, partition?.deviceId ?? carrier.deviceId ?? 0);
	const name = device ? deviceName(storage, device) : 'a device that is gone';
	return partition ? `${name}-part${partition.number}` : name;
}

const SMALLEST_BOOT_DISK = 512 * 1024 * 1024;

/** The chosen disk, else MAAS's rule: the first of at least 512 MiB, here one that stays in the machine. */
export const bootDisk = (storage: Storage): Device | undefined =>
	storage.devices.find((device) => device.id === storage.bootDiskId) ??
	storage.devices.find(
		(device) => device.type === 'physical' && device.size >= SMALLEST_BOOT_DISK && !device.tags.includes('removable'),
	);
