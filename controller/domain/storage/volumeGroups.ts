import { checkVolumeName, dropDevice } from './devices.ts';
import { dissolved, findCarriers, join, leave, someCarriers } from './members.ts';
import { checkNameFree, chooseUuid } from './names.ts';
import { cannot, checkSize } from './refuse.ts';
import { settle } from './settle.ts';
import { ALIGNMENT, aligned, groupSize, volumesSize } from './sizes.ts';
import { type Device, deviceUnder, type Fresh, type Group, membersOf, type Storage, volumesOf } from './storage.ts';

type Words = readonly string[] | undefined;

export interface GroupWish {
	readonly name?: string | undefined;
	readonly uuid?: string | undefined;
	readonly devices?: Words;
	readonly partitions?: Words;
}

export interface GroupChange {
	readonly name?: string | undefined;
	readonly uuid?: string | undefined;
	readonly addDevices?: Words;
	readonly removeDevices?: Words;
	readonly addPartitions?: Words;
	readonly removePartitions?: Words;
}

/** Volume groups and VMFS datastores are made of members of one kind. */
const memberType = { 'volume-group': 'lvm-pv', 'vmfs-datastore': 'vmfs6' } as const;
const words = { 'volume-group': 'volume group', 'vmfs-datastore': 'VMFS datastore' } as const;
export type PlainKind = keyof typeof memberType;

/** The new group is the last of the list. */
export function createGroup(storage: Storage, kind: PlainKind, wish: GroupWish, fresh: Fresh): Storage {
	const group: Group = {
		id: fresh.id('group'),
		kind,
		name: checkNameFree(storage, wish.name ?? ''),
		uuid: chooseUuid(storage, wish.uuid, fresh),
		level: null,
		cacheMode: null,
		cacheSetId: null,
	};
	const named = { ...wish, deviceField: 'block_devices', partitionField: 'partitions' };
	const carriers = someCarriers(findCarriers(storage, named), words[kind]);
	const withGroup = { ...storage, groups: [...storage.groups, group] };
	return settle(join(withGroup, carriers, { fstype: memberType[kind], group, field: named.deviceField }, fresh));
}

export function updateGroup(storage: Storage, group: Group, change: GroupChange, fresh: Fresh): Storage {
	const kind = group.kind as PlainKind;
	const added = findCarriers(storage, {
		...{ devices: change.addDevices, deviceField: 'add_block_devices' },
		...{ partitions: change.addPartitions, partitionField: 'add_partitions' },
	});
	const removed = findCarriers(storage, {
		...{ devices: change.removeDevices, deviceField: 'remove_block_devices' },
		...{ partitions: change.removePartitions, partitionField: 'remove_partitions' },
	});
	const renamed = {
		...storage,
		groups: storage.groups.map((each) => (each === group ? described(storage, group, change, fresh) : each)),
	};
	const joined = join(renamed, added, { fstype: memberType[kind], group, field: 'add_block_devices' }, fresh);
	const left = leave(joined, removed, group, [memberType[kind]], 'remove_block_devices');
	if (membersOf(left, group).length === 0) throw cannot(`${group.name} must keep at least one block device or partition.`);
	return settle(left);
}

/** Its new name and UUID. */
export function described(
	storage: Storage,
	group: Group,
	{ name, uuid }: { readonly name?: string | undefined; readonly uuid?: string | undefined },
	fresh: Fresh,
): Group {
	return {
		...group,
		name: name === undefined || name === group.name ? group.name : checkNameFree(storage, name, group),
		uuid: !uuid || uuid.toLowerCase() === group.uuid ? group.uuid : chooseUuid(storage, uuid, fresh),
	};
}

/** Its members are free again. A volume group must be empty first: nobody loses volumes by a slip. */
export function deleteGroup(storage: Storage, group: Group): Storage {
	const volumes = volumesOf(storage, group);
	if (group.kind === 'volume-group' && volumes.length > 0)
		throw cannot(
			`The volume group ${group.name} has logical volumes: delete ${volumes.map(({ name }) => name).join(', ')} first.`,
		);
	return dissolved(storage, { groupId: group.id });
}

/** `size`: bytes, rounded down to LVM's 4 MiB; all that is left when it isn't said. The new volume is the last device of the list. */
export function createLogicalVolume(
	storage: Storage,
	group: Group,
	wish: { readonly name: string; readonly uuid?: string | undefined; readonly size?: number | undefined },
	fresh: Fresh,
): Storage {
	const left = groupSize(storage, group) - volumesSize(storage, group);
	if (left < ALIGNMENT) throw cannot(`The volume group ${group.name} has no room left.`);
	return {
		...storage,
		devices: [
			...storage.devices,
			virtualDevice(
				storage,
				group,
				{
					name: checkVolumeName(storage, group.id, wish.name),
					size: aligned(checkSize('size', wish.size ?? left, ALIGNMENT, left)),
					uuid: chooseUuid(storage, wish.uuid, fresh),
				},
				fresh,
			),
		],
	};
}

/** What a group is used by: its blocks are as large as the largest of its members'. */
export function virtualDevice(storage: Storage, group: Group, own: Pick<Device, 'name' | 'size' | 'uuid'>, fresh: Fresh): Device {
	const under = membersOf(storage, group).map((member) => deviceUnder(storage, member));
	return {
		id: fresh.id('device'),
		type: 'virtual',
		...{ model: null, serial: null, idPath: null, firmwareVersion: null },
		blockSize: Math.max(512, ...under.map((device) => device?.blockSize ?? 0)),
		rotational: under.some((device) => device?.rotational),
		tags: [],
		partitionTable: null,
		groupId: group.id,
		numaNode: null,
		...own,
	};
}

export function deleteLogicalVolume(storage: Storage, volume: Device): Storage {
	return dropDevice(storage, volume);
}
