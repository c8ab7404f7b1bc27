import type { Mac } from '../domain/address.ts';
import type { BlockDevice, Component, Inventory, NetworkCard } from '../domain/inventory.ts';
import type { Database } from './database.ts';

export interface InventoryStore {
	interfaces(nodeId: number): (NetworkCard & { id: number })[];
	blockDevices(nodeId: number): BlockDevice[];
	numaNodes(nodeId: number): { index: number; cores: number[]; memory: number }[];
	components(nodeId: number): (Component & { provenAt: string })[];
	/** One statement each for the whole list of machines. */
	macs(): Map<number, Mac[]>;
	disks(): Map<number, { count: number; size: number }>;
	/** Replaces what was known; a card that now answers from another machine has moved there. Within one transaction. */
	replace(nodeId: number, inventory: Inventory, at: string): void;
	/** Cards that a machine has shown before any inventory (its enlistment). Known ones stay as they are. */
	addMacs(nodeId: number, macs: readonly Mac[]): void;
}

export function createInventoryStore(db: Database): InventoryStore {
	const grouped = <Row extends { node_id: number }, Value>(rows: Row[], value: (row: Row) => Value) => {
		const map = new Map<number, Value[]>();
		for (const row of rows) map.set(row.node_id, [...(map.get(row.node_id) ?? []), value(row)]);
		return map;
	};
	return {
		interfaces: (nodeId) =>
			db.all(db.sql.selectFrom('interface').selectAll().where('node_id', '=', nodeId).orderBy('id')).map((row) => ({
				id: row.id,
				name: row.name,
				mac: row.mac as Mac,
				vendor: row.vendor,
				product: row.product,
				driver: row.driver,
				firmwareVersion: row.firmware_version,
				linkConnected: row.link_connected === null ? null : row.link_connected === 1,
				linkSpeed: row.link_speed,
				pciAddress: row.pci_address,
				numaNode: row.numa_node,
			})),
		blockDevices: (nodeId) =>
			db.all(db.sql.selectFrom('block_device').selectAll().where('node_id', '=', nodeId).orderBy('id')).map((row) => ({
				name: row.name,
				idPath: row.id_path,
				model: row.model,
				serial: row.serial,
				size: row.size,
				blockSize: row.block_size,
				rotational: row.rotational === 1,
				firmwareVersion: row.firmware_version,
				tags: JSON.parse(row.tags),
			})),
		numaNodes: (nodeId) =>
			db
				.all(db.sql.selectFrom('numa_node').selectAll().where('node_id', '=', nodeId).orderBy('idx'))
				.map((row) => ({ index: row.idx, cores: JSON.parse(row.cores), memory: row.memory })),
		components: (nodeId) =>
			db
				.all(db.sql.selectFrom('component').selectAll().where('node_id', '=', nodeId).orderBy('kind').orderBy('name'))
				.map((row) => ({
					kind: row.kind as Component['kind'],
					name: row.name,
					vendor: row.vendor,
					model: row.model,
					serial: row.serial,
					version: row.version,
					provenAt: row.proven_at,
				})),
		macs: () => grouped(db.all(db.sql.selectFrom('interface').select(['node_id', 'mac']).orderBy('id')), (row) => row.mac as Mac),
		disks: () =>
			new Map(
				db
					.all(
						db.sql
							.selectFrom('block_device')
							.select(({ fn }) => ['node_id', fn.countAll<number>().as('count'), fn.sum<number>('size').as('size')])
							.groupBy('node_id'),
					)
					.map((row) => [row.node_id, { count: row.count, size: row.size }]),
			),
		replace(nodeId, inventory, at) {
			db.transaction(() => {
				const macs = inventory.interfaces.map((card) => card.mac);
				db.run(
					db.sql.deleteFrom('interface').where((where) => where.or([where('node_id', '=', nodeId), where('mac', 'in', macs)])),
				);
				for (const table of ['block_device', 'numa_node', 'component'] as const)
					db.run(db.sql.deleteFrom(table).where('node_id', '=', nodeId));
				for (const card of inventory.interfaces) insertCard(db, nodeId, card);
				for (const disk of inventory.blockDevices) insertDisk(db, nodeId, disk);
				for (const numa of inventory.numaNodes)
					db.run(
						db.sql
							.insertInto('numa_node')
							.values({ node_id: nodeId, idx: numa.index, cores: JSON.stringify(numa.cores), memory: numa.memory }),
					);
				for (const part of inventory.components)
					db.run(
						db.sql
							.insertInto('component')
							.values({ node_id: nodeId, ...part, proven_at: at })
							.onConflict((conflict) =>
								conflict.columns(['node_id', 'kind', 'name']).doUpdateSet({ version: part.version, proven_at: at }),
							),
					);
			});
		},
		addMacs(nodeId, macs) {
			const known = db.all(db.sql.selectFrom('interface').select('mac').where('mac', 'in', macs)).map((row) => row.mac);
			for (const [at, mac] of macs.entries())
				if (!known.includes(mac)) insertCard(db, nodeId, { ...blankCard, name: `eth${at}`, mac });
		},
	};
}

const blankCard = {
	vendor: null,
	product: null,
	driver: null,
	firmwareVersion: null,
	linkConnected: null,
	linkSpeed: null,
	pciAddress: null,
	numaNode: null,
};

function insertCard(db: Database, nodeId: number, card: NetworkCard): void {
	db.run(
		db.sql.insertInto('interface').values({
			node_id: nodeId,
			name: card.name,
			mac: card.mac,
			vendor: card.vendor,
			product: card.product,
			driver: card.driver,
			firmware_version: card.firmwareVersion,
			link_connected: card.linkConnected === null ? null : card.linkConnected ? 1 : 0,
			link_speed: card.linkSpeed,
			pci_address: card.pciAddress,
			numa_node: card.numaNode,
		}),
	);
}

function insertDisk(db: Database, nodeId: number, disk: BlockDevice): void {
	db.run(
		db.sql.insertInto('block_device').values({
			node_id: nodeId,
			name: disk.name,
			id_path: disk.idPath,
			model: disk.model,
			serial: disk.serial,
			size: disk.size,
			block_size: disk.blockSize,
			rotational: disk.rotational ? 1 : 0,
			firmware_version: disk.firmwareVersion,
			tags: JSON.stringify(disk.tags),
		}),
	);
}
