import type { Address } from '../../../store/network/addresses.ts';
import type { Store } from '../../../store/store.ts';
import { modelTime } from '../dates.ts';
import { userObject } from '../people/users.ts';
import { uriOf } from '../resource.ts';
import { type InterfaceObject, interfaceObjects } from './interfaceObject.ts';
import { networkObjects, type SubnetObject } from './networkObjects.ts';
import { ALLOC_NAMES } from './subnetContents.ts';

export interface IpAddressObject {
	readonly alloc_type: number;
	readonly alloc_type_name: string;
	readonly created: string;
	readonly ip: string | null;
	readonly owner: ReturnType<typeof userObject> | null;
	readonly interface_set: readonly InterfaceObject[];
	readonly subnet: SubnetObject | null;
	readonly resource_uri: string;
}

/** Addresses by their ids, as `ipaddresses/` and names show them; in a fixed number of statements. */
export function ipAddressObjects(store: Store, ids: readonly number[]): Map<number, IpAddressObject> {
	const rows = store.network.addresses.byIds(ids);
	const cards = store.network.interfaces.byIds(rows.flatMap(({ interfaceId }) => interfaceId ?? []));
	const nodeIds = [...new Set(cards.map(({ nodeId }) => nodeId))];
	const interfaces = new Map([...interfaceObjects(store, nodeIds).values()].flat().map((each) => [each.id, each] as const));
	const { subnets } = networkObjects(store);
	const users = new Map(store.users.all().map((user) => [user.id, userObject(user)]));
	const show = (row: Address): IpAddressObject => {
		const card = interfaces.get(row.interfaceId ?? -1);
		return {
			alloc_type: row.allocType,
			alloc_type_name: ALLOC_NAMES[row.allocType] ?? '',
			created: modelTime(row.createdAt),
			ip: row.ip,
			owner: users.get(row.userId ?? -1) ?? null,
			interface_set: card ? [card] : [],
			subnet: subnets.get(row.subnetId ?? -1) ?? null,
			resource_uri: uriOf('ipaddresses/'),
		};
	};
	return new Map(rows.map((row) => [row.id, show(row)]));
}
