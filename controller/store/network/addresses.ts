import { among } from '../among.ts';
import type { Database } from '../database.ts';
import { prepared } from '../prepared.ts';
import { withoutUndefined } from './vlans.ts';

/** MAAS's numbers: how an address came to be whose it is. */
export const ALLOC = { automatic: 0, sticky: 1, userReserved: 4, dhcp: 5, observed: 6 } as const;
export type LinkMode = 'auto' | 'dhcp' | 'static' | 'link_up';

/**
 * A link of an interface to a subnet (`interfaceId`, `mode`), or an address that a user holds (`userId`). An automatic link has an
 * address only while its machine is deployed; a link that is only up has no subnet.
 */
export interface Address {
	readonly id: number;
	readonly ip: string | null;
	readonly allocType: number;
	readonly mode: LinkMode | null;
	readonly subnetId: number | null;
	readonly interfaceId: number | null;
	readonly userId: number | null;
	readonly mac: string | null;
	readonly hostname: string | null;
	readonly createdAt: string;
	readonly updatedAt: string;
}

export interface HeldAddress {
	readonly ip: string;
	readonly allocType: number;
	readonly createdAt: string;
	readonly updatedAt: string;
	/** of who reserved it, or owns the node */
	readonly username: string | null;
	readonly node: {
		readonly systemId: string;
		readonly kind: 'machine' | 'device' | 'controller';
		readonly hostname: string;
		readonly domain: string | null;
		readonly hasParent: boolean;
		readonly interface: string | null;
	} | null;
}

export interface AddressStore {
	all(): Address[];
	byId(id: number): Address | undefined;
	byIds(ids: readonly number[]): Address[];
	byIp(ip: string): Address | undefined;
	inSubnet(subnetId: number): Address[];
	/** Every address of a subnet that somebody has, with the card it is for and the holder in words. */
	heldIn(subnetId: number): { ip: string; mac: string | null; holder: string }[];
	/** The same with everything that is shown of the holders. */
	inSubnetWithHolders(subnetId: number): HeldAddress[];
	/** These, with whose interface each is on. */
	withHolders(ids: readonly number[]): (Address & { readonly nodeId: number | null; readonly nodeOwnerId: number | null })[];
	/** Every lease that runs now. */
	leasesWithHolders(): HeldAddress[];
	/** Addresses of BMCs, and of hosts that were heard on the networks of this controller and are no nodes. */
	neighbours(): string[];
	ofInterface(interfaceId: number): Address[];
	/** All links of these nodes, by interface: one statement. */
	linksOf(nodeIds: readonly number[]): Map<number, Address[]>;
	insert(address: Partial<Address> & Pick<Address, 'allocType'>): Address;
	update(
		id: number,
		change: Partial<Pick<Address, 'ip' | 'mode' | 'allocType' | 'subnetId' | 'interfaceId' | 'mac' | 'hostname'>>,
	): void;
	delete(id: number): void;
	/**
	 * The address that DHCP owes this card in this subnet, whatever its pool says: of a link, or reserved for the card. One
	 * statement on indexes, for it is asked for each packet.
	 */
	fixedFor(mac: string, subnetId: number): string | null;
}

