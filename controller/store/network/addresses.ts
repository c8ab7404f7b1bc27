import type { Database } from '../database.ts';
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

export interface AddressStore {
	all(): Address[];
	byId(id: number): Address | undefined;
	byIp(ip: string): Address | undefined;
	inSubnet(subnetId: number): Address[];
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
	 * The address that DHCP owes this card in this subnet, whatever its pool says: of a link, or of a reservation for the card. One
	 * statement on indexes, for it is asked for each packet.
	 */
	fixedFor(mac: string, subnetId: number): string | null;
}

export function createAddressStore(db: Database, now: () => Date): AddressStore {
	const all = () =>
		db.sql
			.selectFrom('ip_address')
			.select(['ip_address.id', 'ip', 'alloc_type as allocType', 'mode', 'subnet_id as subnetId', 'interface_id as interfaceId'])
			.select(['user_id as userId', 'ip_address.mac', 'hostname', 'created_at as createdAt', 'updated_at as updatedAt'])
			.orderBy('ip_address.id');
	const byId = (id: number) => db.first(all().where('ip_address.id', '=', id));
	return {
		all: () => db.all(all()),
		byId,
		byIp: (ip) => db.first(all().where('ip', '=', ip).where('alloc_type', '!=', ALLOC.observed)),
		inSubnet: (subnetId) => db.all(all().where('subnet_id', '=', subnetId)),
		ofInterface: (interfaceId) => db.all(all().where('interface_id', '=', interfaceId)),
		linksOf(nodeIds) {
			const links = new Map<number, Address[]>();
			const query = all().innerJoin('interface', 'interface.id', 'ip_address.interface_id').select('interface.node_id as nodeId');
			for (const { nodeId, ...row } of ofNodes(nodeIds, (some) =>
				db.all(some ? query.where('interface.node_id', 'in', some) : query),
			)) {
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
		fixedFor: (mac, subnetId) =>
			db.first(
				db.sql
					.selectFrom('ip_address')
					.innerJoin('interface', 'interface.id', 'ip_address.interface_id')
					.select('ip_address.ip')
					.where('interface.mac', '=', mac)
					.where('subnet_id', '=', subnetId)
					.where('ip', 'is not', null)
					.unionAll(db.sql.selectFrom('reserved_ip').select('ip').where('mac', '=', mac).where('subnet_id', '=', subnetId))
					.limit(1),
			)?.ip ?? null,
	};
}

/** Above this many nodes a whole table is read and sifted: the list of ids would be longer than what it saves. */
const MANY = 200;

/** Rows that belong to some nodes: asked for by their ids, or (`null`) all of them and the others dropped. */
export function ofNodes<Row extends { nodeId: number }>(
	nodeIds: readonly number[],
	read: (some: readonly number[] | null) => Row[],
): Row[] {
	if (nodeIds.length === 0) return [];
	if (nodeIds.length <= MANY) return read(nodeIds);
	const wanted = new Set(nodeIds);
	return read(null).filter((row) => wanted.has(row.nodeId));
}
