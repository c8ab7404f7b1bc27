import type { Ipv4, Mac } from '../domain/address.ts';
import type { Database } from './database.ts';
import type { LeaseRow } from './tables.ts';

export interface Lease {
	readonly address: Ipv4;
	readonly mac: Mac;
	readonly hostname: string | null;
	readonly interface: string;
	readonly state: LeaseRow['state'];
	readonly expiresAt: string;
}

export interface LeaseStore {
	/** Whose address this is, or was last. */
	macOf(address: Ipv4): Mac | undefined;
	/** The address that this card was given last, whether it still has it or not. */
	lastOf(mac: string): Ipv4 | undefined;
	onInterface(interfaceName: string): Lease[];
	/** Bound and not run out, per interface. */
	countBound(now: string): Map<string, number>;
	addresses(now: string, only?: readonly Mac[]): Map<Mac, Ipv4[]>;
	/** The same for this moment. */
	bound(): Map<Mac, Ipv4[]>;
	/**
	 * Resolves once the lease is on disk: only then may it be offered or acknowledged. All that wait at the same moment share one
	 * commit, and so one fsync (about 1 ms; a commit each would allow a few hundred leases a second on a slow disk).
	 */
	save(lease: Lease): Promise<void>;
	history(mac: Mac): { at: string; address: string; what: string }[];
}

export function createLeaseStore(db: Database, now: () => Date): LeaseStore {
	const columns = ['address', 'mac', 'hostname', 'interface', 'state', 'expires_at'] as const;
	const all = () => db.sql.selectFrom('lease').select(columns);
	let waiting: { lease: Lease; done: () => void; failed: (error: unknown) => void }[] = [];

	const commit = () => {
		const batch = waiting;
		try {
			db.transaction(() => {
				for (const { lease } of batch) write(lease);
			});
			waiting = [];
			for (const { done } of batch) done();
		} catch (error) {
			waiting = [];
			for (const { failed } of batch) failed(error);
		}
	};
	const write = (lease: Lease) => {
		const at = now().toISOString();
		const before = db.first(all().where('address', '=', lease.address));
		const row = {
			mac: lease.mac,
			hostname: lease.hostname,
			interface: lease.interface,
			state: lease.state,
			expires_at: lease.expiresAt,
			updated_at: at,
		};
		db.run(
			db.sql
				.insertInto('lease')
				.values({ address: lease.address, client_id: null, ...row })
				.onConflict((conflict) => conflict.column('address').doUpdateSet(row)),
		);
		if (before?.mac !== lease.mac || before.state !== lease.state)
			db.run(db.sql.insertInto('lease_history').values({ at, mac: lease.mac, address: lease.address, what: lease.state }));
	};

	const addresses = (at: string, only?: readonly Mac[]) => {
		const map = new Map<Mac, Ipv4[]>();
		const live = all().where('state', '=', 'bound').where('expires_at', '>', at);
		for (const row of db.all(only ? live.where('mac', 'in', only) : live))
			map.set(row.mac as Mac, [...(map.get(row.mac as Mac) ?? []), row.address as Ipv4]);
		return map;
	};

	return {
		macOf: (address) => db.first(db.sql.selectFrom('lease').select('mac').where('address', '=', address))?.mac as Mac | undefined,
		lastOf: (mac) =>
			db.first(
				db.sql
					.selectFrom('lease')
					.select('address')
					.where('mac', '=', mac)
					.where('state', '!=', 'declined')
					.orderBy('updated_at', 'desc')
					.limit(1),
			)?.address as Ipv4 | undefined,
		onInterface: (interfaceName) => db.all(all().where('interface', '=', interfaceName)).map(fromRow),
		countBound: (at) =>
			new Map(
				db
					.all(
						db.sql
							.selectFrom('lease')
							.select(({ fn }) => ['interface', fn.countAll<number>().as('count')])
							.where('state', '=', 'bound')
							.where('expires_at', '>', at)
							.groupBy('interface'),
					)
					.map((row) => [row.interface, row.count]),
			),
		addresses,
		bound: () => addresses(now().toISOString()),
		save(lease) {
			return new Promise<void>((done, failed) => {
				// setImmediate: everything that arrived in this turn of the event loop joins the commit
				if (waiting.length === 0) setImmediate(commit);
				waiting.push({ lease, done, failed });
			});
		},
		history: (mac) =>
			db.all(
				db.sql
					.selectFrom('lease_history')
					.select(['at', 'address', 'what'])
					.where('mac', '=', mac)
					.orderBy('id', 'desc')
					.limit(200),
			),
	};
}

function fromRow(row: Pick<LeaseRow, 'address' | 'mac' | 'hostname' | 'interface' | 'state' | 'expires_at'>): Lease {
	return {
		address: row.address as Ipv4,
		mac: row.mac as Mac,
		hostname: row.hostname,
		interface: row.interface,
		state: row.state,
		expiresAt: row.expires_at,
	};
}
