import type { Database } from '../database.ts';
import { withoutUndefined } from './vlans.ts';

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
