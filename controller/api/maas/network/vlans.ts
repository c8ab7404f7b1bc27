import { createVlan, deleteVlan, type VlanChange } from '../../../flows/network/changeVlan.ts';
import { changeVlan } from '../../../flows/network/serveVlan.ts';
import type { Vlan } from '../../../store/network/vlans.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { unfit } from '../failures.ts';
import { boolean, integer, required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Call, type Implemented, on, resource } from '../resource.ts';
import { findFabric, findSpace, findVlan, findVlanByTag, inField } from './find.ts';
import { networkObjects, type VlanObject } from './networkObjects.ts';

const fields = {
	name: text('The VLAN’s name.', { max: 256 }),
	description: text('What the VLAN is for.'),
	vid: integer('The tag, 1 to 4094; 0 is untagged.', { max: 4094 }),
	mtu: integer('The largest packet, in bytes.', { min: 552, max: 65535 }),
	space: text('The space that it is in, by id or name; “undefined” or nothing takes it out of its space.', { max: 256 }),
};

const serving = {
	dhcp_on: boolean('Serve machines on this VLAN: needs a dynamic range and an interface of this controller.'),
	primary_rack: text('System id of the rack controller that serves it.', { max: 64 }),
	secondary_rack: text('System id of a second rack controller.', { max: 64 }),
	relay_vlan: text('The VLAN to whose DHCP server a relay passes requests, by id; nothing takes it away.', { max: 256 }),
};

export const vlansResource = resource({
	name: 'VlansHandler',
	path: 'fabrics/{fabric_id}/vlans/',
	doc: 'VLANs of one fabric.',
	actions: {
		read: { doc: 'List the VLANs of a fabric.', who: 'user' },
		create: {
			doc: 'Add a VLAN. DHCP is turned on later: it needs a subnet.',
			who: 'admin',
			parameters: { ...fields, ...serving, vid: required(fields.vid) },
		},
	},
});

export const vlanResource = resource({
	name: 'VlanHandler',
	path: 'fabrics/{fabric_id}/vlans/{vid}/',
	also: ['vlans/{id}/'],
	doc: 'One VLAN, by its tag within a fabric; `vlans/{id}/` is the same by id.',
	actions: {
		read: { doc: 'Show a VLAN.', who: 'user' },
		update: {
			doc: 'Change a VLAN. Turning DHCP on asks for other DHCP servers first, and is refused when one answers.',
			who: 'admin',
			parameters: { ...fields, ...serving },
		},
		delete: { doc: 'Delete a VLAN; what is on it goes to the untagged VLAN of its fabric.', who: 'admin' },
	},
});

export function vlanHandlers({ store, interfaces }: Parts): Implemented[] {
	const show = (id: number) => networkObjects(store).vlans.get(id) as VlanObject;
	return [
		on(vlansResource, {
			read(_, { uri }) {
				const fabric = findFabric(store, uri.fabric_id);
				return [...networkObjects(store).vlans.values()].filter((vlan) => vlan.fabric_id === fabric.id);
			},
			create({ vid, dhcp_on, ...input }, { uri }) {
				const fabric = findFabric(store, uri.fabric_id);
				if (dhcp_on) throw unfit('dhcp_on', 'dhcp can only be turned on when a dynamic IP range is defined.');
				return show(createVlan(store, fabric.id, { ...changeOf(store, input), vid }).id);
			},
		}),
		on(vlanResource, {
			read: (_, { uri }) => show(vlanIn(store, uri).id),
			async update(input, { uri, user }) {
				const { dhcp_on, ...change } = input;
				const vlan = vlanIn(store, uri);
				await changeVlan({ store, interfaces, by: user.username }, vlan, changeOf(store, change), dhcp_on);
				return show(vlan.id);
			},
			delete(_, { uri }) {
				deleteVlan(store, vlanIn(store, uri));
				return Reply.nothing();
			},
		}),
	];
}

/** The path has a fabric and a tag, or the VLAN’s id. */
function vlanIn(store: Store, uri: Call<'fabric_id' | 'vid'>['uri']): Vlan {
	const { id } = uri as { readonly id?: string };
	return id === undefined ? findVlanByTag(store, findFabric(store, uri.fabric_id), uri.vid) : findVlan(store, id);
}

function changeOf(store: Store, input: Partial<Values<typeof fields & typeof serving>>): VlanChange {
	const { name, description, vid, mtu, space } = input;
	return {
		...{ name, description, vid, mtu },
		...spaceOf(store, space),
		primaryRackId: rackOf(store, 'primary_rack', input.primary_rack),
		secondaryRackId: rackOf(store, 'secondary_rack', input.secondary_rack),
		relayVlanId: relayOf(store, input.relay_vlan),
	};
}

function spaceOf(store: Store, space: string | undefined): { spaceId?: number | null } {
	if (space === undefined) return {};
	return { spaceId: space.trim() === '' ? null : (inField('space', () => findSpace(store, space))?.id ?? null) };
}

function rackOf(store: Store, field: string, systemId: string | undefined): number | null | undefined {
	if (systemId === undefined) return undefined;
	if (systemId.trim() === '') return null;
	const rack = store.nodes.bySystemId(systemId.trim());
	if (rack?.kind !== 'controller') throw unfit(field, 'Select a valid choice. That choice is not one of the available choices.');
	return rack.id;
}

function relayOf(store: Store, relay: string | undefined): number | null | undefined {
	if (relay === undefined) return undefined;
	return relay.trim() === '' ? null : inField('relay_vlan', () => findVlan(store, relay)).id;
}
