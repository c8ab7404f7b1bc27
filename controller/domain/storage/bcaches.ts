import { dropDevice } from './devices.ts';
import { dissolved, findCarriers, join } from './members.ts';
import { checkNameFree, chooseUuid, nextName } from './names.ts';
import { withoutOwnDevice } from './raids.ts';
import { cannot, unfit } from './refuse.ts';
import { isMadeOf, settle } from './settle.ts';
import { groupSize } from './sizes.ts';
import {
	type CacheMode,
	type CacheSet,
	type Carrier,
	deviceUnder,
	type Fresh,
	type Group,
	type Storage,
	volumesOf,
} from './storage.ts';
import { described, virtualDevice } from './volumeGroups.ts';

/** One of the two, by id; devices by name too. */
export interface OneCarrier {
	readonly device?: string | undefined;
	readonly partition?: string | undefined;
}

/** The new cache set is the last of the list. */
export function createCacheSet(storage: Storage, on: OneCarrier, fresh: Fresh): Storage {
	const set: CacheSet = { id: fresh.id('cacheSet'), name: nextName(storage, 'cache') };
	const carrier = theOne(storage, on, 'cache');
	const withSet = { ...storage, cacheSets: [...storage.cacheSets, set] };
	return join(withSet, [carrier], { fstype: 'bcache-cache', cacheSet: set, field: 'cache_device' }, fresh);
}

/** Moves it to another device or partition. */
export function updateCacheSet(storage: Storage, set: CacheSet, on: OneCarrier, fresh: Fresh): Storage {
	if (on.device === undefined && on.partition === undefined) return storage;
	const carrier = theOne(storage, on, 'cache');
	const old = storage.filesystems.find((each) => each.cacheSetId === set.id);
	if (old?.deviceId === carrier.deviceId && old?.partitionId === carrier.partitionId) return storage;
	const without = { ...storage, filesystems: storage.filesystems.filter((each) => each !== old) };
	return join(without, [carrier], { fstype: 'bcache-cache', cacheSet: set, field: 'cache_device' }, fresh);
}

export function deleteCacheSet(storage: Storage, set: CacheSet): Storage {
	const users = storage.groups.filter((group) => group.cacheSetId === set.id).map((group) => group.name);
	if (users.length > 0) throw cannot(`The cache set ${set.name} is used by ${users.join(', ')}.`);
	return dissolved(storage, { cacheSetId: set.id });
}

export interface BcacheWish {
	readonly name?: string | undefined;
	readonly uuid?: string | undefined;
	/** by id or name */
	readonly cacheSet?: string | undefined;
	readonly cacheMode?: CacheMode | undefined;
	readonly backing: OneCarrier;
}

/** The new group and its device are the last of their lists. */
export function createBcache(storage: Storage, wish: BcacheWish, fresh: Fresh): Storage {
	const group: Group = {
		id: fresh.id('group'),
		kind: 'bcache',
		name: wish.name ? checkNameFree(storage, wish.name) : nextName(storage, 'bcache'),
		uuid: chooseUuid(storage, wish.uuid, fresh),
		level: null,
		cacheMode: wish.cacheMode ?? 'writethrough',
		cacheSetId: findCacheSet(storage, wish.cacheSet ?? '').id,
	};
	const carrier = theOne(storage, wish.backing, 'backing');
	const withGroup = { ...storage, groups: [...storage.groups, group] };
	const joined = join(withGroup, [carrier], { fstype: 'bcache-backing', group, field: 'backing_device' }, fresh);
	const device = virtualDevice(joined, group, { name: group.name, size: groupSize(joined, group), uuid: fresh.uuid() }, fresh);
	return { ...joined, devices: [...joined.devices, device] };
}

export function updateBcache(storage: Storage, group: Group, wish: BcacheWish, fresh: Fresh): Storage {
	const now: Group = {
		...described(withoutOwnDevice(storage, group), group, wish, fresh),
		cacheMode: wish.cacheMode ?? group.cacheMode,
		cacheSetId: wish.cacheSet ? findCacheSet(storage, wish.cacheSet).id : group.cacheSetId,
	};
	const changed: Storage = {
		...storage,
		groups: storage.groups.map((each) => (each === group ? now : each)),
		devices: storage.devices.map((each) =>
			each.groupId === group.id && each.name !== now.name ? { ...each, name: now.name } : each,
		),
	};
	const cache = changed.filesystems.find((each) => each.cacheSetId !== null && each.cacheSetId === now.cacheSetId);
	const under = cache && deviceUnder(changed, cache);
	if (under && isMadeOf(changed, under, now)) throw unfit('cache_set', `This cache set is made of ${now.name} itself.`);
	const { device, partition } = wish.backing;
	if (device === undefined && partition === undefined) return changed;
	const carrier = theOne(changed, wish.backing, 'backing');
	const old = changed.filesystems.find((each) => each.groupId === group.id);
	if (old?.deviceId === carrier.deviceId && old?.partitionId === carrier.partitionId) return changed;
	const without = { ...changed, filesystems: changed.filesystems.filter((each) => each !== old) };
	return settle(join(without, [carrier], { fstype: 'bcache-backing', group: now, field: 'backing_device' }, fresh));
}

/** With its device and what is on it; not while another group needs that. */
export function deleteBcache(storage: Storage, group: Group): Storage {
	return dissolved(volumesOf(storage, group).reduce(dropDevice, storage), { groupId: group.id });
}

function findCacheSet(storage: Storage, word: string): CacheSet {
	if (word === '') throw unfit('cache_set', 'This field is required.');
	const set = storage.cacheSets.find((each) => String(each.id) === word || each.name === word);
	if (!set) throw unfit('cache_set', `The machine has no cache set ${word.slice(0, 60)}.`);
	return set;
}

function theOne(storage: Storage, { device, partition }: OneCarrier, role: 'cache' | 'backing'): Carrier {
	const [deviceField, partitionField] = [`${role}_device`, `${role}_partition`];
	if (device && partition) throw cannot(`Give either ${deviceField} or ${partitionField}, not both.`);
	const [carrier] = findCarriers(storage, {
		...{ devices: device ? [device] : [], deviceField },
		...{ partitions: partition ? [partition] : [], partitionField },
	});
	if (!carrier) throw cannot(`Either ${deviceField} or ${partitionField} must be given.`);
	return carrier;
}
