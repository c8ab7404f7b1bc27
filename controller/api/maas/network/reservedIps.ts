import { changeReservedIp } from '../../../flows/network/changeReservedIp.ts';
import type { ReservedIp } from '../../../store/network/reservedIps.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';
import { findSubnet, inField } from './find.ts';
import { networkObjects } from './networkObjects.ts';

const fields = {
	ip: text('The address.', { max: 64 }),
	subnet: text('The subnet, by id or specifier; without one the subnet that the address is in.', { max: 256 }),
	mac_address: text('The MAC address of the card that gets it.', { max: 64 }),
	comment: text('What it is for.', { max: 255 }),
};

export const reservedIpsResource = resource({
	name: 'ReservedIpsHandler',
	path: 'reservedips/',
	doc: 'Addresses that DHCP gives to one card and to no other.',
	actions: {
		read: { doc: 'List all reserved addresses.', who: 'user' },
		create: {
			doc: 'Reserve an address for a card.',
			who: 'admin',
			parameters: { ...fields, ip: required(fields.ip), mac_address: required(fields.mac_address) },
		},
	},
});

export const reservedIpResource = resource({
	name: 'ReservedIpHandler',
	path: 'reservedips/{id}/',
	doc: 'One reserved address.',
	actions: {
		read: { doc: 'Show a reserved address.', who: 'user' },
		update: { doc: 'Change a reserved address.', who: 'admin', parameters: fields },
		delete: { doc: 'Reserve it no longer.', who: 'admin' },
	},
});

export function reservedIpHandlers({ store }: Parts): Implemented[] {
	const { reservedIps } = store.network;
	const showAll = (rows: readonly ReservedIp[]) => {
		const { subnets } = networkObjects(store);
		return rows.map(({ id, ip, subnetId, mac, comment }) => ({
			...{ id, ip, mac_address: mac, comment },
			subnet: subnets.get(subnetId),
			resource_uri: uriOf(reservedIpResource.path, { id }),
		}));
	};
	const find = (id: string) => {
		const found = reservedIps.byId(idIn(id, 'ReservedIP'));
		if (!found) throw notFound('ReservedIP');
		return found;
	};
	const show = (id: number) => showAll([reservedIps.byId(id) as ReservedIp])[0];
	return [
		on(reservedIpsResource, {
			read: () => showAll(reservedIps.all()),
			create: (input) => show(changeReservedIp(store, null, changeOf(store, input))),
		}),
		on(reservedIpResource, {
			read: (_, { uri }) => show(find(uri.id).id),
			update: (input, { uri }) => show(changeReservedIp(store, find(uri.id).id, changeOf(store, input))),
			delete(_, { uri }) {
				reservedIps.delete(find(uri.id).id);
				return Reply.nothing();
			},
		}),
	];
}

const changeOf = (store: Store, { ip, subnet, mac_address, comment }: Partial<Values<typeof fields>>) => ({
	...{ ip, mac: mac_address, comment },
	subnet: subnet ? inField('subnet', () => findSubnet(store, subnet)) : undefined,
});
