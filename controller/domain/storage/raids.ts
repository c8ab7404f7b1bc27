import { dropDevice } from './devices.ts';
import { dissolved, findCarriers, join, leave } from './members.ts';
import { checkNameFree, chooseUuid, nextName, readLevel } from './names.ts';
import { unfit } from './refuse.ts';
import { settle } from './settle.ts';
import { groupSize } from './sizes.ts';
import { type Fresh, type Group, membersOf, type RaidLevel, type Storage, volumesOf } from './storage.ts';
import { described, virtualDevice } from './volumeGroups.ts';

type Words = readonly string[] | undefined;

export interface RaidWish {
	readonly name?: string | undefined;
	readonly uuid?: string | undefined;
	/** `raid-1`, or `1` alone */
	readonly level: string;
	readonly devices?: Words;
	readonly partitions?: Words;
	readonly spareDevices?: Words;
	readonly sparePartitions?: Words;
}

export interface RaidChange {
	readonly name?: string | undefined;
	readonly uuid?: string | undefined;
	readonly addDevices?: Words;
	readonly removeDevices?: Words;
	readonly addPartitions?: Words;
	readonly removePartitions?: Words;
	readonly addSpareDevices?: Words;
	readonly removeSpareDevices?: Words;
	readonly addSparePartitions?: Words;
	readonly removeSparePartitions?: Words;
}

/** The fewest active members of each level. */
const fewest: Readonly<Record<RaidLevel, number>> = { 'raid-0': 2, 'raid-1': 2, 'raid-5': 3, 'raid-6': 4, 'raid-10': 3 };

/** The new group and its device are the last of their lists. */
export function createRaid(storage: Storage, wish: RaidWish, fresh: Fresh): Storage {
	const group: Group = {
		id: fresh.id('group'),
		kind: 'raid',
		name: wish.name ? checkNameFree(storage, wish.name) : nextName(storage, 'md'),
		uuid: chooseUuid(storage, wish.uuid, fresh),
		level: readLevel(wish.level),
		cacheMode: null,
		cacheSetId: null,
	};
	const active = findCarriers(storage, { ...wish, deviceField: 'block_devices', partitionField: 'partitions' });
	const spare = findCarriers(storage, {
		...{ devices: wish.spareDevices, deviceField: 'spare_devices' },
		...{ partitions: wish.sparePartitions, partitionField: 'spare_partitions' },
	});
	const withGroup = { ...storage, groups: [...storage.groups, group] };
	const withActive = join(withGroup, active, { fstype: 'raid', group, field: 'block_devices' }, fresh);
	const joined = join(withActive, spare, { fstype: 'raid-spare', group, field: 'spare_devices' }, fresh);
	checkMembers(joined, group);
	const device = virtualDevice(joined, group, { name: group.name, size: groupSize(joined, group), uuid: fresh.uuid() }, fresh);
	return settle({ ...joined, devices: [...joined.devices, device] });
}

export function updateRaid(storage: Storage, group: Group, change: RaidChange, fresh: Fresh): Storage {
	const now = described(withoutOwnDevice(storage, group), group, change, fresh);
	let changed: Storage = {
		...storage,
		groups: storage.groups.map((each) => (each === group ? now : each)),
		devices: storage.devices.map((each) =>
			each.groupId === group.id && each.name !== now.name ? { ...each, name: now.name } : each,
		),
	};
	// members that leave come first: an active one can become a spare in one request
	for (const [fstype, spare] of [
		['raid', ''],
		['raid-spare', 'spare_'],
	] as const) {
		const removed = findCarriers(changed, {
			...{ devices: spare ? change.removeSpareDevices : change.removeDevices },
			...{ partitions: spare ? change.removeSparePartitions : change.removePartitions },
			...{ deviceField: `remove_${spare || 'block_'}devices`, partitionField: `remove_${spare}partitions` },
		});
		changed = leave(changed, removed, now, [fstype], `remove_${spare || 'block_'}devices`);
	}
	for (const [fstype, spare] of [
		['raid', ''],
		['raid-spare', 'spare_'],
	] as const) {
		const field = `add_${spare || 'block_'}devices`;
		const added = findCarriers(changed, {
			...{ devices: spare ? change.addSpareDevices : change.addDevices },
			...{ partitions: spare ? change.addSparePartitions : change.addPartitions },
			...{ deviceField: field, partitionField: `add_${spare}partitions` },
		});
		changed = join(changed, added, { fstype, group: now, field }, fresh);
	}
	checkMembers(changed, now);
	return settle(changed);
}

/** With its device and what is on it; not while another group needs that. */
export function deleteRaid(storage: Storage, group: Group): Storage {
	const without = volumesOf(storage, group).reduce(dropDevice, storage);
	return dissolved(without, { groupId: group.id });
}

/** Its device has its name. */
export const withoutOwnDevice = (storage: Storage, group: Group): Storage => ({
	...storage,
	devices: storage.devices.filter((device) => device.groupId !== group.id),
});

function checkMembers(storage: Storage, group: Group): void {
	const members = membersOf(storage, group);
	const active = members.filter((member) => member.fstype === 'raid').length;
	const spares = members.length - active;
	const level = group.level ?? 'raid-1';
	if (active >= fewest[level] && (spares === 0 || level !== 'raid-0')) return;
	const rule = `at least ${fewest[level]} raid devices and ${level === 'raid-0' ? 'no' : 'any number of'} spares`;
	throw unfit('level', `RAID level ${level.slice(5)} must have ${rule}.`);
}
