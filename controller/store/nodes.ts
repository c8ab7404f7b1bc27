import { type Selectable, sql, type Updateable } from 'kysely';
import type { Status } from '../domain/lifecycle.ts';
import type { Database } from './database.ts';
import { defaultDomain } from './names/domains.ts';
import type { NodeRow } from './tables.ts';

/** A node of any kind, as far as its networks, disks, tags and rights are concerned. */
export interface Node {
	readonly id: number;
	readonly systemId: string;
	readonly kind: 'machine' | 'device' | 'controller';
	readonly hostname: string;
	readonly status: Status;
	readonly ownerId: number | null;
	readonly locked: boolean;
	readonly zoneId: number;
	readonly poolId: number;
	readonly domainId: number;
	readonly parentId: number | null;
	readonly description: string;
	readonly ownerData: Readonly<Record<string, string>>;
	/** seconds; `null`: the domain's */
	readonly addressTtl: number | null;
}

/** What may change of any node; more of a machine is changed by `store.machines`. */
export type NodeChange = {
	readonly [Name in 'hostname' | 'ownerId' | 'zoneId' | 'domainId' | 'parentId' | 'description' | 'ownerData']?:
		| Node[Name]
		| undefined;
};

export interface NodeStore {
	/** In the order of their creation. */
	all(kind?: Node['kind']): Node[];
	byId(id: number): Node | undefined;
	bySystemId(systemId: string): Node | undefined;
	/** Devices that go with this node. */
	childrenOf(nodeId: number): Node[];
	/** A device or controller; the caller has checked the names. */
	insert(node: NodeChange & { kind: 'device' | 'controller'; systemId: string; hostname: string; at: string }): Node;
	/** Of devices and controllers. */
	update(id: number, change: NodeChange): Node;
	/** What a controller has learnt of its own computer. */
	setHardware(
		id: number,
		hardware: {
			architecture: string;
			cpuCount: number;
			cpuModel: string | null;
			cpuSpeed: number | null;
			/** bytes */
			memory: number;
		},
	): void;
	/** Its interfaces, addresses and children go with it. */
	delete(id: number): void;
}

export function createNodeStore(db: Database): NodeStore {
	const all = () =>
		db.sql
			.selectFrom('node')
			.select([
				'id',
				'system_id',
				'kind',
				'hostname',
				'status',
				'owner_id',
				'locked',
				'zone_id',
				'pool_id',
				'domain_id',
				'parent_id',
				'description',
				'owner_data',
				'address_ttl',
			])
			.orderBy('id');
	const byId = (id: number) => db.all(all().where('id', '=', id)).map(fromRow)[0];
	return {
		// a literal, so that SQLite sees that the partial index fits
		all: (kind) => db.all(kind ? all().where('kind', '=', sql.lit(kind)) : all()).map(fromRow),
		byId,
		bySystemId: (systemId) => db.all(all().where('system_id', '=', systemId)).map(fromRow)[0],
		childrenOf: (nodeId) => db.all(all().where('parent_id', '=', nodeId)).map(fromRow),
		insert({ kind, systemId, hostname, at, ...change }) {
			const { id } = db.run(
				db.sql.insertInto('node').values({
					...{
						zone_id: 1,
						pool_id: 0,
						domain_id: defaultDomain(db),
						locked: 0,
						erase: 'none',
						netboot: 0,
						power_state: 'unknown',
					},
					...toRow(change),
					...{ system_id: systemId, kind, hostname, created_at: at, status: 'deployed', status_at: at },
				} as never),
			);
			return byId(id) as Node;
		},
		update(id, change) {
			const row = toRow(change);
			if (Object.keys(row).length > 0) db.run(db.sql.updateTable('node').set(row).where('id', '=', id));
			return byId(id) as Node;
		},
		setHardware(id, { architecture, cpuCount, cpuModel, cpuSpeed, memory }) {
			const row = { architecture, cpu_count: cpuCount, cpu_model: cpuModel, cpu_speed: cpuSpeed, memory };
			db.run(db.sql.updateTable('node').set(row).where('id', '=', id));
		},
		delete(id) {
			db.run(db.sql.deleteFrom('node').where('id', '=', id));
		},
	};
}

function toRow(change: NodeChange): Updateable<NodeRow> {
	const row: Updateable<NodeRow> = {};
	if (change.hostname !== undefined) row.hostname = change.hostname;
	if (change.ownerId !== undefined) row.owner_id = change.ownerId;
	if (change.zoneId !== undefined) row.zone_id = change.zoneId;
	if (change.domainId !== undefined) row.domain_id = change.domainId;
	if (change.parentId !== undefined) row.parent_id = change.parentId;
	if (change.description !== undefined) row.description = change.description;
	if (change.ownerData !== undefined) row.owner_data = JSON.stringify(change.ownerData);
	return row;
}

type Columns =
	| 'id'
	| 'system_id'
	| 'kind'
	| 'hostname'
	| 'status'
	| 'owner_id'
	| 'locked'
	| 'zone_id'
	| 'pool_id'
	| 'domain_id'
	| 'parent_id'
	| 'description'
	| 'owner_data'
	| 'address_ttl';

const fromRow = (row: Pick<Selectable<NodeRow>, Columns>): Node => ({
	id: row.id,
	systemId: row.system_id,
	kind: row.kind,
	hostname: row.hostname,
	status: row.status,
	ownerId: row.owner_id,
	locked: row.locked === 1,
	zoneId: row.zone_id,
	poolId: row.pool_id,
	domainId: row.domain_id ?? 0,
	parentId: row.parent_id,
	description: row.description,
	ownerData: JSON.parse(row.owner_data),
	addressTtl: row.address_ttl,
});
