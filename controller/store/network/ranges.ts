import type { Database } from '../database.ts';
import { withoutUndefined } from './vlans.ts';

export interface IpRange {
	readonly id: number;
	readonly subnetId: number;
	/** dynamic: DHCP hands them out; reserved: nobody gets one by itself */
	readonly type: 'dynamic' | 'reserved';
	readonly startIp: string;
	readonly endIp: string;
	readonly comment: string;
	readonly userId: number | null;
}

/** Rows only: the rules are `flows/network/changeRange.ts`'s. */
export interface RangeStore {
	all(): IpRange[];
	byId(id: number): IpRange | undefined;
	inSubnet(subnetId: number): IpRange[];
	insert(range: Omit<IpRange, 'id'>): IpRange;
	update(id: number, change: Partial<Pick<IpRange, 'type' | 'startIp' | 'endIp' | 'comment'>>): void;
	delete(id: number): void;
	/** Counts the changes, so that who has read ranges knows when to read them again. */
	revision(): number;
}

export function createRangeStore(db: Database): RangeStore {
	let revision = 0;
	const all = () =>
		db.sql
			.selectFrom('ip_range')
			.select(['id', 'subnet_id as subnetId', 'type', 'start_ip as startIp', 'end_ip as endIp', 'comment', 'user_id as userId'])
			.orderBy('id');
	const byId = (id: number) => db.first(all().where('id', '=', id));
	const changed = () => {
		revision++;
		// what was read within a transaction that fails must be read again too
		db.afterCommit(() => revision++);
	};
	return {
		all: () => db.all(all()),
		byId,
		inSubnet: (subnetId) => db.all(all().where('subnet_id', '=', subnetId)),
		insert({ subnetId, type, startIp, endIp, comment, userId }) {
			const row = { subnet_id: subnetId, type, start_ip: startIp, end_ip: endIp, comment, user_id: userId };
			changed();
			return byId(db.run(db.sql.insertInto('ip_range').values(row)).id) as IpRange;
		},
		update(id, { type, startIp, endIp, comment }) {
			const values = withoutUndefined({ type, start_ip: startIp, end_ip: endIp, comment });
			if (Object.keys(values).length > 0) db.run(db.sql.updateTable('ip_range').set(values).where('id', '=', id));
			changed();
		},
		delete(id) {
			db.run(db.sql.deleteFrom('ip_range').where('id', '=', id));
			changed();
		},
		revision: () => revision,
	};
}

/** An address that one card gets from DHCP, and nobody else from anybody. */
export interface ReservedIp {
	readonly id: number;
	readonly subnetId: number;
	readonly ip: string;
	readonly mac: string;
	readonly comment: string;
}

export interface ReservedIpStore {
	all(): ReservedIp[];
	byId(id: number): ReservedIp | undefined;
	byMac(mac: string): ReservedIp | undefined;
	inSubnet(subnetId: number): ReservedIp[];
	insert(reserved: Omit<ReservedIp, 'id'>): ReservedIp;
	update(id: number, change: Partial<Omit<ReservedIp, 'id'>>): void;
	delete(id: number): void;
}

export function createReservedIpStore(db: Database): ReservedIpStore {
	const all = () =>
		db.sql.selectFrom('reserved_ip').select(['id', 'subnet_id as subnetId', 'ip', 'mac', 'comment']).orderBy('id');
	const byId = (id: number) => db.first(all().where('id', '=', id));
	return {
		all: () => db.all(all()),
		byId,
		byMac: (mac) => db.first(all().where('mac', '=', mac)),
		inSubnet: (subnetId) => db.all(all().where('subnet_id', '=', subnetId)),
		insert: ({ subnetId, ...row }) =>
			byId(db.run(db.sql.insertInto('reserved_ip').values({ ...row, subnet_id: subnetId })).id) as ReservedIp,
		update(id, { subnetId, ip, mac, comment }) {
			const values = withoutUndefined({ subnet_id: subnetId, ip, mac, comment });
			if (Object.keys(values).length > 0) db.run(db.sql.updateTable('reserved_ip').set(values).where('id', '=', id));
		},
		delete(id) {
			db.run(db.sql.deleteFrom('reserved_ip').where('id', '=', id));
		},
	};
}
