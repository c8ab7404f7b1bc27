import type { Selectable } from 'kysely';
import { among } from '../among.ts';
import type { Database } from '../database.ts';
import type { HardwareTables } from '../hardwareTables.ts';
import { withoutUndefined } from './vlans.ts';

export type InterfaceType = 'physical' | 'bond' | 'bridge' | 'vlan';

/** A network card, or what is built on cards; `params`: bond_*, bridge_*, mtu, accept_ra. Speeds in Mbit/s. */
export interface Interface {
	readonly id: number;
	readonly nodeId: number;
	readonly type: InterfaceType;
	readonly name: string;
	readonly mac: string | null;
	/** `null`: disconnected */
	readonly vlanId: number | null;
	readonly enabled: boolean;
	readonly tags: readonly string[];
	readonly params: Readonly<Record<string, string | number | boolean>>;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly firmwareVersion: string | null;
	readonly linkConnected: boolean | null;
	readonly linkSpeed: number | null;
	readonly interfaceSpeed: number | null;
	readonly numaNode: number | null;
	readonly sriovMaxVf: number;
	/** made for one deployment, goes with its release */
	readonly acquired: boolean;
}

/** Which interfaces are built on which. */
export interface Parenthood {
	readonly interfaceId: number;
	readonly parentId: number;
}

export interface InterfaceStore {
	byId(id: number): Interface | undefined;
	byIds(ids: readonly number[]): Interface[];
	/** Of a physical one. */
	byMac(mac: string): Interface | undefined;
	/** One statement each for the whole list of nodes. */
	ofNodes(nodeIds: readonly number[]): Interface[];
	parenthoods(nodeIds: readonly number[]): Parenthood[];
	systemIds(nodeIds: readonly number[]): Map<number, string>;
	/** Anything on this VLAN. */
	onVlan(vlanId: number): Interface[];
	insert(row: Pick<Interface, 'nodeId' | 'type' | 'name' | 'mac'> & Partial<Interface>, parents?: readonly number[]): Interface;
	update(id: number, change: Partial<Omit<Interface, 'id' | 'nodeId' | 'type'>>): void;
	setParents(id: number, parents: readonly number[]): void;
	delete(id: number): void;
}

export function createInterfaceStore(db: Database): InterfaceStore {
	const all = () => db.sql.selectFrom('interface').selectAll().orderBy('id');
	const rows = (query: ReturnType<typeof all>) => db.all(query).map(fromRow);
	const byId = (id: number) => rows(all().where('id', '=', id))[0];
	const setParents = (id: number, parents: readonly number[]) => {
		db.run(db.sql.deleteFrom('interface_parent').where('interface_id', '=', id));
		for (const parent of parents) db.run(db.sql.insertInto('interface_parent').values({ interface_id: id, parent_id: parent }));
	};
	return {
		byId,
		byIds: (ids) => rows(all().where('id', 'in', among(ids))),
		byMac: (mac) => rows(all().where('mac', '=', mac).where('type', '=', 'physical'))[0],
		ofNodes: (nodeIds) => rows(all().where('node_id', 'in', among(nodeIds))),
		parenthoods(nodeIds) {
			const query = db.sql
				.selectFrom('interface_parent')
				.innerJoin('interface', 'interface.id', 'interface_parent.interface_id')
				.select(['interface_id as interfaceId', 'parent_id as parentId', 'node_id as nodeId'])
				.orderBy('interface_id')
				.orderBy('parent_id');
			return db.all(query.where('node_id', 'in', among(nodeIds)));
		},
		systemIds(nodeIds) {
			const query = db.sql.selectFrom('node').select(['id as nodeId', 'system_id as systemId']);
			const found = db.all(query.where('id', 'in', among(nodeIds)));
			return new Map(found.map(({ nodeId, systemId }) => [nodeId, systemId]));
		},
		onVlan: (vlanId) => rows(all().where('vlan_id', '=', vlanId)),
		insert: (row, parents = []) =>
			db.transaction(() => {
				const { nodeId: node_id, type, name, mac } = row;
				const { id } = db.run(db.sql.insertInto('interface').values({ ...toRow(row), node_id, type, name, mac }));
				setParents(id, parents);
				return byId(id) as Interface;
			}),
		update(id, change) {
			const values = toRow(change);
			if (Object.keys(values).length > 0) db.run(db.sql.updateTable('interface').set(values).where('id', '=', id));
		},
		setParents: (id, parents) => db.transaction(() => setParents(id, parents)),
		delete(id) {
			db.run(db.sql.deleteFrom('interface').where('id', '=', id));
		},
	};
}

const fromRow = (row: Selectable<HardwareTables['interface']>): Interface => ({
	id: row.id,
	nodeId: row.node_id,
	type: row.type,
	name: row.name,
	mac: row.mac,
	vlanId: row.vlan_id,
	enabled: row.enabled === 1,
	tags: JSON.parse(row.tags),
	params: JSON.parse(row.params),
	vendor: row.vendor,
	product: row.product,
	firmwareVersion: row.firmware_version,
	linkConnected: row.link_connected === null ? null : row.link_connected === 1,
	linkSpeed: row.link_speed,
	interfaceSpeed: row.interface_speed,
	numaNode: row.numa_node,
	sriovMaxVf: row.sriov_max_vf,
	acquired: row.acquired === 1,
});

function toRow(change: Partial<Interface>) {
	const flag = (value: boolean | null | undefined) => (typeof value === 'boolean' ? Number(value) : value);
	const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
	return withoutUndefined({
		name: change.name,
		mac: change.mac,
		vlan_id: change.vlanId,
		enabled: flag(change.enabled) as number | undefined,
		tags: json(change.tags),
		params: json(change.params),
		vendor: change.vendor,
		product: change.product,
		firmware_version: change.firmwareVersion,
		link_connected: flag(change.linkConnected),
		link_speed: change.linkSpeed,
		interface_speed: change.interfaceSpeed,
		numa_node: change.numaNode,
		sriov_max_vf: change.sriovMaxVf,
		acquired: flag(change.acquired) as number | undefined,
	});
}
