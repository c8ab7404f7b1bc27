import { type Selectable, sql } from 'kysely';
import { domainNameProblem } from '../../domain/dnsName.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';

export interface Domain {
	readonly id: number;
	readonly name: string;
	/** we answer for it; otherwise its own servers do */
	readonly authoritative: boolean;
	/** seconds; `null`: the default of the settings */
	readonly ttl: number | null;
	readonly isDefault: boolean;
	readonly forwardDnsServers: readonly string[];
}
export interface DomainChange {
	readonly name?: string | undefined;
	readonly authoritative?: boolean | undefined;
	readonly ttl?: number | null | undefined;
	readonly forwardDnsServers?: readonly string[] | undefined;
}

/** Every node is in one domain; exactly one domain is the default, where new nodes go. */
export interface DomainStore {
	/** By name. */
	all(): Domain[];
	byId(id: number): Domain | undefined;
	byName(name: string): Domain | undefined;
	default(): Domain;
	/** Throws Refusal `bad-input` with field `name` for a name that is taken or no name. */
	create(domain: DomainChange & { readonly name: string }): Domain;
	update(id: number, change: DomainChange): Domain;
	/** Throws Refusal `bad-input` for the default domain and for one that nodes or resources are in. */
	delete(id: number): void;
	setDefault(id: number): Domain;
	/** How many records each domain has: those of resources, and an address record for each address of a node. */
	recordCounts(): ReadonlyMap<number, number>;
}

/** For the row of a new node. */
export const defaultDomain = (db: Database) => db.sql.selectFrom('dns_domain').select('id').where('is_default', '=', 1);

export function createDomainStore(db: Database): DomainStore {
	const all = () => db.sql.selectFrom('dns_domain').selectAll().orderBy('name');
	const one = (row: Selectable<Tables['dns_domain']> | undefined) => row && fromRow(row);
	const byId = (id: number) => one(db.first(all().where('id', '=', id)));
	const byName = (name: string) => one(db.first(all().where('name', '=', name.toLowerCase().replace(/\.$/, ''))));
	const refuse = (text: string, field?: string) => new Refusal('bad-input', text, field === undefined ? {} : { field });
	const free = (given: string, own: number | null) => {
		const name = given.trim().toLowerCase().replace(/\.$/, '');
		const problem = domainNameProblem(name);
		if (problem) throw refuse(problem, 'name');
		const other = byName(name);
		if (other && other.id !== own) throw refuse('Domain with this Name already exists.', 'name');
		return name;
	};
	// a long list of nodes asks for each of its pieces
	let counted: { version: string; counts: ReadonlyMap<number, number> } | undefined;
	return {
		all: () => db.all(all()).map(fromRow),
		byId,
		byName,
		default: () => one(db.first(all().where('is_default', '=', 1))) as Domain,
		create: (domain) =>
			db.transaction(() => {
				const name = free(domain.name, null);
				const { id } = db.run(db.sql.insertInto('dns_domain').values({ ...toRow(domain), name }));
				return byId(id) as Domain;
			}),
		update: (id, change) =>
			db.transaction(() => {
				const row = { ...toRow(change), ...(change.name === undefined ? {} : { name: free(change.name, id) }) };
				if (Object.keys(row).length > 0) db.run(db.sql.updateTable('dns_domain').set(row).where('id', '=', id));
				return byId(id) as Domain;
			}),
		delete(id) {
			db.transaction(() => {
				if (byId(id)?.isDefault) throw refuse('This domain is the default domain, it cannot be deleted.');
				if (db.first(db.sql.selectFrom('node').select('id').where('domain_id', '=', id).limit(1)))
					throw refuse('This domain cannot be deleted: nodes are in it.');
				if (db.first(db.sql.selectFrom('dns_resource').select('id').where('domain_id', '=', id).limit(1)))
					throw refuse('This domain cannot be deleted: DNS resources are in it.');
				db.run(db.sql.deleteFrom('dns_domain').where('id', '=', id));
			});
		},
		setDefault: (id) =>
			db.transaction(() => {
				db.run(db.sql.updateTable('dns_domain').set({ is_default: 0 }).where('is_default', '=', 1));
				db.run(db.sql.updateTable('dns_domain').set({ is_default: 1 }).where('id', '=', id));
				return byId(id) as Domain;
			}),
		recordCounts() {
			const version = db.version();
			if (counted?.version === version) return counted.counts;
			const records = sql<{ domain_id: number }>`(
				select domain_id from dns_resource join dns_record on dns_record.resource_id = dns_resource.id
				union all
				select domain_id from dns_resource join dns_resource_address on dns_resource_address.resource_id = dns_resource.id
				union all
				select node.domain_id from ip_address join interface on interface.id = ip_address.interface_id
					join node on node.id = interface.node_id where ip_address.ip is not null and ip_address.alloc_type in (0, 1)
				union all
				select node.domain_id from lease join interface on interface.mac = lease.mac and interface.type = 'physical'
					join node on node.id = interface.node_id where lease.state = 'bound')`;
			const rows = db.all(
				db.sql
					.selectFrom(records.as('record'))
					.select(({ fn }) => ['domain_id', fn.countAll<number>().as('records')])
					.groupBy('domain_id'),
			);
			counted = { version, counts: new Map(rows.map((row) => [row.domain_id, row.records])) };
			return counted.counts;
		},
	};
}

const fromRow = (row: Selectable<Tables['dns_domain']>): Domain => ({
	id: row.id,
	name: row.name,
	authoritative: row.authoritative === 1,
	ttl: row.ttl,
	isDefault: row.is_default === 1,
	forwardDnsServers: JSON.parse(row.forward_dns_servers),
});

const toRow = ({ authoritative, ttl, forwardDnsServers }: DomainChange) => ({
	...(authoritative === undefined ? {} : { authoritative: authoritative ? 1 : 0 }),
	...(ttl === undefined ? {} : { ttl }),
	...(forwardDnsServers === undefined ? {} : { forward_dns_servers: JSON.stringify(forwardDnsServers) }),
});
