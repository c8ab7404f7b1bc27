import { honoured, readSnippet } from '../../../domain/dhcpSnippet.ts';
import type { DhcpSnippet, SnippetScope } from '../../../store/names/dhcpSnippets.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Store } from '../../../store/store.ts';
import type { Parts } from '../../parts.ts';
import { eventTime } from '../dates.ts';
import { notFound, unfit } from '../failures.ts';
import { nodeTypes } from '../machines/nodeObject.ts';
import { findSubnet, inField } from '../network/find.ts';
import { networkObjects } from '../network/networkObjects.ts';
import { rangeResource } from '../network/ranges.ts';
import { boolean, integer, mandatory, required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { idIn } from '../rights.ts';

const fields = {
	name: text('The snippet’s name.', { max: 255 }),
	value: text(`The snippet, in the language of dhcpd.conf. These statements have an effect: ${honoured.join(', ')}.`, {
		max: 65_536,
	}),
	description: text('What it is for.', { max: 4096 }),
	enabled: boolean('Whether it counts; true unless given.'),
	node: text('The node that it is for, by system_id.', { max: 64 }),
	subnet: text('The subnet that it is for, by id, name or CIDR.', { max: 256 }),
	iprange: text('The range of addresses that it is for, by id.', { max: 32 }),
	global_snippet: boolean('It is for every network. So is one that is for nothing else.'),
};

export const dhcpSnippetsResource = resource({
	name: 'DHCPSnippetsHandler',
	path: 'dhcp-snippets/',
	doc: `Pieces of DHCP configuration, for all networks, a subnet, a range or a node. Metaldesk's own DHCP server reads the statements that it can act by (${honoured.join(', ')}); all others are checked for their syntax, kept, and listed in the object's \`ignored\`.`,
	actions: {
		read: { doc: 'List all snippets.', who: 'user' },
		create: {
			doc: 'Add a snippet.',
			who: 'admin',
			parameters: { ...fields, name: required(fields.name), value: required(fields.value) },
		},
	},
});

export const dhcpSnippetResource = resource({
	name: 'DHCPSnippetHandler',
	path: 'dhcp-snippets/{id}/',
	doc: 'One snippet, by id or name.',
	actions: {
		read: { doc: 'Show a snippet.', who: 'user' },
		update: { doc: 'Change a snippet; its former value stays in the history.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a snippet with its history.', who: 'admin' },
		revert: {
			doc: 'Go back to a former value; those since then are forgotten.',
			who: 'admin',
			parameters: {
				to: mandatory(integer('The id of a value of the history; or how many steps back, as a negative number.', { min: -1e9 })),
			},
		},
	},
});

/** With a number of statements that does not grow with the list. */
function snippetObjects(store: Store, snippets: readonly DhcpSnippet[]) {
	const nodes = new Map(store.nodes.all().map((node) => [node.id, node]));
	const { subnets } = networkObjects(store);
	const ranges = new Map(store.network.ranges.all().map((range) => [range.id, range]));
	return snippets.map((snippet) => {
		const { id, name, description, enabled, history, nodeId, subnetId, rangeId } = snippet;
		const value = history[0]?.value ?? '';
		const read = readSnippet(value);
		const node = nodes.get(nodeId ?? -1);
		const range = ranges.get(rangeId ?? -1);
		return {
			id,
			name,
			value,
			history: history.map((each) => ({ id: each.id, value: each.value, created: eventTime(each.createdAt) })),
			description,
			enabled,
			node: node ? nodeStub(node) : null,
			subnet: subnets.get(subnetId ?? -1) ?? null,
			iprange: range
				? {
						id: range.id,
						start_ip: range.startIp,
						end_ip: range.endIp,
						resource_uri: uriOf(rangeResource.path, { id: range.id }),
					}
				: null,
			global_snippet: nodeId === null && subnetId === null && rangeId === null,
			ignored: 'problem' in read ? [] : read.ignored,
			resource_uri: uriOf(dhcpSnippetResource.path, { id }),
		};
	});
}

/** python-libmaas fetches the rest when it needs it. */
const nodeStub = ({ kind, systemId, hostname }: Node) => {
	const { path, ...type } = nodeTypes[kind];
	return { system_id: systemId, hostname, ...type, resource_uri: uriOf(path, { system_id: systemId }), __incomplete__: true };
};

export function dhcpSnippetHandlers({ store }: Parts): Implemented[] {
	const snippets = store.dhcpSnippets;
	const find = (word: string) => {
		const snippet = snippets.byName(word) ?? snippets.byId(idIn(word, 'DHCPSnippet'));
		if (!snippet) throw notFound('DHCPSnippet');
		return snippet;
	};
	const shown = (snippet: DhcpSnippet) => snippetObjects(store, [snippet])[0];
	const changeOf = (input: Values<typeof fields>) => {
		const { name, value, description, enabled } = input;
		if (name?.trim() === '') throw unfit('name', 'This field is required.');
		const read = value === undefined ? undefined : readSnippet(value);
		if (read && 'problem' in read) throw unfit('value', read.problem);
		return { name: name?.trim(), value, description, enabled, scope: scopeOf(store, input) };
	};
	return [
		on(dhcpSnippetsResource, {
			read: () => snippetObjects(store, snippets.all()),
			create: (input) => shown(snippets.create({ ...changeOf(input), name: input.name.trim(), value: input.value })),
		}),
		on(dhcpSnippetResource, {
			read: (_, { uri }) => shown(find(uri.id)),
			update: (input, { uri }) => shown(snippets.update(find(uri.id).id, changeOf(input))),
			delete(_, { uri }) {
				snippets.delete(find(uri.id).id);
				return Reply.nothing();
			},
			revert({ to }, { uri }) {
				const snippet = find(uri.id);
				const { history } = snippet;
				const value = to < 0 ? history[-to] : history.find((each) => each.id === to);
				if (!value) throw unfit('to', `The history has ${history.length} values, and not this one.`);
				return shown(snippets.revertTo(snippet.id, value.id));
			},
		}),
	];
}

/** What it is for, when that was said at all. Throws Invalid for more than one of these. */
function scopeOf(store: Store, { node, subnet, iprange, global_snippet }: Values<typeof fields>): SnippetScope | undefined {
	const said = [node, subnet, iprange].filter((word) => word !== undefined && word !== '');
	if (global_snippet && said.length > 0)
		throw unfit('global_snippet', 'A global snippet is for no node, subnet or range in particular.');
	if (said.length > 1) throw unfit('__all__', 'A snippet is for one node, for one subnet, or for one range.');
	if (!global_snippet && [node, subnet, iprange].every((word) => word === undefined)) return undefined;
	const found = node ? store.nodes.bySystemId(node) : undefined;
	if (node && !found) throw unfit('node', 'Select a valid choice. That choice is not one of the available choices.');
	const range = iprange && /^\d{1,15}$/.test(iprange) ? store.network.ranges.byId(Number(iprange)) : undefined;
	if (iprange && !range) throw unfit('iprange', 'Select a valid choice. That choice is not one of the available choices.');
	return {
		nodeId: found?.id ?? null,
		subnetId: subnet ? inField('subnet', () => findSubnet(store, subnet)).id : null,
		rangeId: range?.id ?? null,
	};
}
