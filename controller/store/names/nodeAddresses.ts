import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** An address that a node has, as names are made of it. */
export interface NodeAddress {
	readonly nodeId: number;
	readonly systemId: string;
	readonly hostname: string;
	readonly domainId: number;
	readonly addressTtl: number | null;
	readonly interface: string;
	/** the interface that the node boots from, or a bond or bridge upon it */
	readonly boots: boolean;
	readonly kind: 'physical' | 'bond' | 'bridge' | 'vlan';
	readonly ip: string;
}

export interface NodeAddressStore {
	/** Of all nodes, or of those in one domain, or of one host name: assigned ones (automatic, static), and leases that run. By node, oldest interface first. */
	all(of?: { domainId?: number | undefined; hostname?: string | undefined }): NodeAddress[];
	/** Whether a node is called so in this domain. */
	isNode(domainId: number, hostname: string): boolean;
}

export function createNodeAddressStore(db: Database, now: () => Date): NodeAddressStore {
	return {
		all({ domainId, hostname } = {}) {
			const addresses = sql<{ interface_id: number; ip: string }>`(
				select interface_id, ip from ip_address where interface_id is not null and ip is not null and alloc_type in (0, 1)
				union
				select interface.id, lease.address from lease join interface on interface.mac = lease.mac and interface.type = 'physical'
					where lease.state = 'bound' and lease.expires_at > ${now().toISOString()})`;
			let query = db.sql
				.selectFrom(addresses.as('address'))
				.innerJoin('interface', 'interface.id', 'address.interface_id')
				.innerJoin('node', 'node.id', 'interface.node_id')
				.select(['node.id as nodeId', 'node.system_id as systemId', 'node.hostname', 'node.domain_id as domainId'])
				.select(['node.address_ttl as addressTtl', 'interface.name as interface', 'interface.type as kind', 'address.ip'])
				.select(sql<number>`interface.mac = node.boot_mac`.as('boots'))
				.orderBy('node.id')
				.orderBy('interface.id')
				.orderBy('address.ip');
			if (domainId !== undefined) query = query.where('node.domain_id', '=', domainId);
			if (hostname !== undefined) query = query.where('node.hostname', '=', hostname);
			return db.all(query).map((row) => ({ ...row, domainId: row.domainId ?? 0, boots: row.boots === 1 }));
		},
		isNode: (domainId, hostname) =>
			db.first(db.sql.selectFrom('node').select('id').where('hostname', '=', hostname).where('domain_id', '=', domainId)) !==
			undefined,
	};
}
