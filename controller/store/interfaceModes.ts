import type { Ipv4 } from '../domain/address.ts';
import type { Database } from './database.ts';

/** What a person has allowed on an interface; one without a row is off. */
export interface InterfaceMode {
	readonly name: string;
	readonly mode: 'off' | 'full';
	readonly pool: { readonly start: Ipv4; readonly end: Ipv4 } | null;
}

export interface InterfaceModeStore {
	all(): InterfaceMode[];
	set(mode: InterfaceMode): void;
}

export function createInterfaceModeStore(db: Database): InterfaceModeStore {
	return {
		all: () =>
			db.all(db.sql.selectFrom('interface_mode').selectAll()).map((row) => ({
				name: row.name,
				mode: row.mode,
				pool: row.pool_start && row.pool_end ? { start: row.pool_start as Ipv4, end: row.pool_end as Ipv4 } : null,
			})),
		set({ name, mode, pool }) {
			const row = { mode, pool_start: pool?.start ?? null, pool_end: pool?.end ?? null };
			db.run(
				db.sql
					.insertInto('interface_mode')
					.values({ name, ...row })
					.onConflict((conflict) => conflict.column('name').doUpdateSet(row)),
			);
		},
	};
}
