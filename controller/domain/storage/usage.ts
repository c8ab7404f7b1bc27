import {
	type Carrier,
	cacheSetOf,
	deviceOf,
	type Filesystem,
	filesystemOn,
	groupOf,
	partitionsOn,
	type Storage,
} from './storage.ts';

/** What a device or partition is used for, in MAAS's words. */
export function usedFor(storage: Storage, carrier: Carrier): string {
	const filesystem = filesystemOn(storage, carrier);
	if (filesystem) return filesystemUse(storage, filesystem);
	const device = carrier.partitionId === null ? deviceOf(storage, carrier.deviceId) : undefined;
	if (!device?.partitionTable) return 'Unused';
	const count = partitionsOn(storage, device.id).length;
	return `${device.partitionTable} partitioned with ${count} partition${count === 1 ? '' : 's'}`;
}

/** Nothing is on it, and nothing of the operator's comes back to it with a release: it can become something else. */
export function isFree(storage: Storage, carrier: Carrier): boolean {
	return (
		isUnformatted(storage, carrier) &&
		(carrier.partitionId !== null || deviceOf(storage, carrier.deviceId)?.partitionTable === null)
	);
}

export const isUnformatted = (storage: Storage, carrier: Carrier): boolean =>
	!filesystemOn(storage, carrier) && !filesystemOn({ ...storage, filesystems: storage.shadowed }, carrier);

/** Part of a group or a cache set. */
export const isMember = (filesystem: Filesystem): boolean => filesystem.groupId !== null || filesystem.cacheSetId !== null;

function filesystemUse(storage: Storage, filesystem: Filesystem): string {
	const { fstype, mountPoint } = filesystem;
	const group = groupOf(storage, filesystem.groupId);
	switch (fstype) {
		case 'lvm-pv':
			return `LVM volume for ${group?.name}`;
		case 'raid':
			return `Active ${group?.level} device for ${group?.name}`;
		case 'raid-spare':
			return `Spare ${group?.level} device for ${group?.name}`;
		case 'bcache-cache':
			return `Cache device for ${cacheSetOf(storage, filesystem.cacheSetId)?.name}`;
		case 'bcache-backing':
			return `Backing device for ${group?.name}`;
		case 'vmfs6':
			return `VMFS extent for ${group?.name}`;
		default:
			return mountPoint === null
				? `Unmounted ${fstype} formatted filesystem`
				: `${fstype} formatted filesystem mounted at ${mountPoint}`;
	}
}
