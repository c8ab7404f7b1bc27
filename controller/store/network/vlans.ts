import type { Selectable } from 'kysely';
import type { Database } from '../database.ts';
import type { NetworkTables } from '../networkTables.ts';

export interface Vlan {
	readonly id: number;
	readonly fabricId: number;
	/** 0 is untagged */
	readonly vid: number;
	readonly name: string | null;
	readonly description: string;
	readonly mtu: number;
	readonly dhcpOn: boolean;
	/** address of a DHCP server that isn't ours */
	readonly externalDhcp: string | null;
	/** node ids */
	readonly primaryRackId: number | null;
	readonly secondaryRackId: number | null;
	readonly relayVlanId: number | null;
	readonly spaceId: number | null;
}

/** The untagged VLAN of the default fabric: where the first network is, and whatever isn't known to be elsewhere. */
export const DEFAULT_VLAN = 1;

export interface VlanStore {
	/** By fabric and tag: the first one of a fabric is its untagged one. */
	all(): Vlan[];
	byId(id: number): Vlan | undefined;
	inFabric(fabricId: number): Vlan[];
	insert(vlan: Pick<Vlan, 'fabricId' | 'vid' | 'name'> & Partial<Vlan>): Vlan;
	update(id: number, change: Partial<Omit<Vlan, 'id'>>): void;
	delete(id: number): void;
}

export function createVlanStore(db: Database): VlanStore {
	const all = () => db.sql.selectFrom('vlan').selectAll().orderBy('fabric_id').orderBy('vid');
	const byId = (id: number) => db.all(all().where('id', '=', id)).map(fromRow)[0];
	return {
		all: () => db.all(all()).map(fromRow),
		byId,
		inFabric: (fabricId) => db.all(all().where('fabric_id', '=', fabricId)).map(fromRow),
		insert(vlan) {
			const { fabricId: fabric_id, vid, name } = vlan;
			return byId(db.run(db.sql.insertInto('vlan').values({ ...toRow(vlan), fabric_id, vid, name })).id) as Vlan;
		},
		update(id, change) {
			const values = toRow(change);
			if (Object.keys(values).length > 0) db.run(db.sql.updateTable('vlan').set(values).where('id', '=', id));
		},
		delete(id) {
			db.run(db.sql.deleteFrom('vlan').where('id', '=', id));
		},
	};
}

const fromRow = (row: Selectable<NetworkTables['vlan']>): Vlan => ({
	id: row.id,
	fabricId: row.fabric_id,
	vid: row.vid,
	name: row.name,
	description: row.description,
	mtu: row.mtu,
	dhcpOn: row.dhcp_on === 1,
	externalDhcp: row.external_dhcp,
	primaryRackId: row.primary_rack_id,
	secondaryRackId: row.secondary_rack_id,
	relayVlanId: row.relay_vlan_id,
	spaceId: row.space_id,
});

function toRow(change: Partial<Vlan>) {
	const row = {
		fabric_id: change.fabricId,
		vid: change.vid,
		name: change.name,
		description: change.description,
		mtu: change.mtu,
		dhcp_on: change.dhcpOn === undefined ? undefined : Number(change.dhcpOn),
		external_dhcp: change.externalDhcp,
		primary_rack_id: change.primaryRackId,
		secondary_rack_id: change.secondaryRackId,
		relay_vlan_id: change.relayVlanId,
		space_id: change.spaceId,
	};
	return withoutUndefined(row);
}

/** What was not given stays as it is. */
export function withoutUndefined<Row extends object>(row: Row): { [Name in keyof Row]?: Exclude<Row[Name], undefined> } {
	return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as never;
}