export function createAddressStore(db: Database, now: () => Date): AddressStore {
	const all = () =>
		db.sql
			.selectFrom('ip_address')
			.select(['ip_address.id', 'ip', 'alloc_type as allocType', 'mode', 'subnet_id as subnetId', 'interface_id as interfaceId'])
			.select(['user_id as userId', 'ip_address.mac', 'ip_address.hostname'])
			.select(['ip_address.created_at as createdAt', 'ip_address.updated_at as updatedAt'])
			.orderBy('ip_address.id');
	const byId = (id: number) => db.first(all().where('ip_address.id', '=', id));
	const fixed = prepared(fixedAddress(db, 'mac', -1), ['mac', -1]);
	return {
		all: () => db.all(all()),
		byId,
		byIds: (ids) => db.all(all().where('ip_address.id', 'in', among(ids))),
		byIp: (ip) => db.first(all().where('ip', '=', ip).where('alloc_type', '!=', ALLOC.observed)),
		inSubnet: (subnetId) => db.all(all().where('subnet_id', '=', subnetId)),
		heldIn: (subnetId) =>
			db
				.all(
					db.sql
						.selectFrom('ip_address')
						.leftJoin('interface', 'interface.id', 'ip_address.interface_id')
						.leftJoin('node', 'node.id', 'interface.node_id')
						.leftJoin('user', 'user.id', 'ip_address.user_id')
						.select(['ip', 'ip_address.mac as mac', 'interface.mac as cardMac', 'interface.name', 'node.hostname', 'username'])
						.where('subnet_id', '=', subnetId)
						.where('ip', 'is not', null)
						.where('alloc_type', '!=', ALLOC.observed)
						.orderBy('ip_address.id'),
				)
				.map(({ ip, mac, cardMac, name, hostname, username }) => ({
					ip: ip as string,
					mac: cardMac ?? mac,
					holder: hostname !== null ? `${hostname} (${name})` : username !== null ? `the user ${username}` : 'this controller',
				})),
		inSubnetWithHolders: (subnetId) =>
			db
				.all(
					db.sql
						.selectFrom('ip_address')
						.leftJoin('interface', 'interface.id', 'ip_address.interface_id')
						.leftJoin('node', 'node.id', 'interface.node_id')
						.leftJoin('dns_domain', 'dns_domain.id', 'node.domain_id')
						.leftJoin('user', (join) =>
							join.on((where) =>
								where.or([
									where('user.id', '=', where.ref('ip_address.user_id')),
									where('user.id', '=', where.ref('node.owner_id')),
								]),
							),
						)
						.select(['ip', 'alloc_type', 'ip_address.created_at', 'ip_address.updated_at', 'username', 'interface.name as card'])
						.select(['node.system_id', 'node.kind', 'node.hostname', 'node.parent_id', 'dns_domain.name as domain'])
						.where('subnet_id', '=', subnetId)
						.where('ip', 'is not', null)
						.where('alloc_type', '!=', ALLOC.observed),
				)
				.map(held),
		withHolders: (ids) =>
			db.all(
				all()
					.leftJoin('interface', 'interface.id', 'ip_address.interface_id')
					.leftJoin('node', 'node.id', 'interface.node_id')
					.select(['node.id as nodeId', 'node.owner_id as nodeOwnerId'])
					.where('ip_address.id', 'in', among(ids)),
			),
		leasesWithHolders: () =>
			db
				.all(
					db.sql
						.selectFrom('lease')
						.leftJoin('interface', (join) => join.onRef('interface.mac', '=', 'lease.mac').on('interface.type', '=', 'physical'))
						.leftJoin('node', 'node.id', 'interface.node_id')
						.leftJoin('dns_domain', 'dns_domain.id', 'node.domain_id')
						.leftJoin('user', 'user.id', 'node.owner_id')
						.select(['lease.address as ip', 'lease.updated_at', 'username', 'interface.name as card'])
						.select(['node.system_id', 'node.kind', 'node.hostname', 'node.parent_id', 'dns_domain.name as domain'])
						.where('lease.state', '=', 'bound')
						.where('lease.expires_at', '>', now().toISOString()),
				)
				.map((row) => held({ ...row, alloc_type: ALLOC.dhcp, created_at: row.updated_at })),
		neighbours() {
			const known = db.sql.selectFrom('interface').select('mac').where('mac', 'is not', null);
			const heard = db.sql.selectFrom('discovery').select('ip').where('mac', 'not in', known);
			const bmcs = db.sql.selectFrom('bmc').select('address as ip').where('address', 'is not', null);
			return [...db.all(heard), ...db.all(bmcs)].flatMap(({ ip }) => ip ?? []);
		},
		ofInterface: (interfaceId) => db.all(all().where('interface_id', '=', interfaceId)),
		linksOf(nodeIds) {
			const links = new Map<number, Address[]>();
			const query = all().innerJoin('interface', 'interface.id', 'ip_address.interface_id').select('interface.node_id as nodeId');
			for (const { nodeId: _, ...row } of db.all(query.where('interface.node_id', 'in', among(nodeIds)))) {
				const interfaceId = row.interfaceId as number;
				links.set(interfaceId, [...(links.get(interfaceId) ?? []), row]);
			}
			return links;
		},
		insert({
			ip = null,
			allocType,
			mode = null,
			subnetId = null,
			interfaceId = null,
			userId = null,
			mac = null,
			hostname = null,
		}) {
			const at = now().toISOString();
			const row = {
				ip,
				alloc_type: allocType,
				mode,
				subnet_id: subnetId,
				interface_id: interfaceId,
				user_id: userId,
				mac,
				hostname,
			};
			return byId(db.run(db.sql.insertInto('ip_address').values({ ...row, created_at: at, updated_at: at })).id) as Address;
		},
		update(id, { allocType, subnetId, interfaceId, ...change }) {
			const values = withoutUndefined({ ...change, alloc_type: allocType, subnet_id: subnetId, interface_id: interfaceId });
			db.run(
				db.sql
					.updateTable('ip_address')
					.set({ ...values, updated_at: now().toISOString() })
					.where('id', '=', id),
			);
		},
		delete(id) {
			db.run(db.sql.deleteFrom('ip_address').where('id', '=', id));
		},
		fixedFor: (mac, subnetId) => db.first(fixed(mac, subnetId))?.ip ?? null,
	};
}

/** Of a link; reserved for the card by an administrator; reserved for it by a user. */
const fixedAddress = (db: Database, mac: string, subnetId: number) =>
	db.sql
		.selectFrom('ip_address')
		.innerJoin('interface', 'interface.id', 'ip_address.interface_id')
		.select('ip_address.ip')
		.where('interface.mac', '=', mac)
		.where('subnet_id', '=', subnetId)
		.where('ip', 'is not', null)
		.unionAll(db.sql.selectFrom('reserved_ip').select('ip').where('mac', '=', mac).where('subnet_id', '=', subnetId))
		.unionAll(
			db.sql
				.selectFrom('ip_address')
				.select('ip')
				.where('mac', '=', mac)
				.where('subnet_id', '=', subnetId)
				.where('ip', 'is not', null),
		);

function held(row: {
	ip: string | null;
	alloc_type: number;
	created_at: string;
	updated_at: string;
	username: string | null;
	card: string | null;
	system_id: string | null;
	kind: 'machine' | 'device' | 'controller' | null;
	hostname: string | null;
	parent_id: number | null;
	domain: string | null;
}): HeldAddress {
	const { system_id: systemId, kind, hostname } = row;
	return {
		ip: row.ip as string,
		allocType: row.alloc_type,
		createdAt: row.created_at,
		updatedAt: row.updated_at,
		username: row.username,
		node:
			systemId !== null && kind !== null && hostname !== null
				? { systemId, kind, hostname, domain: row.domain, hasParent: row.parent_id !== null, interface: row.card }
				: null,
	};
}
