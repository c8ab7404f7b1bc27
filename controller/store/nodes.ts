import type { Selectable } from 'kysely';
import type { Status } from '../domain/lifecycle.ts';
import type { Database } from './database.ts';
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

export interface NodeStore {
	/** In the order of their creation. */
	all(kind?: Node['kind']): Node[];
	byId(id: number): Node | undefined;
	bySystemId(systemId: string): Node | undefined;
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
	return {
		all: (kind) => db.all(kind ? all().where('kind', '=', kind) : all()).map(fromRow),
		byId: (id) => db.all(all().where('id', '=', id)).map(fromRow)[0],
		bySystemId: (systemId) => db.all(all().where('system_id', '=', systemId)).map(fromRow)[0],
	};
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
