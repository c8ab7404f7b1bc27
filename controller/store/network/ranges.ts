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
