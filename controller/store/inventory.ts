import type { Mac } from '../domain/address.ts';
import type { BlockDevice, Component, Inventory, NetworkCard, NumaNode } from '../domain/inventory.ts';
import { among } from './among.ts';
import type { Database } from './database.ts';
import { replaceNodeDevices } from './nodeDevices.ts';

export interface InventoryStore {
	interfaces(nodeId: number): (NetworkCard & { id: number })[];
	blockDevices(nodeId: number): (BlockDevice & { id: number })[];
	numaNodes(nodeId: number): NumaNode[];
	/** One statement for all of these. */
	numaNodesOf(nodeIds: Iterable<number>): Map<number, NumaNode[]>;
	components(nodeId: number): (Component & { provenAt: string })[];
	/** One statement each for the whole list of machines, or for these. */
	macs(only?: readonly number[]): Map<number, Mac[]>;
	disks(only?: readonly number[]): Map<number, { count: number; size: number }>;
	/**
	 * Replaces what was known; a card that now answers from another machine has moved there. Within one transaction. Cards or disks
	 * stay as they were where `which` says false.
	 */
	replace(nodeId: number, inventory: Inventory, at: string, which?: { network?: boolean; storage?: boolean }): void;
	/** Cards that a machine has shown before any inventory (its enlistment). Known ones stay as they are. */
	addMacs(nodeId: number, macs: readonly Mac[]): void;
}

