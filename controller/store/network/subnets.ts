import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { NetworkTables } from '../networkTables.ts';
import { withoutUndefined } from './vlans.ts';

export interface Subnet {
	readonly id: number;
	/** canonical, of either family */
	readonly cidr: string;
	readonly name: string;
	readonly description: string;
	readonly vlanId: number;
	readonly gatewayIp: string | null;
	readonly dnsServers: readonly string[];
	/** 0 none, 1 plain, 2 with RFC 2317 delegation */
	readonly rdnsMode: number;
	readonly allowDns: boolean;
	readonly allowProxy: boolean;
	readonly activeDiscovery: boolean;
	readonly managed: boolean;
	readonly disabledBootArchitectures: readonly string[];
}

/** Rows only: the rules are `flows/network/changeSubnet.ts`'s. */
export interface SubnetStore {
	all(): Subnet[];
	byId(id: number): Subnet | undefined;
	onVlan(vlanId: number): Subnet[];
	insert(subnet: Pick<Subnet, 'cidr' | 'name' | 'vlanId'> & Partial<Subnet>): Subnet;
	update(id: number, change: Partial<Omit<Subnet, 'id'>>): void;
	/** With its ranges, reservations and routes; addresses stay without a subnet. */
	delete(id: number): void;
	/** Counts the changes, so that who has read a subnet knows when to read it again. */
	revision(): number;
}

export function createSubnetStore(db: Database): SubnetStore {
	let revision = 0;
	const changed = () => {
		revision++;
		// what was read within a transaction that fails must be read again too
		db.afterCommit(() => revision++);
	};
	const all = () => db.sql.selectFrom('subnet').selectAll().orderBy('id');
	const byId = (id: number) => db.all(all().where('id', '=', id)).map(fromRow)[0];
	return {
		all: () => db.all(all()).map(fromRow),
		byId,
		onVlan: (vlanId) => db.all(all().where('vlan_id', '=', vlanId)).map(fromRow),
		insert(subnet) {
			const { cidr, name, vlanId: vlan_id } = subnet;
			return byId(db.run(db.sql.insertInto('subnet').values({ ...toRow(subnet), cidr, name, vlan_id })).id) as Subnet;
		},
		update(id, change) {
			const values = toRow(change);
			if (Object.keys(values).length > 0) db.run(db.sql.updateTable('subnet').set(values).where('id', '=', id));
			changed();
		},
		delete(id) {
			db.run(db.sql.deleteFrom('subnet').where('id', '=', id));
			changed();
		},
		revision: () => revision,
	};
}

const fromRow = (row: Selectable<NetworkTables['subnet']>): Subnet => ({
	id: row.id,
	cidr: row.cidr,
	name: row.name,
	description: row.description,
	vlanId: row.vlan_id,
	gatewayIp: row.gateway_ip,
	dnsServers: JSON.parse(row.dns_servers),
	rdnsMode: row.rdns_mode,
	allowDns: row.allow_dns === 1,
	allowProxy: row.allow_proxy === 1,
	activeDiscovery: row.active_discovery === 1,
	managed: row.managed === 1,
	disabledBootArchitectures: JSON.parse(row.disabled_boot_architectures),
});

function toRow(change: Partial<Subnet>) {
	const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value));
	const list = (value: readonly string[] | undefined) => (value === undefined ? undefined : JSON.stringify(value));
	return withoutUndefined({
		cidr: change.cidr,
		name: change.name,
		description: change.description,
		vlan_id: change.vlanId,
		gateway_ip: change.gatewayIp,
		dns_servers: list(change.dnsServers),
		rdns_mode: change.rdnsMode,
		allow_dns: flag(change.allowDns),
		allow_proxy: flag(change.allowProxy),
		active_discovery: flag(change.activeDiscovery),
		managed: flag(change.managed),
		disabled_boot_architectures: list(change.disabledBootArchitectures),
	});
}
