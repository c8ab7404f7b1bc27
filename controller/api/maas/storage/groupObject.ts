import { groupSize, humanSize, volumesSize } from '../../../domain/storage/sizes.ts';
import {
	type CacheSet,
	cacheSetOf,
	deviceOf,
	type Filesystem,
	type Group,
	membersOf,
	partitionOf,
	type Storage,
	volumesOf,
} from '../../../domain/storage/storage.ts';
import { uriOf } from '../resource.ts';
import { deviceObject, partitionObject } from './deviceObject.ts';

/** Volume groups, RAIDs, bcaches, cache sets and datastores as MAAS shows them (facts §2.13). */

export const VOLUME_GROUP_PATH = 'nodes/{system_id}/volume-group/{id}/';
export const RAID_PATH = 'nodes/{system_id}/raid/{id}/';
export const BCACHE_PATH = 'nodes/{system_id}/bcache/{id}/';
export const CACHE_SET_PATH = 'nodes/{system_id}/bcache-cache-set/{id}/';
export const DATASTORE_PATH = 'nodes/{system_id}/vmfs-datastore/{id}/';

export function volumeGroupObject(storage: Storage, group: Group) {
	const size = groupSize(storage, group);
	const used = volumesSize(storage, group);
	return {
		...common(storage, group),
		devices: membersOf(storage, group).map((member) => carrierObject(storage, member)),
		...{ size, human_size: humanSize(size) },
		...{ available_size: size - used, human_available_size: humanSize(size - used) },
		...{ used_size: used, human_used_size: humanSize(used) },
		logical_volumes: volumesOf(storage, group).map((volume) => deviceObject(storage, volume)),
		resource_uri: uriOf(VOLUME_GROUP_PATH, { system_id: storage.systemId, id: group.id }),
	};
}

export function raidObject(storage: Storage, group: Group) {
	const size = groupSize(storage, group);
	const members = membersOf(storage, group);
	const those = (fstype: Filesystem['fstype']) =>
		members.filter((member) => member.fstype === fstype).map((member) => carrierObject(storage, member));
	return {
		...common(storage, group),
		level: group.level,
		devices: those('raid'),
		spare_devices: those('raid-spare'),
		...{ size, human_size: humanSize(size) },
		virtual_device: ownDevice(storage, group),
		resource_uri: uriOf(RAID_PATH, { system_id: storage.systemId, id: group.id }),
	};
}

export function bcacheObject(storage: Storage, group: Group) {
	const size = groupSize(storage, group);
	const set = cacheSetOf(storage, group.cacheSetId);
	const [backing] = membersOf(storage, group);
	return {
		...common(storage, group),
		cache_set: set ? cacheSetObject(storage, set) : null,
		backing_device: backing ? carrierObject(storage, backing) : null,
		...{ size, human_size: humanSize(size) },
		virtual_device: ownDevice(storage, group),
		cache_mode: group.cacheMode,
		resource_uri: uriOf(BCACHE_PATH, { system_id: storage.systemId, id: group.id }),
	};
}

export function cacheSetObject(storage: Storage, set: CacheSet) {
	const cache = storage.filesystems.find((each) => each.cacheSetId === set.id);
	return {
		system_id: storage.systemId,
		id: set.id,
		name: set.name,
		cache_device: cache ? carrierObject(storage, cache) : null,
		resource_uri: uriOf(CACHE_SET_PATH, { system_id: storage.systemId, id: set.id }),
	};
}

export function datastoreObject(storage: Storage, group: Group) {
	const size = groupSize(storage, group);
	return {
		...common(storage, group),
		devices: membersOf(storage, group).map((member) => carrierObject(storage, member)),
		...{ size, human_size: humanSize(size) },
		// where ESXi mounts every datastore
		filesystem: { fstype: 'vmfs6', mount_point: `/vmfs/volumes/${group.name}` },
		resource_uri: uriOf(DATASTORE_PATH, { system_id: storage.systemId, id: group.id }),
	};
}

const common = (storage: Storage, { id, uuid, name }: Group) => ({ system_id: storage.systemId, id, uuid, name });

function ownDevice(storage: Storage, group: Group) {
	const [device] = volumesOf(storage, group);
	return device ? deviceObject(storage, device) : null;
}

function carrierObject(storage: Storage, filesystem: Filesystem) {
	const partition = filesystem.partitionId === null ? undefined : partitionOf(storage, filesystem.partitionId);
	if (partition) return partitionObject(storage, partition);
	const device = deviceOf(storage, filesystem.deviceId ?? 0);
	return device ? deviceObject(storage, device) : null;
}
