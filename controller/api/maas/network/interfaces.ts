import { createOn, createPhysical, createTagged } from '../../../flows/network/changeInterface.ts';
import type { Interface } from '../../../store/network/interfaces.ts';
import type { Parts } from '../../parts.ts';
import { unfit } from '../failures.ts';
import { required } from '../parameters.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { findNode } from '../rights.ts';
import { bondFields, bridgeFields, changeOf, physicalFields, taggedFields } from './interfaceForm.ts';
import { interfaceObjects } from './interfaceObject.ts';
import { mayChange, showInterface } from './interfaceRights.ts';

export const interfacesResource = resource({
	name: 'InterfacesHandler',
	path: 'nodes/{system_id}/interfaces/',
	doc: 'Network interfaces of one machine, device or controller.',
	actions: {
		read: { doc: 'List the interfaces.', who: 'user' },
		create_physical: {
			doc: 'Add a card. On machines an administrator does it, on devices the owner too.',
			who: 'editor',
			parameters: { ...physicalFields, mac_address: required(physicalFields.mac_address) },
		},
		create_bond: {
			doc: 'Join cards.',
			who: 'admin',
			parameters: { ...bondFields, name: required(bondFields.name), parents: required(bondFields.parents) },
		},
		create_bridge: {
			doc: 'Put a bridge over an interface.',
			who: 'admin',
			parameters: { ...bridgeFields, name: required(bridgeFields.name) },
		},
		create_vlan: {
			doc: 'Add an interface for the frames of one tag.',
			who: 'admin',
			parameters: { ...taggedFields, vlan: required(taggedFields.vlan) },
		},
	},
});

export function interfacesHandlers({ store }: Parts): Implemented[] {
	const made = (row: Interface) => {
		store.machines.touched(row.nodeId);
		return showInterface(store, row);
	};
	return [
		on(interfacesResource, {
			read(_, { uri }) {
				const node = findNode(store, uri.system_id);
				return interfaceObjects(store, [node.id]).get(node.id) ?? [];
			},
			create_physical(input, { uri, user }) {
				const node = mayChange(findNode(store, uri.system_id), user, 'create');
				const change = { ...changeOf(store, input), macAddress: input.mac_address };
				return made(createPhysical(store, node, change));
			},
			create_bond(input, { uri, user }) {
				const node = mayChange(findNode(store, uri.system_id), user, 'create', 'machine');
				const change = { ...changeOf(store, input), name: input.name, parents: input.parents };
				return made(createOn(store, node, 'bond', change));
			},
			create_bridge(input, { uri, user }) {
				const node = mayChange(findNode(store, uri.system_id), user, 'create', 'machine');
				const change = changeOf(store, input);
				const { parents } = change;
				if (!parents) throw unfit('parent', 'This field is required.');
				return made(createOn(store, node, 'bridge', { ...change, name: input.name, parents }));
			},
			create_vlan(input, { uri, user }) {
				const node = mayChange(findNode(store, uri.system_id), user, 'create', 'machine');
				const change = changeOf(store, input);
				const { vlanId } = change;
				const [parent, ...more] = change.parents ?? [];
				if (typeof vlanId !== 'number') throw unfit('vlan', 'This field is required.');
				if (parent === undefined) throw unfit('parent', 'This field is required.');
				if (more.length > 0) throw unfit('parents', 'A VLAN interface can only have one parent.');
				return made(createTagged(store, node, { ...change, vlanId, parent }));
			},
		}),
	];
}
