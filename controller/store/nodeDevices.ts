import type { Selectable } from 'kysely';
import type { NodeDevice } from '../domain/inventory.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** In MAAS's numbers. */
const buses = { PCIE: 1, USB: 2 } as const;
export const hardwareTypes = ['node', 'cpu', 'memory', 'storage', 'network', 'gpu'] as const;

export interface StoredNodeDevice extends Omit<NodeDevice, 'disk' | 'interface'> {
	readonly id: number;
	readonly blockDeviceId: number | null;
	readonly interfaceId: number | null;
}

export interface NodeDeviceStore {
	/** In the order of their buses. */
	of(nodeId: number): StoredNodeDevice[];
	delete(id: number): void;
}

export function createNodeDeviceStore(db: Database): NodeDeviceStore {
	return {
		of: (nodeId) => db.all(db.sql.selectFrom('node_device').selectAll().where('node_id', '=', nodeId).orderBy('id')).map(fromRow),
		delete: (id) => void db.run(db.sql.deleteFrom('node_device').where('id', '=', id)),
	};
}

/** A device that is found again at its place keeps its row. Part of `InventoryStore.replace`, within its transaction. */
export function replaceNodeDevices(db: Database, nodeId: number, found: readonly NodeDevice[]): void {
	const idsByName = (table: 'block_device' | 'interface') =>
		new Map(
			db
				.all(db.sql.selectFrom(table).select(['id', 'name']).where('node_id', '=', nodeId).where('type', '=', 'physical'))
				.map((row) => [row.name, row.id]),
		);
	const [disks, cards] = [idsByName('block_device'), idsByName('interface')];
	const known = new Map(
		db.all(db.sql.selectFrom('node_device').selectAll().where('node_id', '=', nodeId)).map((row) => [placeOf(row), row.id]),
	);
	for (const device of found) {
		const row = toRow(nodeId, device, disks, cards);
		const place = placeOf(row);
		const id = known.get(place);
		known.delete(place);
		if (id === undefined) db.run(db.sql.insertInto('node_device').values(row));
		else db.run(db.sql.updateTable('node_device').set(row).where('id', '=', id));
	}
	for (const id of known.values()) db.run(db.sql.deleteFrom('node_device').where('id', '=', id));
}

type Row = Selectable<Tables['node_device']>;

/** Another kind of device in the same slot is another device. */
const placeOf = (row: Omit<Row, 'id'>): string =>
	[row.bus, row.pci_address ?? `${row.bus_number}:${row.device_number}`, row.vendor_id, row.product_id].join(' ');

const toRow = (
	nodeId: number,
	device: NodeDevice,
	disks: ReadonlyMap<string, number>,
	cards: ReadonlyMap<string, number>,
): Omit<Row, 'id'> => ({
	node_id: nodeId,
	bus: buses[device.bus],
	hardware_type: hardwareTypes.indexOf(device.hardwareType),
	vendor_id: device.vendorId,
	product_id: device.productId,
	vendor_name: device.vendorName,
	product_name: device.productName,
	commissioning_driver: device.driver,
	bus_number: device.busNumber,
	device_number: device.deviceNumber,
	pci_address: device.pciAddress,
	numa_node: device.numaNode,
	block_device_id: (device.disk === null ? undefined : disks.get(device.disk)) ?? null,
	interface_id: (device.interface === null ? undefined : cards.get(device.interface)) ?? null,
});

const fromRow = (row: Row): StoredNodeDevice => ({
	id: row.id,
	bus: row.bus === buses.USB ? 'USB' : 'PCIE',
	hardwareType: hardwareTypes[row.hardware_type] ?? 'node',
	vendorId: row.vendor_id,
	productId: row.product_id,
	vendorName: row.vendor_name,
	productName: row.product_name,
	driver: row.commissioning_driver,
	busNumber: row.bus_number,
	deviceNumber: row.device_number,
	pciAddress: row.pci_address,
	numaNode: row.numa_node,
	blockDeviceId: row.block_device_id,
	interfaceId: row.interface_id,
});
