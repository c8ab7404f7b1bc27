import type { Insertable } from 'kysely';
import type { CacheSet, Device, Filesystem, Group, Partition, Storage } from '../../domain/storage/storage.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';

type TableName = 'block_device' | 'partition' | 'filesystem' | 'filesystem_group' | 'cache_set';

/** Writes the rows that differ: what is the same object in both is not looked at. Within one transaction. */
export function writeStorage(db: Database, nodeId: number, before: Storage, after: Storage): void {
	if (before === after) return;
	const allOf = (storage: Storage) => [...storage.filesystems, ...storage.shadowed];
	const filesystems = differences(allOf(before), allOf(after));
	const partitions = differences(before.partitions, after.partitions);
	const devices = differences(before.devices, after.devices);
	const groups = differences(before.groups, after.groups);
	const cacheSets = differences(before.cacheSets, after.cacheSets);

	// rows go before those that they point to, and come after them
	remove(db, 'filesystem', filesystems.gone);
	remove(db, 'partition', partitions.gone);
	remove(db, 'block_device', devices.gone);
	remove(db, 'filesystem_group', groups.gone);
	remove(db, 'cache_set', cacheSets.gone);
	put(db, 'cache_set', cacheSets, (set) => cacheSetRow(nodeId, set));
	put(db, 'filesystem_group', groups, (group) => groupRow(nodeId, group));
	put(db, 'block_device', devices, (device) => deviceRow(nodeId, device));
	put(db, 'partition', partitions, partitionRow);
	put(db, 'filesystem', filesystems, (filesystem) => filesystemRow(nodeId, filesystem));

	db.run(
		db.sql
			.updateTable('node')
			.set({
				boot_disk_id: after.bootDiskId,
				storage_acquired: after.acquired ? 1 : 0,
				storage_laid_out_by: after.laidOutBy,
			})
			.where('id', '=', nodeId),
	);
}

interface Differences<Item> {
	readonly gone: readonly number[];
	readonly added: readonly Item[];
	readonly changed: readonly Item[];
}

function differences<Item extends { readonly id: number }>(before: readonly Item[], after: readonly Item[]): Differences<Item> {
	const known = new Map(before.map((item) => [item.id, item]));
	const kept = new Set(after.map((item) => item.id));
	return {
		gone: before.filter((item) => !kept.has(item.id)).map((item) => item.id),
		added: after.filter((item) => !known.has(item.id)),
		changed: after.filter((item) => known.has(item.id) && known.get(item.id) !== item),
	};
}

function remove(db: Database, table: TableName, ids: readonly number[]): void {
	for (const id of ids) db.run(db.sql.deleteFrom(table).where('id', '=', id));
}

function put<Name extends TableName, Item extends { readonly id: number }>(
	db: Database,
	table: Name,
	{ added, changed }: Differences<Item>,
	rowOf: (item: Item) => Insertable<Tables[Name]>,
): void {
	// Kysely can't follow the row's type through the table's name; the signature above holds the two together
	const one = table as 'cache_set';
	for (const item of added) db.run(db.sql.insertInto(one).values({ id: item.id, ...rowOf(item) } as never));
	for (const item of changed)
		db.run(
			db.sql
				.updateTable(one)
				.set(rowOf(item) as never)
				.where('id', '=', item.id),
		);
}

const cacheSetRow = (nodeId: number, { name }: CacheSet): Insertable<Tables['cache_set']> => ({ node_id: nodeId, name });

const groupRow = (nodeId: number, group: Group): Insertable<Tables['filesystem_group']> => ({
	node_id: nodeId,
	kind: group.kind,
	name: group.name,
	uuid: group.uuid,
	level: group.level,
	cache_mode: group.cacheMode,
	cache_set_id: group.cacheSetId,
});

const deviceRow = (nodeId: number, device: Device): Insertable<Tables['block_device']> => ({
	node_id: nodeId,
	type: device.type,
	name: device.name,
	uuid: device.uuid,
	model: device.model,
	serial: device.serial,
	id_path: device.idPath,
	size: device.size,
	block_size: device.blockSize,
	rotational: device.rotational ? 1 : 0,
	firmware_version: device.firmwareVersion,
	tags: JSON.stringify(device.tags),
	partition_table: device.partitionTable,
	group_id: device.groupId,
	numa_node: device.numaNode,
});

const partitionRow = (partition: Partition): Insertable<Tables['partition']> => ({
	block_device_id: partition.deviceId,
	number: partition.number,
	uuid: partition.uuid,
	size: partition.size,
	bootable: partition.bootable ? 1 : 0,
	tags: JSON.stringify(partition.tags),
});

const filesystemRow = (nodeId: number, filesystem: Filesystem): Insertable<Tables['filesystem']> => ({
	node_id: nodeId,
	block_device_id: filesystem.deviceId,
	partition_id: filesystem.partitionId,
	group_id: filesystem.groupId,
	cache_set_id: filesystem.cacheSetId,
	fstype: filesystem.fstype,
	uuid: filesystem.uuid,
	label: filesystem.label,
	mount_point: filesystem.mountPoint,
	mount_options: filesystem.mountOptions,
	acquired: filesystem.acquired ? 1 : 0,
});
