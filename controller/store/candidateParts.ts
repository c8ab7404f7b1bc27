import type { CandidateDevice, CandidateDisk, CandidateInterface } from '../domain/allocation/candidate.ts';
import { among } from './among.ts';
import type { Database } from './database.ts';

/** The parts of many nodes at once, by node, in the order of their creation. Nodes without any are not in the answer. */

export function interfaceParts(db: Database, nodeIds: readonly number[]): Map<number, CandidateInterface[]> {
	const cards = db.all(
		db.sql
			.selectFrom('interface')
			.leftJoin('vlan', 'vlan.id', 'interface.vlan_id')
			.select([
				...([
					'interface.id',
					'interface.node_id',
					'interface.name',
					'interface.type',
					'interface.mac',
					'interface.tags',
				] as const),
				...(['interface.link_speed', 'interface.vlan_id', 'vlan.vid', 'vlan.fabric_id', 'vlan.space_id'] as const),
			])
			.where('interface.node_id', 'in', among(nodeIds))
			.orderBy('interface.id'),
	);
	const links = Map.groupBy(
		db.all(
			db.sql
				.selectFrom('ip_address')
				.innerJoin('interface', 'interface.id', 'ip_address.interface_id')
				.select(['ip_address.interface_id', 'ip_address.mode', 'ip_address.subnet_id', 'ip_address.ip'])
				.where('interface.node_id', 'in', among(nodeIds))
				.orderBy('ip_address.id'),
		),
		(row) => row.interface_id,
	);
	return byNode(cards, (row) => ({
		id: row.id,
		name: row.name,
		type: row.type,
		mac: row.mac,
		linkSpeed: row.link_speed ?? 0,
		tags: JSON.parse(row.tags),
		vlan:
			row.vlan_id === null || row.vid === null || row.fabric_id === null
				? null
				: { id: row.vlan_id, vid: row.vid, fabricId: row.fabric_id, spaceId: row.space_id },
		links: (links.get(row.id) ?? []).map((link) => ({ mode: link.mode ?? 'observed', subnetId: link.subnet_id, ip: link.ip })),
	}));
}

export function diskParts(db: Database, nodeIds: readonly number[]): Map<number, CandidateDisk[]> {
	const disks = db.all(
		db.sql
			.selectFrom('block_device')
			.innerJoin('node', 'node.id', 'block_device.node_id')
			.select([
				...(['block_device.id', 'block_device.node_id', 'block_device.name', 'block_device.size'] as const),
				...(['block_device.tags', 'block_device.partition_table', 'node.boot_disk_id'] as const),
			])
			.where('block_device.node_id', 'in', among(nodeIds))
			.orderBy('block_device.id'),
	);
	const partitions = Map.groupBy(
		db.all(
			db.sql
				.selectFrom('partition')
				.innerJoin('block_device', 'block_device.id', 'partition.block_device_id')
				.select(['partition.id', 'partition.block_device_id', 'partition.size', 'partition.tags'])
				.where('block_device.node_id', 'in', among(nodeIds))
				.orderBy('partition.id'),
		),
		(row) => row.block_device_id,
	);
	const onDisk = new Map<number, boolean>();
	const onPartition = new Map<number, boolean>();
	// whoever has a machine has copies of its file systems; members of groups are never copied (domain/storage/acquired.ts)
	const filesystems = db.sql
		.selectFrom('filesystem')
		.innerJoin('node', 'node.id', 'filesystem.node_id')
		.select(['filesystem.block_device_id', 'filesystem.partition_id', 'filesystem.mount_point'])
		.where('filesystem.node_id', 'in', among(nodeIds))
		.where(({ or, eb }) =>
			or([
				eb('filesystem.acquired', '=', eb.ref('node.storage_acquired')),
				eb('filesystem.group_id', 'is not', null),
				eb('filesystem.cache_set_id', 'is not', null),
			]),
		);
	for (const { block_device_id, partition_id, mount_point } of db.all(filesystems)) {
		const [place, id] = block_device_id === null ? [onPartition, partition_id] : [onDisk, block_device_id];
		if (id !== null) place.set(id, place.get(id) === true || mount_point === '/');
	}
	return byNode(disks, (row) => ({
		id: row.id,
		name: row.name,
		size: row.size,
		tags: JSON.parse(row.tags),
		isBoot: row.boot_disk_id === row.id,
		hasRoot: onDisk.get(row.id) === true,
		used: onDisk.has(row.id) || row.partition_table !== null,
		partitions: (partitions.get(row.id) ?? []).map((partition) => ({
			id: partition.id,
			size: partition.size,
			tags: JSON.parse(partition.tags),
			hasRoot: onPartition.get(partition.id) === true,
			used: onPartition.has(partition.id),
		})),
	}));
}

export function deviceParts(db: Database, nodeIds: readonly number[]): Map<number, CandidateDevice[]> {
	const devices = db.all(
		db.sql
			.selectFrom('node_device')
			.select(['node_id', 'vendor_id', 'product_id', 'vendor_name', 'product_name', 'commissioning_driver'])
			.where('node_id', 'in', among(nodeIds))
			.orderBy('id'),
	);
	return byNode(devices, ({ node_id: _, ...device }) => device);
}

function byNode<Row extends { readonly node_id: number }, Value>(rows: readonly Row[], value: (row: Row) => Value) {
	const map = new Map<number, Value[]>();
	for (const row of rows) {
		const list = map.get(row.node_id);
		if (list) list.push(value(row));
		else map.set(row.node_id, [value(row)]);
	}
	return map;
}
