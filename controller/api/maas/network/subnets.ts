import { cleanLine } from '../../../domain/clean.ts';
import { createSubnet, deleteSubnet, type SubnetChange, updateSubnet, vlanFor } from '../../../flows/network/changeSubnet.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { unfit } from '../failures.ts';
import { boolean, choice, integer, list, required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { findFabric, findSubnet, findVlan, inField } from './find.ts';
import { networkObjects, type SubnetObject } from './networkObjects.ts';
import { subnetAddresses, subnetReserved, subnetStatistics, subnetUnreserved } from './subnetContents.ts';

const fields = {
	cidr: text('The network, as 192.0.2.0/24 or 2001:db8::/64.', { max: 64 }),
	name: text('The subnet’s name; without one it is called by its CIDR.', { max: 256 }),
	description: text('What the subnet is for.'),
	vlan: text('The VLAN that it is on, by id or specifier; without one the default VLAN.', { max: 256 }),
	fabric: text('The fabric whose VLAN it is on, by id or name, when no VLAN is given.', { max: 256 }),
	vid: integer('The tag of the VLAN that it is on, in that fabric.', { max: 4094 }),
	gateway_ip: text('The router’s address; nothing takes it away.', { max: 64 }),
	rdns_mode: choice('Reverse names: 0 none, 1 for each address, 2 with delegation of small networks too (RFC 2317).', [
		'0',
		'1',
		'2',
	]),
	allow_dns: boolean('Its hosts may resolve names here.'),
	allow_proxy: boolean('Its hosts may use the proxy here.'),
	dns_servers: list('Addresses of further resolvers, parted by commas or blanks.'),
	active_discovery: boolean('Look for hosts by asking each address.'),
	managed: boolean('Addresses are given from the whole subnet; else from its reserved ranges alone.'),
	disabled_boot_architectures: list('Firmware that gets no boot file here.'),
};
const flag = (doc: string) => boolean(doc);

export const subnetsResource = resource({
	name: 'SubnetsHandler',
	path: 'subnets/',
	also: ['networks/'],
	doc: 'Subnets: the networks of addresses, each on one VLAN.',
	actions: {
		read: { doc: 'List all subnets.', who: 'user' },
		create: { doc: 'Add a subnet.', who: 'admin', parameters: { ...fields, cidr: required(fields.cidr) } },
	},
});

export const subnetResource = resource({
	name: 'SubnetHandler',
	path: 'subnets/{id}/',
	doc: 'One subnet, by id, CIDR, name or specifier.',
	actions: {
		read: { doc: 'Show a subnet.', who: 'user' },
		update: { doc: 'Change a subnet. Everything in it must still fit, or nothing changes.', who: 'admin', parameters: fields },
		delete: {
			doc: 'Delete a subnet that is not in use.',
			who: 'admin',
			parameters: { force: flag('Delete it with its links and reservations.') },
		},
		reserved_ip_ranges: { doc: 'List the addresses that are taken, and why.', who: 'user', get: true },
		unreserved_ip_ranges: { doc: 'List the addresses that are free.', who: 'user', get: true },
		statistics: {
			doc: 'Count the addresses.',
			who: 'user',
			get: true,
			parameters: {
				include_ranges: flag('List all ranges too.'),
				include_suggestions: flag('Suggest a gateway and a dynamic range.'),
			},
		},
		ip_addresses: {
			doc: 'List the addresses that somebody has.',
			who: 'user',
			get: true,
			parameters: {
				with_username: flag('With the user’s name (default: yes).'),
				with_summary: flag('With the node (default: yes).'),
				with_node_summary: flag('The same, under its older name.'),
			},
		},
	},
});

export function subnetHandlers({ store }: Parts): Implemented[] {
	const show = (id: number) => networkObjects(store).subnets.get(id) as SubnetObject;
	return [
		on(subnetsResource, {
			read: () => [...networkObjects(store).subnets.values()],
			create: (input) => show(createSubnet(store, { ...changeOf(store, input), cidr: input.cidr }).id),
		}),
		on(subnetResource, {
			read: (_, { uri }) => show(findSubnet(store, uri.id).id),
			update: (input, { uri }) => show(updateSubnet(store, findSubnet(store, uri.id), changeOf(store, input)).id),
			delete({ force }, { uri }) {
				deleteSubnet(store, findSubnet(store, uri.id), force ?? false);
				return Reply.nothing();
			},
			reserved_ip_ranges: (_, { uri }) => subnetReserved(store, findSubnet(store, uri.id)),
			unreserved_ip_ranges: (_, { uri }) => subnetUnreserved(store, findSubnet(store, uri.id)),
			statistics: ({ include_ranges = false, include_suggestions = false }, { uri }) =>
				subnetStatistics(store, findSubnet(store, uri.id), { include_ranges, include_suggestions }),
			ip_addresses: ({ with_username = true, with_summary, with_node_summary }, { uri }) =>
				subnetAddresses(store, findSubnet(store, uri.id), {
					usernames: with_username,
					nodes: with_node_summary ?? with_summary ?? true,
				}),
		}),
	];
}

function changeOf(store: Store, input: Partial<Values<typeof fields>>): SubnetChange {
	const { vlan, fabric, vid } = input;
	const fabricId = fabric ? inField('fabric', () => findFabric(store, fabric)).id : undefined;
	return {
		cidr: input.cidr,
		name: input.name,
		description: input.description,
		vlanId: vlan ? inField('vlan', () => findVlan(store, vlan)).id : vlanFor(store, fabricId, vid),
		gatewayIp: input.gateway_ip === undefined ? undefined : noneIs(input.gateway_ip),
		dnsServers: input.dns_servers,
		rdnsMode: input.rdns_mode === undefined ? undefined : Number(input.rdns_mode),
		allowDns: input.allow_dns,
		allowProxy: input.allow_proxy,
		activeDiscovery: input.active_discovery,
		managed: input.managed,
		disabledBootArchitectures: input.disabled_boot_architectures?.map(architecture),
	};
}

/** python-libmaas sends its None as a word. */
const noneIs = (value: string) => (value === 'None' ? '' : value);

function architecture(name: string): string {
	if (/^[A-Za-z0-9_./-]{1,64}$/.test(name)) return name;
	throw unfit('disabled_boot_architectures', `“${cleanLine(name)}” is no name of a boot architecture.`);
}
