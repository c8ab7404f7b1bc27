import { cannot } from './refuse.ts';
import { freeRoom, groupSize, volumesSize } from './sizes.ts';
import { carrierOf, type Device, deviceName, type Group, membersOf, partitionOf, type Storage } from './storage.ts';

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

/** The device is made of the group, directly or by groups in between: it can't become a member of it. */
export function isMadeOf(storage: Storage, device: Device, group: Group): boolean {
	if (device.groupId === null) return false;
	if (device.groupId === group.id) return true;
	const own = storage.groups.find((each) => each.id === device.groupId);
	if (!own) return false;
	return membersOf(storage, own).some((member) => {
		const { deviceId, partitionId } = carrierOf(member);
		const under = storage.devices.find((each) => each.id === (deviceId ?? partitionOf(storage, partitionId)?.deviceId));
		return under !== undefined && isMadeOf(storage, under, group);
	});
}
