import { checkTag, deleteInterface, updateInterface } from '../../../flows/network/changeInterface.ts';
import { disconnect, linkSubnet, setDefaultGateway, unlinkSubnet } from '../../../flows/network/linkSubnet.ts';
import type { LinkMode } from '../../../store/network/addresses.ts';
import type { Interface } from '../../../store/network/interfaces.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { forbidden, unfit } from '../failures.ts';
import { boolean, choice, integer, mandatory, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Call, type Implemented, on, resource } from '../resource.ts';
import { findNode } from '../rights.ts';
import { findSubnet, inField } from './find.ts';
import { changeOf, updateFields } from './interfaceForm.ts';
import { findInterface, mayChange, showInterface } from './interfaceRights.ts';

const tag = mandatory(text('The tag.', { max: 64 }));

export const interfaceResource = resource({
	name: 'InterfaceHandler',
	path: 'nodes/{system_id}/interfaces/{id}/',
	doc: 'One network interface, by id or name.',
	actions: {
		read: { doc: 'Show an interface.', who: 'user' },
		update: {
			doc: 'Change an interface. On machines an administrator does it, on devices the owner too.',
			who: 'editor',
			parameters: updateFields,
		},
		delete: { doc: 'Delete an interface that nothing is built on.', who: 'editor' },
		link_subnet: {
			doc: 'Give it an address in a subnet: automatic, by DHCP, a fixed one, or none.',
			who: 'editor',
			parameters: {
				mode: required(choice('AUTO, DHCP, STATIC or LINK_UP.', ['AUTO', 'DHCP', 'STATIC', 'LINK_UP'])),
				subnet: text('The subnet, by id or specifier.', { max: 256 }),
				ip_address: text('The address of a STATIC link; without one the lowest free.', { max: 64 }),
				force: boolean('Take other links away for LINK_UP; leave the VLAN for the subnet’s.'),
				default_gateway: boolean('Use this subnet’s gateway for the default route.'),
			},
		},
		unlink_subnet: {
			doc: 'Take a link away.',
			who: 'editor',
			parameters: { id: required(integer('The link’s id.')) },
		},
		disconnect: { doc: 'Take all links and the VLAN away.', who: 'editor' },
		set_default_gateway: {
			doc: 'Use the gateway of a link’s subnet for the default route.',
			who: 'editor',
			parameters: { link_id: integer('The link’s id; not needed when only one has a gateway.') },
		},
		add_tag: { doc: 'Add a tag.', who: 'editor', parameters: { tag } },
		remove_tag: { doc: 'Remove a tag.', who: 'editor', parameters: { tag } },
	},
});

/** What a controller's own interfaces may be told; the rest is as it was found. */
const OF_CONTROLLERS: readonly string[] = ['name', 'vlan', 'mtu', 'accept_ra', 'autoconf'];

export function interfaceHandlers({ store }: Parts): Implemented[] {
	type Where = Call<'system_id' | 'id'>;
	const find = ({ uri }: Where): { node: Node; row: Interface } => {
		const node = findNode(store, uri.system_id);
		return { node, row: findInterface(store, node, uri.id) };
	};
	/** For orders that a machine's state and its user must allow. */
	const change = (call: Where, verb: string, order: (row: Interface, node: Node) => void) => {
		const { node, row } = find(call);
		mayChange(node, call.user, verb);
		order(row, node);
		store.machines.touched(node.id);
		return showInterface(store, row);
	};
	const retag = (row: Interface, tags: readonly string[]) =>
		store.network.interfaces.update(row.id, { tags: [...new Set(tags)] });
	return [
		on(interfaceResource, {
			read: (_, call) => showInterface(store, find(call).row),
			update: (input, call) =>
				change(call, 'update', (row, node) => {
					const sent = Object.entries(input).filter(([, value]) => value !== undefined);
					if (node.kind === 'controller' && sent.some(([name]) => !OF_CONTROLLERS.includes(name)))
						throw forbidden('Only name, VLAN and MTU of a controller’s interface can be changed.');
					updateInterface(store, node, row, changeOf(store, input));
				}),
			delete(_, call) {
				const { node, row } = find(call);
				mayChange(node, call.user, 'delete');
				deleteInterface(store, row);
				store.machines.touched(node.id);
				return Reply.nothing();
			},
			link_subnet: ({ mode, subnet, ip_address, force = false, default_gateway = false }, call) =>
				change(call, 'link subnet to', (row, node) => {
					if (node.kind === 'device' && mode !== 'STATIC')
						throw unfit('mode', `Select a valid choice. ${mode} is not one of the available choices.`);
					linkSubnet(store, row, {
						mode: mode.toLowerCase() as LinkMode,
						subnet: subnet ? inField('subnet', () => findSubnet(store, subnet)) : null,
						ipAddress: ip_address || null,
						...{ force, defaultGateway: default_gateway },
					});
				}),
			unlink_subnet: ({ id }, call) => change(call, 'unlink subnet from', (row) => unlinkSubnet(store, row, id)),
			disconnect: (_, call) => change(call, 'disconnect', (row) => disconnect(store, row)),
			set_default_gateway: ({ link_id = null }, call) =>
				change(call, 'set default gateway of', (row) => setDefaultGateway(store, row, link_id)),
			add_tag: ({ tag: added }, call) => change(call, 'update', (row) => retag(row, [...row.tags, checkTag(added)])),
			remove_tag: ({ tag: removed }, call) =>
				change(call, 'update', (row) =>
					retag(
						row,
						row.tags.filter((each) => each !== removed),
					),
				),
		}),
	];
}
