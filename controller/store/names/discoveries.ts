import type { Database } from '../database.ts';

/** A host that was heard on a network that this controller is in. */
export interface Discovery {
	readonly ip: string;
	readonly mac: string;
	/** as it calls itself */
	readonly hostname: string | null;
	readonly lastSeen: string;
	/** of the controller, that heard it */
	readonly interfaceName: string;
	/** the card belongs to a node, or to a machine that only booted from it */
	readonly macKnown: boolean;
	/** the address is a node's, a user's, or a lease that runs */
	readonly ipKnown: boolean;
}

export interface DiscoveryStore {
	/** Latest first. */
	all(): Discovery[];
	find(ip: string, mac: string): Discovery | undefined;
	heard(host: { ip: string; mac: string; hostname: string | null; interfaceName: string }): void;
	clear(): void;
	/** Forgets what hosts call themselves, not the hosts. */
	clearHostnames(): void;
	/** Whether there was one. */
	delete(ip: string, mac: string): boolean;
}

export function createDiscoveryStore(db: Database, now: () => Date): DiscoveryStore {
	const all = () =>
		db.sql
			.selectFrom('discovery')
			.select(['discovery.ip', 'discovery.mac', 'discovery.hostname', 'last_seen as lastSeen', 'interface_name as interfaceName'])
			.select(({ exists, selectFrom, or }) =>
				or([
					exists(selectFrom('interface').select('interface.id').whereRef('interface.mac', '=', 'discovery.mac')),
					exists(selectFrom('node').select('node.id').whereRef('node.boot_mac', '=', 'discovery.mac')),
				]).as('macKnown'),
			)
			.select(({ exists, selectFrom, or }) =>
				or([
					exists(
						selectFrom('ip_address')
							.select('ip_address.id')
							.whereRef('ip_address.ip', '=', 'discovery.ip')
							.where('ip_address.alloc_type', '<>', 6),
					),
					exists(
						selectFrom('lease')
							.select('lease.address')
							.whereRef('lease.address', '=', 'discovery.ip')
							.where('lease.state', '=', 'bound')
							.where('lease.expires_at', '>', now().toISOString()),
					),
				]).as('ipKnown'),
			)
			.orderBy('last_seen', 'desc')
			.orderBy('discovery.id');
	const read = (query: ReturnType<typeof all>): Discovery[] =>
		db.all(query).map((row) => ({ ...row, macKnown: Boolean(row.macKnown), ipKnown: Boolean(row.ipKnown) }));
	return {
		all: () => read(all()),
		find: (ip, mac) => read(all().where('discovery.ip', '=', ip).where('discovery.mac', '=', mac))[0],
		heard({ ip, mac, hostname, interfaceName }) {
			const seen = { last_seen: now().toISOString(), interface_name: interfaceName };
			db.run(
				db.sql
					.insertInto('discovery')
					.values({ ip, mac, hostname, ...seen })
					.onConflict((conflict) =>
						conflict.columns(['ip', 'mac']).doUpdateSet({ ...seen, ...(hostname === null ? {} : { hostname }) }),
					),
			);
		},
		clear() {
			db.run(db.sql.deleteFrom('discovery'));
		},
		clearHostnames() {
			db.run(db.sql.updateTable('discovery').set({ hostname: null }));
		},
		delete: (ip, mac) => db.run(db.sql.deleteFrom('discovery').where('ip', '=', ip).where('mac', '=', mac)).changes > 0,
	};
}
