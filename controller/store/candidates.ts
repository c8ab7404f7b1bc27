import type { Expression, SqlBool } from 'kysely';
import { sql } from 'kysely';
import { findMatches } from '../domain/allocation/allocation.ts';
import type { Candidate } from '../domain/allocation/candidate.ts';
import type { Clause, Part } from '../domain/allocation/clause.ts';
import { asksNodeAlone } from '../domain/allocation/constraints.ts';
import { type Known, usualArchitectures } from '../domain/allocation/known.ts';
import type { Status } from '../domain/lifecycle.ts';
import { among } from './among.ts';
import { deviceParts, diskParts, interfaceParts } from './candidateParts.ts';
import type { Database } from './database.ts';
import type { NodeRow } from './tables.ts';

/** Nodes as constraints see them (`domain/allocation`). Each call uses as many statements for ten thousand nodes as for one. */
export interface CandidateStore {
	/** What names in constraints may stand for; read when it is asked for, so good for one request. */
	known(): Known;
	/** In the order of their creation, without their interfaces, disks and devices; with tags where a clause asks for them. */
	nodes(clauses: readonly Clause[], which?: { kind?: NodeRow['kind']; status?: Status }): Candidate[];
	/** The same candidates with those of their parts that the clauses ask for. */
	withParts(candidates: readonly Candidate[], clauses: readonly Clause[]): Candidate[];
	/** Ids of the nodes that satisfy all, in the order of their creation: for lists. */
	matching(clauses: readonly Clause[], kind?: NodeRow['kind']): number[];
}

export function createCandidateStore(db: Database): CandidateStore {
	const store: CandidateStore = {
		known: () => knownNames(db),
		nodes(clauses, { kind, status } = {}) {
			let query = db.sql
				.selectFrom('node')
				.innerJoin('zone', 'zone.id', 'node.zone_id')
				.innerJoin('pool', 'pool.id', 'node.pool_id')
				.leftJoin('user', 'user.id', 'node.owner_id')
				.leftJoin('dns_domain', 'dns_domain.id', 'node.domain_id')
				.select([
					...(['node.id', 'system_id', 'hostname', 'status', 'locked', 'architecture', 'cpu_count', 'cpu_speed'] as const),
					...(['memory', 'agent_name', 'power_state', 'ephemeral_deploy', 'user.username as owner'] as const),
					...(['zone.name as zone', 'pool.name as pool', 'dns_domain.name as domain'] as const),
				])
				.orderBy('node.id');
			if (kind) query = query.where('node.kind', '=', kind);
			if (status) query = query.where('node.status', '=', status);
			for (const { systemIds } of clauses) if (systemIds) query = query.where(isAmong('system_id', systemIds));
			const tags = clauses.some((clause) => clause.needs === 'tags') ? tagNames(db) : null;
			return db.all(query).map((row) => ({
				id: row.id,
				systemId: row.system_id,
				hostname: row.hostname,
				domain: row.domain ?? '',
				status: row.status,
				locked: row.locked === 1,
				owner: row.owner,
				zone: row.zone,
				pool: row.pool,
				architecture: maasArchitecture(row.architecture),
				cpuCount: row.cpu_count ?? 0,
				cpuSpeed: row.cpu_speed ?? 0,
				memory: Math.floor((row.memory ?? 0) / 2 ** 20),
				agentName: row.agent_name,
				powerState: row.power_state,
				inMemory: row.ephemeral_deploy === 1,
				tags: tags?.get(row.id) ?? [],
				...{ interfaces: [], disks: [], devices: [] },
			}));
		},
		withParts(candidates, clauses) {
			const asked = (part: Part) => candidates.length > 0 && clauses.some((clause) => clause.needs === part);
			const ids = candidates.map((candidate) => candidate.id);
			const interfaces = asked('interfaces') ? interfaceParts(db, ids) : null;
			const disks = asked('disks') ? diskParts(db, ids) : null;
			const devices = asked('devices') ? deviceParts(db, ids) : null;
			if (!interfaces && !disks && !devices) return [...candidates];
			return candidates.map((candidate) => ({
				...candidate,
				interfaces: interfaces?.get(candidate.id) ?? [],
				disks: disks?.get(candidate.id) ?? [],
				devices: devices?.get(candidate.id) ?? [],
			}));
		},
		matching(clauses, kind) {
			const nodes = store.nodes(clauses, kind ? { kind } : {});
			const left = findMatches(nodes, { clauses: clauses.filter(asksNodeAlone) });
			return findMatches(store.withParts(left, clauses), { clauses }).map((node) => node.id);
		},
	};
	return store;
}

/** Inventories say `amd64`; MAAS adds which hardware enablement it needs. */
const maasArchitecture = (architecture: string | null) =>
	architecture === null || architecture.includes('/') ? (architecture ?? '') : `${architecture}/generic`;

const isAmong = (column: string, values: ReadonlySet<string>): Expression<SqlBool> =>
	sql<SqlBool>`${sql.ref(column)} in (select value from json_each(${JSON.stringify([...values])}))`;

function tagNames(db: Database): Map<number, string[]> {
	const names = new Map<number, string[]>();
	const query = db.sql.selectFrom('node_tag').innerJoin('tag', 'tag.id', 'tag_id').select(['node_id', 'name']);
	for (const { node_id, name } of db.all(query)) {
		const list = names.get(node_id);
		if (list) list.push(name);
		else names.set(node_id, [name]);
	}
	return names;
}

/** Each set is read at its first use: most questions need one or two. */
function knownNames(db: Database): Known {
	const names = (table: 'zone' | 'pool' | 'tag') =>
		new Set(db.all(db.sql.selectFrom(table).select('name')).map((row) => row.name));
	const once = <Value>(read: () => Value) => {
		let value: Value | undefined;
		return () => (value ??= read());
	};
	const zones = once(() => names('zone'));
	const pools = once(() => names('pool'));
	const tags = once(() => names('tag'));
	const owners = once(() => new Set(db.all(db.sql.selectFrom('user').select('username')).map((row) => row.username)));
	const architectures = once(() => {
		const found = db.all(db.sql.selectFrom('node').select('architecture').distinct().where('architecture', 'is not', null));
		return new Set([...usualArchitectures, ...found.map((row) => maasArchitecture(row.architecture))]);
	});
	const fabrics = once(() => db.all(db.sql.selectFrom('fabric').select(['id', 'name', 'class_type as classType']).orderBy('id')));
	const vlans = once(() =>
		db.all(db.sql.selectFrom('vlan').select(['id', 'vid', 'name', 'fabric_id as fabricId', 'space_id as spaceId']).orderBy('id')),
	);
	const subnets = once(() =>
		db.all(db.sql.selectFrom('subnet').select(['id', 'cidr', 'name', 'vlan_id as vlanId']).orderBy('id')),
	);
	const spaces = once(() => db.all(db.sql.selectFrom('space').select(['id', 'name']).orderBy('id')));
	return {
		get zones() {
			return zones();
		},
		get pools() {
			return pools();
		},
		get tags() {
			return tags();
		},
		get owners() {
			return owners();
		},
		get architectures() {
			return architectures();
		},
		get fabrics() {
			return fabrics();
		},
		get vlans() {
			return vlans();
		},
		get subnets() {
			return subnets();
		},
		get spaces() {
			return spaces();
		},
		subnetsOfInterface: (interfaceId) =>
			db
				.all(
					db.sql
						.selectFrom('ip_address')
						.select('subnet_id')
						.where('interface_id', 'in', among([interfaceId]))
						.where('subnet_id', 'is not', null),
				)
				.map((row) => row.subnet_id as number),
	};
}
