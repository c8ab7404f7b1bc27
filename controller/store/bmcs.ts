import { among } from './among.ts';
import type { Database } from './database.ts';
import type { Secrets } from './secrets.ts';

export type BmcParameters = Record<string, string | string[]>;

export interface Bmc {
	readonly id: number;
	readonly driver: string;
	/** host name or address, for lists; the parameters are sealed */
	readonly address: string | null;
}

export interface BmcStore {
	byId(id: number): Bmc | undefined;
	all(): Map<number, Bmc>;
	among(ids: readonly number[]): Map<number, Bmc>;
	byAddress(driver: string, address: string): Bmc | undefined;
	/** With its secrets: for the power flow, and for administrators who ask; never for a log. */
	parameters(id: number): BmcParameters;
	/** The same of all, by id: an administrator asked for them. */
	allParameters(): Map<number, BmcParameters>;
	insert(driver: string, address: string | null, parameters: BmcParameters): number;
	/** Unless a machine is behind it. */
	deleteUnused(id: number): void;
	update(id: number, driver: string, address: string | null, parameters: BmcParameters): void;
}

export function createBmcStore(db: Database, secrets: Secrets): BmcStore {
	const all = () => db.sql.selectFrom('bmc').select(['id', 'driver', 'address']);
	return {
		byId: (id) => db.first(all().where('id', '=', id)),
		all: () => new Map(db.all(all()).map((bmc) => [bmc.id, bmc])),
		among: (ids) => new Map(db.all(all().where('id', 'in', among(ids))).map((bmc) => [bmc.id, bmc])),
		byAddress: (driver, address) => db.first(all().where('driver', '=', driver).where('address', '=', address)),
		parameters(id) {
			const row = db.first(db.sql.selectFrom('bmc').select('parameters').where('id', '=', id));
			return row ? (secrets.unseal(row.parameters) as BmcParameters) : {};
		},
		allParameters: () =>
			new Map(
				db
					.all(db.sql.selectFrom('bmc').select(['id', 'parameters']))
					.map((row) => [row.id, secrets.unseal(row.parameters) as BmcParameters]),
			),
		insert: (driver, address, parameters) =>
			db.run(db.sql.insertInto('bmc').values({ driver, address, parameters: secrets.seal(parameters) })).id,
		deleteUnused(id) {
			const used = db.first(db.sql.selectFrom('node').select('id').where('bmc_id', '=', id));
			if (!used) db.run(db.sql.deleteFrom('bmc').where('id', '=', id));
		},
		update(id, driver, address, parameters) {
			db.run(
				db.sql
					.updateTable('bmc')
					.set({ driver, address, parameters: secrets.seal(parameters) })
					.where('id', '=', id),
			);
		},
	};
}
