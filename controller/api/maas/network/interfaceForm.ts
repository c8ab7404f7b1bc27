import { BOND_MODES, BRIDGE_TYPES, HASH_POLICIES, LACP_RATES, type Params } from '../../../domain/network/interfaceParams.ts';
import type { InterfaceChange } from '../../../flows/network/changeInterface.ts';
import type { Store } from '../../../store/store.ts';
import { boolean, choice, integer, list, text, type Values } from '../parameters.ts';
import { findVlan, inField } from './find.ts';

/** The parameters that interfaces have (facts §2.11), and what they mean to the flows. */

const common = {
	tags: list('Words that constraints can ask for.', { parting: /,/ }),
	vlan: text('The VLAN that it is on, by id; nothing disconnects it.', { max: 256 }),
	mtu: integer('The largest packet, in bytes.', { min: 552, max: 65535 }),
	accept_ra: boolean('Take router advertisements (IPv6).'),
	autoconf: boolean('Make an IPv6 address by itself.'),
};
const name = text('The interface’s name.', { max: 256 });
const mac = text('The MAC address.', { max: 64 });
const bond = {
	bond_mode: choice('How the bond’s cards share the work.', BOND_MODES),
	bond_miimon: integer('Milliseconds between two looks at the cables.', { max: 1_000_000 }),
	bond_downdelay: integer('Milliseconds until a card without a cable is given up.', { max: 1_000_000 }),
	bond_updelay: integer('Milliseconds until a card that is back is used.', { max: 1_000_000 }),
	bond_lacp_rate: choice('How often LACP speaks.', LACP_RATES),
	bond_xmit_hash_policy: choice('What decides which card a packet takes.', HASH_POLICIES),
	bond_num_grat_arp: integer('Announcements after a change of cards.', { max: 255 }),
};
const bridge = {
	bridge_type: choice('Who bridges: the kernel or Open vSwitch.', BRIDGE_TYPES),
	bridge_stp: boolean('Speak the spanning tree protocol.'),
	bridge_fd: integer('Seconds until a port forwards.', { max: 65535 }),
};
const card = {
	enabled: boolean('Whether it is used at all.'),
	link_connected: boolean('Whether a cable is plugged in.'),
	interface_speed: integer('Mbit/s that the card can do.', { max: 10_000_000 }),
	link_speed: integer('Mbit/s of the cable now.', { max: 10_000_000 }),
	numa_node: integer('The NUMA node that it is on.', { max: 1024 }),
};
const parents = list('What it is built on, by id or name.');
const parent = text('What it is built on, by id or name.', { max: 64 });

export const physicalFields = { ...common, ...card, name, mac_address: mac };
export const bondFields = { ...common, ...bond, name, mac_address: mac, parents };
export const bridgeFields = { ...common, ...bridge, name, mac_address: mac, parents, parent };
export const taggedFields = { ...common, parents, parent };
export const updateFields = { ...common, ...card, ...bond, ...bridge, name, mac_address: mac, parents, parent };

export function changeOf(store: Store, input: Partial<Values<typeof updateFields>>): InterfaceChange {
	const { vlan } = input;
	const parentNames = input.parents ?? (input.parent ? [input.parent] : undefined);
	return {
		name: input.name,
		macAddress: input.mac_address,
		tags: input.tags,
		vlanId:
			vlan === undefined
				? undefined
				: vlan.trim() === '' || vlan === 'None'
					? null
					: inField('vlan', () => findVlan(store, vlan)).id,
		enabled: input.enabled,
		linkConnected: input.link_connected,
		linkSpeed: input.link_speed,
		interfaceSpeed: input.interface_speed,
		numaNode: input.numa_node,
		parents: parentNames,
		params: paramsOf(input),
	};
}

/** What MAAS keeps in `params`. */
function paramsOf(input: Partial<Values<typeof updateFields>>): Params {
	const names = ['mtu', 'accept_ra', 'autoconf', ...Object.keys(bond), ...Object.keys(bridge)] as const;
	const given: [string, string | number | boolean][] = [];
	for (const each of names) {
		const value = input[each as 'mtu' | 'accept_ra' | keyof typeof bond | keyof typeof bridge];
		if (value !== undefined) given.push([each, value]);
	}
	return Object.fromEntries(given);
}
