import { randomUUID } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Device, Filesystem, Fresh, Group, Partition, Platform, Storage } from '../../domain/storage/storage.ts';
import { among } from '../among.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';
import { writeStorage } from './writeStorage.ts';

export interface StorageStore {
	/** With a fixed number of statements for any number of nodes. Nodes that don't exist are not in the answer. */
	of(nodeIds: readonly number[]): Map<number, Storage>;
	/**
	 * Loads, lets `work` answer the storage as it shall be, and writes what differs, in one transaction: when `work` throws, all stays
	 * as it was. Throws when there is no such node.
	 */
	change(nodeId: number, work: (storage: Storage, fresh: Fresh) => Storage): Storage;
}

export function createStorageStore(db: Database): StorageStore {
	const store: StorageStore = {
		of: (nodeIds) => readStorage(db, nodeIds),
		change: (nodeId, work) =>
			db.transaction(() => {
				const before = store.of([nodeId]).get(nodeId);
				if (!before) throw new Error(`there is no node ${nodeId}`);
				const after = work(before, createFresh(db));
				writeStorage(db, nodeId, before, after);
				return after;
			}),
	};
	return store;
}

const tableOf = {
	device: 'block_device',
	partition: 'partition',
	filesystem: 'filesystem',
	group: 'filesystem_group',
	cacheSet: 'cache_set',
} as const;

/** Ids as SQLite would give them next: good within the transaction. */
function createFresh(db: Database): Fresh {
	const last = new Map<keyof typeof tableOf, number>();
	return {
		id(kind) {
			const highest =
				last.get(kind) ?? db.first(db.sql.selectFrom(tableOf[kind]).select(({ fn }) => fn.max('id').as('id')))?.id ?? 0;
			last.set(kind, highest + 1);
			return highest + 1;
		},
		uuid: () => randomUUID(),
	};
}

function readStorage(db: Database, nodeIds: readonly number[]): Map<number, Storage> {
	const wanted = among(nodeIds);
	const nodes = db.all(
		db.sql
			.selectFrom('node')
			.select(['id', 'system_id', 'architecture', 'firmware', 'boot_disk_id', 'storage_acquired', 'storage_laid_out_by'])
			.where('id', 'in', wanted),
	);
	const devices = db.all(db.sql.selectFrom('block_device').selectAll().where('node_id', 'in', wanted).orderBy('id'));
	const partitions = db.all(
		db.sql
			.selectFrom('partition')
			.innerJoin('block_device', 'block_device.id', 'partition.block_device_id')
			.selectAll('partition')
			.select('block_device.node_id')
			.where('block_device.node_id', 'in', wanted)
			.orderBy('partition.id'),
	);
	const filesystems = db.all(db.sql.selectFrom('filesystem').selectAll().where('node_id', 'in', wanted).orderBy('id'));
	const groups = db.all(db.sql.selectFrom('filesystem_group').selectAll().where('node_id', 'in', wanted).orderBy('id'));
	const cacheSets = db.all(db.sql.selectFrom('cache_set').selectAll().where('node_id', 'in', wanted).orderBy('id'));

	const storages = new Map<number, Draft>();
	for (const node of nodes)
		storages.set(node.id, {
			systemId: node.system_id,
			platform: { architecture: node.architecture?.split('/')[0] ?? null, firmware: node.firmware as Platform['firmware'] },
			devices: [],
			partitions: [],
			filesystems: [],
			shadowed: [],
			acquired: node.storage_acquired === 1,
			groups: [],
			cacheSets: [],
			bootDiskId: node.boot_disk_id,
			laidOutBy: node.storage_laid_out_by,
		});
	const tags = createTagReader();
	for (const row of devices) storages.get(row.node_id)?.devices.push(deviceFromRow(row, tags));
	for (const row of partitions) storages.get(row.node_id)?.partitions.push(partitionFromRow(row, tags));
	for (const row of groups) storages.get(row.node_id)?.groups.push(groupFromRow(row));
	for (const { id, name, node_id } of cacheSets) storages.get(node_id)?.cacheSets.push({ id, name });
	for (const row of filesystems) {
		const storage = storages.get(row.node_id);
		const filesystem = filesystemFromRow(row);
		const member = filesystem.groupId !== null || filesystem.cacheSetId !== null;
		const counts = member || filesystem.acquired === storage?.acquired;
		storage?.[counts ? 'filesystems' : 'shadowed'].push(filesystem);
	}
	return storages;
}

type Draft = { -readonly [Key in keyof Storage]: Storage[Key] extends readonly (infer Value)[] ? Value[] : Storage[Key] };

/** Thousands of disks have the same few lists of tags. */
function createTagReader(): (text: string) => readonly string[] {
	const known = new Map<string, readonly string[]>();
	return (text) => {
		const found = known.get(text);
		if (found) return found;
		const tags: readonly string[] = Object.freeze(JSON.parse(text));
		known.set(text, tags);
		return tags;
	};
}

type Row<Name extends keyof Tables> = Selectable<Tables[Name]>;

const deviceFromRow = (row: Row<'block_device'>, tags: (text: string) => readonly string[]): Device => ({
	id: row.id,
	type: row.type,
	name: row.name,
	uuid: row.uuid,
	model: row.model,
	serial: row.serial,
	idPath: row.id_path,
	size: row.size,
	blockSize: row.block_size,
	rotational: row.rotational === 1,
	firmwareVersion: row.firmware_version,
	tags: tags(row.tags),
	partitionTable: row.partition_table,
	groupId: row.group_id,
	numaNode: row.numa_node,
});

const partitionFromRow = (row: Row<'partition'>, tags: (text: string) => readonly string[]): Partition => ({
	id: row.id,
	deviceId: row.block_device_id,
	number: row.number,
	uuid: row.uuid,
	size: row.size,
	bootable: row.bootable === 1,
	tags: tags(row.tags),
});

const groupFromRow = (row: Row<'filesystem_group'>): Group => ({
	id: row.id,
	kind: row.kind,
	name: row.name,
	uuid: row.uuid,
	level: row.level as Group['level'],
	cacheMode: row.cache_mode as Group['cacheMode'],
	cacheSetId: row.cache_set_id,
});

const filesystemFromRow = (row: Row<'filesystem'>): Filesystem => ({
	id: row.id,
	deviceId: row.block_device_id,
	partitionId: row.partition_id,
	groupId: row.group_id,
	cacheSetId: row.cache_set_id,
	fstype: row.fstype as Filesystem['fstype'],
	uuid: row.uuid,
	label: row.label,
	mountPoint: row.mount_point,
	mountOptions: row.mount_options,
	acquired: row.acquired === 1,
});
