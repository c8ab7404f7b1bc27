import { cannot } from './refuse.ts';
import { freeRoom, groupSize, volumesSize } from './sizes.ts';
import { type CacheSet, type Device, deviceName, deviceUnder, type Group, type Storage } from './storage.ts';

/**
 * After members or sizes have changed: RAIDs and bcaches get their new size, those on top of them too. Throws when something no longer
 * has room for what is on it.
 */
export function settle(storage: Storage): Storage {
	let settled = storage;
	// each round settles at least one layer of groups on groups
	for (let round = 0; round <= storage.groups.length; round++) {
		const next = resize(settled);
		if (next === settled) break;
		settled = next;
	}
	for (const device of settled.devices)
		if (device.partitionTable && freeRoom(settled, device) < 0)
			throw cannot(`${deviceName(settled, device)} would be too small for its partitions.`);
	for (const group of settled.groups)
		if (group.kind === 'volume-group' && volumesSize(settled, group) > groupSize(settled, group))
			throw cannot(`The volume group ${group.name} would be too small for its logical volumes.`);
	return settled;
}

function resize(storage: Storage): Storage {
	let changed = false;
	const devices = storage.devices.map((device) => {
		const group = device.groupId === null ? undefined : storage.groups.find((each) => each.id === device.groupId);
		if (!group || group.kind === 'volume-group') return device;
		const size = groupSize(storage, group);
		if (size === device.size) return device;
		changed = true;
		return { ...device, size };
	});
	return changed ? { ...storage, devices } : storage;
}

/** The device is made of the group or cache set, directly or by others in between: it can't become a part of it. */
export function isMadeOf(storage: Storage, device: Device, whole: Group | CacheSet): boolean {
	const own = storage.groups.find((group) => group.id === device.groupId);
	if (!own) return false;
	if ('kind' in whole ? own.id === whole.id : own.cacheSetId === whole.id) return true;
	return storage.filesystems
		.filter((each) => each.groupId === own.id || (each.cacheSetId !== null && each.cacheSetId === own.cacheSetId))
		.some((part) => {
			const under = deviceUnder(storage, part);
			return under !== undefined && isMadeOf(storage, under, whole);
		});
}
