import { type Mac, parseMac } from '../../../domain/address.ts';
import { cleanLine } from '../../../domain/clean.ts';
import { splitFqdn } from '../../../domain/dnsName.ts';
import type { Node } from '../../../store/nodes.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { unfit } from '../failures.ts';
import { annotated } from '../machines/machineHandlers.ts';
import { list, required, text, type Values } from '../parameters.ts';
import { domainNamed, noChoice, zoneNamed } from '../places/named.ts';
import { Reply } from '../reply.ts';
import { type Call, type Implemented, on, resource } from '../resource.ts';
import { checkEdit, findNode, mayEdit } from '../rights.ts';
import { deviceObjects } from './deviceObject.ts';
import { FILTERS, matchingNodes } from './filters.ts';

const fields = {
	hostname: text('The host name, with or without its domain; two words are made up without one.', { max: 255 }),
	description: text('What it is.', { max: 10_000 }),
	domain: text('The domain, by name or id; the default one without.', { max: 255 }),
	parent: text('The system_id of the machine that it belongs to: it is deleted when that is released.', { max: 64 }),
	zone: text('The zone, by name.', { max: 256 }),
};

export const devicesResource = resource({
	name: 'DevicesHandler',
	path: 'devices/',
	doc: 'Devices: what has an address and is not deployed.',
	actions: {
		read: { doc: 'List the own devices; administrators see all.', who: 'user', rest: FILTERS },
		create: {
			doc: 'Add a device.',
			who: 'user',
			parameters: { ...fields, mac_addresses: required(list('One interface for each.')) },
		},
	},
});

const annotations = 'Any keys with their values; a key with an empty value is removed.';

export const deviceResource = resource({
	name: 'DeviceHandler',
	path: 'devices/{system_id}/',
	doc: 'One device.',
	actions: {
		read: { doc: 'Show a device.', who: 'editor' },
		update: { doc: 'Change a device.', who: 'editor', parameters: fields },
		delete: { doc: 'Delete a device, with its addresses and names.', who: 'editor' },
		restore_networking_configuration: { doc: 'Take all addresses from its interfaces.', who: 'editor' },
		restore_default_configuration: { doc: 'The same: a device has nothing else that is configured.', who: 'editor' },
		set_workload_annotations: { doc: 'Note something on a device.', who: 'editor', rest: annotations },
		set_owner_data: { doc: 'The older name of set_workload_annotations.', who: 'editor', rest: annotations },
	},
});

export function deviceHandlers({ store, devices }: Parts): Implemented[] {
	const shown = (device: Node) => deviceObjects(store, [device])[0];
	const find = ({ uri, user }: Call<'system_id'>): Node => {
		const device = findNode(store, uri.system_id, 'device');
		checkEdit(user, device);
		return device;
	};
	/** What the fields mean; `''` clears what may be cleared, and changes nothing else. */
	const changeOf = ({ hostname, description, domain, parent, zone }: Values<typeof fields>, user: User) => {
		const full = hostname?.includes('.') ? splitFqdn(hostname, store.domains.all()) : null;
		const named = domain ? domainNamed(store, domain) : full?.domain;
		return {
			hostname: (full ? full.name : hostname)?.toLowerCase() || undefined,
			description,
			domainId: named?.id,
			zoneId: zone ? zoneNamed(store, zone).id : undefined,
			parentId: parent === undefined ? undefined : parent === '' ? null : parentNamed(parent, user).id,
		};
	};
	const parentNamed = (systemId: string, user: User): Node => {
		const parent = store.nodes.bySystemId(systemId);
		if (!parent || !mayEdit(user, parent)) throw noChoice('parent', systemId);
		return parent;
	};
	const restore = (_: unknown, call: Call<'system_id'>) => {
		const device = find(call);
		devices.restoreNetworking(device);
		return shown(device);
	};
	const annotate = (_: unknown, call: Call<'system_id'>) => {
		const device = find(call);
		return shown(devices.update(device, { ownerData: annotated(device.ownerData, call.rest) }));
	};
	return [
		on(devicesResource, {
			read: (_, { rest, user }) =>
				deviceObjects(
					store,
					matchingNodes(store, rest, 'device').filter((device) => user.isAdmin || device.ownerId === user.id),
				),
			create: ({ mac_addresses: macs, ...input }, { user }) =>
				shown(devices.create(user, { ...changeOf(input, user), macs: macsIn(macs) })),
		}),
		on(deviceResource, {
			read: (_, call) => shown(find(call)),
			update: (input, call) => shown(devices.update(find(call), changeOf(input, call.user))),
			delete(_, call) {
				devices.delete(find(call), call.user);
				return Reply.nothing();
			},
			restore_networking_configuration: restore,
			restore_default_configuration: restore,
			set_workload_annotations: annotate,
			set_owner_data: annotate,
		}),
	];
}

function macsIn(words: readonly string[]): Mac[] {
	if (words.length === 0) throw unfit('mac_addresses', 'This field is required.');
	const macs = words.map((word) => {
		const mac = parseMac(word);
		if (!mac) throw unfit('mac_addresses', `'${cleanLine(word)}' is not a valid MAC address.`);
		return mac;
	});
	return [...new Set(macs)];
}