export function createInventoryStore(db: Database): InventoryStore {
	const grouped = <Row extends { node_id: number }, Value>(rows: Row[], value: (row: Row) => Value) => {
		const map = new Map<number, Value[]>();
		for (const row of rows) map.set(row.node_id, [...(map.get(row.node_id) ?? []), value(row)]);
		return map;
	};
	const numaNodesOf = (nodeIds: Iterable<number>) =>
		grouped(
			db.all(db.sql.selectFrom('numa_node').selectAll().where('node_id', 'in', among(nodeIds)).orderBy('node_id').orderBy('idx')),
			(row): NumaNode => ({
				index: row.idx,
				cores: JSON.parse(row.cores),
				memory: row.memory,
				hugepages: JSON.parse(row.hugepages),
			}),
		);
	return {
		interfaces: (nodeId) =>
			db.all(cards(db).where('node_id', '=', nodeId)).map((row) => ({
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
			db.all(disks(db).where('node_id', '=', nodeId)).map((row) => ({
				id: row.id,
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
		numaNodes: (nodeId) => numaNodesOf([nodeId]).get(nodeId) ?? [],
		numaNodesOf,
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
		macs: (only) => grouped(db.all(only ? cards(db).where('node_id', 'in', among(only)) : cards(db)), (row) => row.mac as Mac),
		disks(only) {
			const summed = db.sql
				.selectFrom('block_device')
				.where('type', '=', 'physical')
				.select(({ fn }) => ['node_id', fn.countAll<number>().as('count'), fn.sum<number>('size').as('size')])
				.groupBy('node_id');
			const rows = db.all(only ? summed.where('node_id', 'in', among(only)) : summed);
			return new Map(rows.map((row) => [row.node_id, { count: row.count, size: row.size }]));
		},
		replace(nodeId, inventory, at, { network = true, storage = true } = {}) {
			db.transaction(() => {
				if (network) replaceCards(db, nodeId, inventory.interfaces);
				if (storage) replaceDisks(db, nodeId, inventory.blockDevices);
				replaceNodeDevices(db, nodeId, inventory.devices ?? []);
				for (const table of ['numa_node', 'component'] as const) db.run(db.sql.deleteFrom(table).where('node_id', '=', nodeId));
				for (const numa of inventory.numaNodes)
					db.run(
						db.sql.insertInto('numa_node').values({
							...{ node_id: nodeId, idx: numa.index, cores: JSON.stringify(numa.cores), memory: numa.memory },
							hugepages: JSON.stringify(numa.hugepages ?? []),
						}),
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

const cards = (db: Database) => db.sql.selectFrom('interface').selectAll().where('type', '=', 'physical').orderBy('id');
const disks = (db: Database) => db.sql.selectFrom('block_device').selectAll().where('type', '=', 'physical').orderBy('id');

/** A card keeps its row, and with it its VLAN and links, as long as its MAC is seen. */
function replaceCards(db: Database, nodeId: number, found: readonly NetworkCard[]): void {
	const macs = found.map((card) => card.mac);
	const known = new Map(db.all(cards(db).where('mac', 'in', macs)).map((row) => [row.mac, row]));
	db.run(
		db.sql
			.deleteFrom('interface')
			.where('type', '=', 'physical')
			.where('node_id', '=', nodeId)
			.where((where) => where.or([where('mac', 'is', null), where('mac', 'not in', macs)])),
	);
	for (const card of found) {
		const row = known.get(card.mac);
		// a card that now answers from another machine has moved there: what it was configured as there is void
		if (row && row.node_id !== nodeId) db.run(db.sql.deleteFrom('interface').where('id', '=', row.id));
		if (row && row.node_id === nodeId)
			db.run(
				db.sql
					.updateTable('interface')
					.set({ ...cardFacts(card), name: card.name })
					.where('id', '=', row.id),
			);
		else insertCard(db, nodeId, card);
	}
}

/** A disk keeps its row, and with it its partitions, as long as it can be recognised: by id path, by serial, at last by name. */
function replaceDisks(db: Database, nodeId: number, found: readonly BlockDevice[]): void {
	const left = db.all(disks(db).where('node_id', '=', nodeId));
	const take = (fits: (row: (typeof left)[number]) => boolean) => {
		const at = left.findIndex(fits);
		return at < 0 ? undefined : left.splice(at, 1)[0];
	};
	const rows = found.map(
		(disk) =>
			(disk.idPath !== null && take((row) => row.id_path === disk.idPath)) ||
			(disk.serial !== null && take((row) => row.serial === disk.serial && row.model === disk.model)) ||
			(disk.serial === null && take((row) => row.name === disk.name && row.serial === null)) ||
			undefined,
	);
	for (const row of left) db.run(db.sql.deleteFrom('block_device').where('id', '=', row.id));
	for (const [at, disk] of found.entries()) {
		const row = rows[at];
		if (row)
			db.run(
				db.sql
					.updateTable('block_device')
					.set({ ...diskFacts(disk), tags: JSON.stringify(keptTags(disk.tags, JSON.parse(row.tags))) })
					.where('id', '=', row.id),
			);
		else db.run(db.sql.insertInto('block_device').values({ node_id: nodeId, ...diskFacts(disk) }));
	}
}

/** What commissioning finds is found anew; what people have tagged a disk with stays. */
function keptTags(found: readonly string[], known: readonly string[]): string[] {
	const own = known.filter((tag) => !/^(ssd|rotary|\d+rpm|removable|sata|multipath)$/.test(tag));
	return [...new Set([...found, ...own])];
}

function insertCard(db: Database, nodeId: number, card: NetworkCard): void {
	db.run(db.sql.insertInto('interface').values({ node_id: nodeId, name: card.name, mac: card.mac, ...cardFacts(card) }));
}

const cardFacts = (card: NetworkCard) => ({
	vendor: card.vendor,
	product: card.product,
	driver: card.driver,
	firmware_version: card.firmwareVersion,
	link_connected: card.linkConnected === null ? null : card.linkConnected ? 1 : 0,
	link_speed: card.linkSpeed,
	interface_speed: card.interfaceSpeed ?? null,
	pci_address: card.pciAddress,
	numa_node: card.numaNode,
});

const diskFacts = (disk: BlockDevice) => ({
	name: disk.name,
	id_path: disk.idPath,
	model: disk.model,
	serial: disk.serial,
	size: disk.size,
	block_size: disk.blockSize,
	rotational: disk.rotational ? 1 : 0,
	firmware_version: disk.firmwareVersion,
	tags: JSON.stringify(disk.tags),
});
