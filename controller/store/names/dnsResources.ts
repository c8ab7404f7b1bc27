import type { Selectable } from 'kysely';
import type { RecordType } from '../../domain/dnsRecord.ts';
import { among } from '../among.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';

/** A name in a domain that people have made: with addresses, with records, or with both. */
export interface DnsResource {
	readonly id: number;
	readonly domainId: number;
	/** `@` is the domain itself */
	readonly name: string;
	/** seconds, of its addresses; `null`: the domain's */
	readonly addressTtl: number | null;
}
export interface DnsRecord {
	readonly id: number;
	readonly resourceId: number;
	readonly type: RecordType;
	readonly data: string;
	readonly ttl: number | null;
}
export interface ResourceFilter {
	readonly domainId?: number | undefined;
	readonly name?: string | undefined;
}

export interface DnsResourceStore {
	/** By domain and name. */
	all(filter?: ResourceFilter): DnsResource[];
	byId(id: number): DnsResource | undefined;
	find(domainId: number, name: string): DnsResource | undefined;
	create(resource: Omit<DnsResource, 'id'>): DnsResource;
	update(id: number, change: { domainId?: number; name?: string; addressTtl?: number | null }): DnsResource;
	/** With its records; addresses that it has reserved itself are free again. */
	delete(id: number): void;
	/** Ids of addresses, by resource. */
	addressesOf(resourceIds: readonly number[]): Map<number, number[]>;
	/** `made`: reserved for this name alone. */
	addAddress(resourceId: number, addressId: number, made: boolean): void;
	dropAddress(resourceId: number, addressId: number): void;
	records(resourceIds?: readonly number[]): DnsRecord[];
	record(id: number): DnsRecord | undefined;
	createRecord(record: Omit<DnsRecord, 'id'>): DnsRecord;
	updateRecord(id: number, change: { type?: RecordType; data?: string; ttl?: number | null }): DnsRecord;
	deleteRecord(id: number): void;
}

export function createDnsResourceStore(db: Database): DnsResourceStore {
	const resources = () => db.sql.selectFrom('dns_resource').selectAll().orderBy('domain_id').orderBy('name');
	const records = () => db.sql.selectFrom('dns_record').selectAll().orderBy('id');
	const byId = (id: number) => db.all(resources().where('id', '=', id)).map(fromRow)[0];
	const record = (id: number) => db.all(records().where('id', '=', id)).map(fromRecord)[0];
	const addressesOf = (resourceIds: readonly number[]) => {
		const found = new Map<number, number[]>();
		const query = db.sql.selectFrom('dns_resource_address').selectAll().where('resource_id', 'in', among(resourceIds));
		for (const { resource_id, ip_address_id } of db.all(query.orderBy('ip_address_id')))
			found.set(resource_id, [...(found.get(resource_id) ?? []), ip_address_id]);
		return found;
	};
	const dropAddress = (resourceId: number, addressId: number) => {
		const links = () => db.sql.selectFrom('dns_resource_address').selectAll().where('ip_address_id', '=', addressId);
		const link = db.first(links().where('resource_id', '=', resourceId));
		db.run(
			db.sql.deleteFrom('dns_resource_address').where('resource_id', '=', resourceId).where('ip_address_id', '=', addressId),
		);
		if (link?.made !== 1) return;
		const heir = db.first(links());
		if (!heir) db.run(db.sql.deleteFrom('ip_address').where('id', '=', addressId));
		else
			db.run(
				db.sql
					.updateTable('dns_resource_address')
					.set({ made: 1 })
					.where('resource_id', '=', heir.resource_id)
					.where('ip_address_id', '=', addressId),
			);
	};
	return {
		all({ domainId, name } = {}) {
			let query = resources();
			if (domainId !== undefined) query = query.where('domain_id', '=', domainId);
			if (name !== undefined) query = query.where('name', '=', name);
			return db.all(query).map(fromRow);
		},
		byId,
		find: (domainId, name) => db.all(resources().where('domain_id', '=', domainId).where('name', '=', name)).map(fromRow)[0],
		create({ domainId, name, addressTtl }) {
			const { id } = db.run(db.sql.insertInto('dns_resource').values({ domain_id: domainId, name, address_ttl: addressTtl }));
			return { id, domainId, name, addressTtl };
		},
		update(id, { domainId, name, addressTtl }) {
			const row = {
				...(domainId === undefined ? {} : { domain_id: domainId }),
				...(name === undefined ? {} : { name }),
				...(addressTtl === undefined ? {} : { address_ttl: addressTtl }),
			};
			if (Object.keys(row).length > 0) db.run(db.sql.updateTable('dns_resource').set(row).where('id', '=', id));
			return byId(id) as DnsResource;
		},
		delete: (id) =>
			db.transaction(() => {
				for (const addressId of addressesOf([id]).get(id) ?? []) dropAddress(id, addressId);
				db.run(db.sql.deleteFrom('dns_resource').where('id', '=', id));
			}),
		addressesOf,
		addAddress(resourceId, addressId, made) {
			db.run(
				db.sql
					.insertInto('dns_resource_address')
					.values({ resource_id: resourceId, ip_address_id: addressId, made: made ? 1 : 0 })
					.onConflict((conflict) => conflict.doNothing()),
			);
		},
		dropAddress,
		records: (resourceIds) =>
			db.all(resourceIds ? records().where('resource_id', 'in', among(resourceIds)) : records()).map(fromRecord),
		record,
		createRecord({ resourceId, type, data, ttl }) {
			const { id } = db.run(db.sql.insertInto('dns_record').values({ resource_id: resourceId, rrtype: type, rrdata: data, ttl }));
			return { id, resourceId, type, data, ttl };
		},
		updateRecord(id, { type, data, ttl }) {
			const row = {
				...(type === undefined ? {} : { rrtype: type }),
				...(data === undefined ? {} : { rrdata: data }),
				...(ttl === undefined ? {} : { ttl }),
			};
			if (Object.keys(row).length > 0) db.run(db.sql.updateTable('dns_record').set(row).where('id', '=', id));
			return record(id) as DnsRecord;
		},
		deleteRecord(id) {
			db.run(db.sql.deleteFrom('dns_record').where('id', '=', id));
		},
	};
}

const fromRow = (row: Selectable<Tables['dns_resource']>): DnsResource => ({
	id: row.id,
	domainId: row.domain_id,
	name: row.name,
	addressTtl: row.address_ttl,
});

const fromRecord = (row: Selectable<Tables['dns_record']>): DnsRecord => ({
	id: row.id,
	resourceId: row.resource_id,
	type: row.rrtype as RecordType,
	data: row.rrdata,
	ttl: row.ttl,
});
