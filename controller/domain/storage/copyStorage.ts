import { cleared } from './layouts.ts';
import type { Filesystem, Fresh, Storage } from './storage.ts';

export type Copied = { readonly ok: true; readonly storage: Storage } | { readonly ok: false; readonly text: string };

/**
 * The layout of one machine on the disks of another: its physical disks in their order, each on one that is as large at least, with
 * ids and UUIDs of their own. What the operator laid out is copied, not what an owner has made of it.
 */
export function copyStorage(source: Storage, target: Storage, fresh: Fresh): Copied {
	const [from, onto] = [physical(source), physical(target)];
	if (onto.length < from.length)
		return { ok: false, text: `The machine has ${onto.length} disks; the source has ${from.length}.` };
	const small = from.findIndex((disk, at) => (onto[at]?.size ?? 0) < disk.size);
	if (small >= 0) {
		const [disk, place] = [from[small], onto[small]] as [(typeof from)[number], (typeof onto)[number]];
		return { ok: false, text: `The disk ${place.name} has ${place.size} bytes; the source’s ${disk.name} has ${disk.size}.` };
	}

	const devices = new Map(from.map((disk, at) => [disk.id, onto[at]?.id as number]));
	for (const { id, type } of source.devices) if (type === 'virtual') devices.set(id, fresh.id('device'));
	const partitions = new Map(source.partitions.map(({ id }) => [id, fresh.id('partition')]));
	const groups = new Map(source.groups.map(({ id }) => [id, fresh.id('group')]));
	const cacheSets = new Map(source.cacheSets.map(({ id }) => [id, fresh.id('cacheSet')]));
	const mapped = (ids: ReadonlyMap<number, number>, id: number | null) => (id === null ? null : (ids.get(id) ?? null));

	const empty = cleared(target);
	const tables = new Map(from.map((disk) => [devices.get(disk.id), disk.partitionTable]));
	const virtual = source.devices.filter(({ type }) => type === 'virtual');
	return {
		ok: true,
		storage: {
			...empty,
			...{ acquired: false, shadowed: [], laidOutBy: 'operator' },
			bootDiskId: mapped(devices, source.bootDiskId),
			devices: [
				...empty.devices.map((disk) => ({ ...disk, partitionTable: tables.get(disk.id) ?? null })),
				...virtual.map((each) => ({
					...each,
					id: devices.get(each.id) as number,
					uuid: fresh.uuid(),
					groupId: mapped(groups, each.groupId),
				})),
			],
			partitions: source.partitions.map((each) => ({
				...each,
				id: partitions.get(each.id) as number,
				uuid: fresh.uuid(),
				deviceId: devices.get(each.deviceId) as number,
			})),
			groups: source.groups.map((each) => ({
				...each,
				id: groups.get(each.id) as number,
				uuid: fresh.uuid(),
				cacheSetId: mapped(cacheSets, each.cacheSetId),
			})),
			cacheSets: source.cacheSets.map((each) => ({ ...each, id: cacheSets.get(each.id) as number })),
			filesystems: laidOut(source).map((each) => ({
				...each,
				id: fresh.id('filesystem'),
				uuid: fresh.uuid(),
				deviceId: mapped(devices, each.deviceId),
				partitionId: mapped(partitions, each.partitionId),
				groupId: mapped(groups, each.groupId),
				cacheSetId: mapped(cacheSets, each.cacheSetId),
			})),
		},
	};
}

const physical = ({ devices }: Storage) => devices.filter(({ type }) => type === 'physical');

const laidOut = (storage: Storage): Filesystem[] => [
	...storage.filesystems.filter((each) => !each.acquired),
	...(storage.acquired ? storage.shadowed : []),
];
