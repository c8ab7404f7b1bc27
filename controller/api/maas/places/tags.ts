import { setTimeout as wait } from 'node:timers/promises';
import { cleanLine } from '../../../domain/clean.ts';
import { kernelOptionsProblem } from '../../../domain/kernelOptions.ts';
import { parseTagDefinition } from '../../../domain/tagDefinition.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Tag } from '../../../store/tags.ts';
import type { Parts } from '../../parts.ts';
import { conflict, MaasRefusal, notFound, unfit } from '../failures.ts';
import { machineObjects } from '../machines/machineObject.ts';
import { controllerObjects } from '../nodes/controllerObject.ts';
import { deviceObjects } from '../nodes/deviceObject.ts';
import { list, required, text, type Values } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

const fields = {
	name: text('The tag’s name: letters, digits, dashes and underscores.', { max: 256 }),
	comment: text('What the tag means.', { max: 4096 }),
	definition: text(
		'An XPath 1.0 expression over a machine’s lshw: those for which it is true have the tag. Empty: the tag is put on by hand.',
		{ max: 65_536 },
	),
	kernel_opts: text(
		'Words for the kernel command line of network boots of its machines, after those of the configuration. An installed image keeps its own.',
		{ max: 65_536 },
	),
};

export const tagsResource = resource({
	name: 'TagsHandler',
	path: 'tags/',
	doc: 'Tags: what nodes are called beside their names.',
	actions: {
		read: { doc: 'List all tags.', who: 'user' },
		create: { doc: 'Add a tag.', who: 'admin', parameters: { ...fields, name: required(fields.name) } },
	},
});

const nodesOp = (what: string) => ({ doc: `List the ${what} that have the tag.`, who: 'user', get: true }) as const;

export const tagResource = resource({
	name: 'TagHandler',
	path: 'tags/{name}/',
	doc: 'One tag.',
	actions: {
		read: { doc: 'Show a tag.', who: 'user' },
		update: { doc: 'Change a tag; a new definition is asked of all machines.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a tag.', who: 'admin' },
		nodes: nodesOp('nodes of all kinds'),
		machines: nodesOp('machines'),
		devices: nodesOp('devices'),
		rack_controllers: nodesOp('rack controllers'),
		region_controllers: nodesOp('region controllers'),
		rebuild: { doc: 'Ask the definition of all machines again.', who: 'admin' },
		update_nodes: {
			doc: 'Put the tag on nodes, and take it off others. Not for a tag with a definition, unless the definition is sent along.',
			who: 'admin',
			parameters: {
				add: list('Nodes that get the tag, by system_id.'),
				remove: list('Nodes that lose the tag, by system_id.'),
				definition: text('The definition by which this was decided: refused where the tag has another one by now.', {
					max: 65_536,
				}),
				rack_controller: text('The rack controller that decided it.', { max: 256 }),
			},
		},
	},
});

const tagObject = (tag: Tag) => ({
	name: tag.name,
	definition: tag.definition,
	comment: tag.comment,
	// never null: gomaasapi takes text or nothing
	kernel_opts: tag.kernelOpts,
	resource_uri: uriOf(tagResource.path, { name: tag.name }),
});

/** For so long the answer waits for a rebuild: in a small rack the tag is on its machines when the client looks. */
const REBUILD_PATIENCE_MS = 1000;

export function tagHandlers(parts: Parts): Implemented[] {
	const { store, tagRebuild } = parts;
	const find = (name: string) => {
		const tag = store.tags.byName(name);
		if (!tag) throw notFound('Tag');
		return tag;
	};
	const nodesOf = (name: string, ...kinds: readonly Node['kind'][]) => {
		const has = new Set(store.tags.nodesOf(find(name).id));
		return store.nodes.all().filter((node) => has.has(node.id) && kinds.includes(node.kind));
	};
	const machines = (name: string) => machineObjects(parts, store.machines.among(nodesOf(name, 'machine').map((node) => node.id)));
	const rebuilt = async (tag: Tag) => {
		if (tag.definition === '') return;
		const done = new AbortController();
		const patience = wait(REBUILD_PATIENCE_MS, undefined, { signal: done.signal, ref: false }).catch(() => undefined);
		await Promise.race([tagRebuild.begin(tag.id), patience]);
		done.abort();
	};
	const devices = (name: string, user: { readonly isAdmin: boolean; readonly id: number }) =>
		deviceObjects(
			store,
			nodesOf(name, 'device').filter((device) => user.isAdmin || device.ownerId === user.id),
		);
	return [
		on(tagsResource, {
			read: () => store.tags.all().map(tagObject),
			async create(input) {
				const tag = store.tags.create({ ...changeOf(input), name: input.name });
				await rebuilt(tag);
				return tagObject(tag);
			},
		}),
		on(tagResource, {
			read: (_, { uri }) => tagObject(find(uri.name)),
			async update(input, { uri }) {
				const before = find(uri.name);
				const tag = store.tags.update(before.id, changeOf(input));
				if (tag.definition !== before.definition) await rebuilt(tag);
				return tagObject(tag);
			},
			delete(_, { uri }) {
				store.tags.delete(find(uri.name).id);
				return Reply.nothing();
			},
			nodes: (_, { uri, user }) => [
				...machines(uri.name),
				...devices(uri.name, user),
				...controllerObjects(parts, nodesOf(uri.name, 'controller')),
			],
			machines: (_, { uri }) => machines(uri.name),
			devices: (_, { uri, user }) => devices(uri.name, user),
			rack_controllers: (_, { uri }) => controllerObjects(parts, nodesOf(uri.name, 'controller')),
			region_controllers: (_, { uri }) => controllerObjects(parts, nodesOf(uri.name, 'controller'), 'region'),
			async rebuild(_, { uri }) {
				const tag = find(uri.name);
				await rebuilt(tag);
				return { rebuilding: tag.name };
			},
			update_nodes({ add = [], remove = [], definition }, { uri }) {
				const tag = find(uri.name);
				if (definition !== undefined && definition !== tag.definition)
					throw conflict(
						`Definition supplied '${cleanLine(definition)}' doesn't match current definition '${cleanLine(tag.definition)}'`,
					);
				if (tag.definition !== '' && definition === undefined)
					throw new MaasRefusal(400, `The tag ${tag.name} has a definition, which decides who has it.`);
				const ids = new Map(store.nodes.all().map((node) => [node.systemId, node.id]));
				const known = (systemIds: readonly string[]) => systemIds.flatMap((systemId) => ids.get(systemId) ?? []);
				const [gets, loses] = [known(add), known(remove)];
				store.transaction(() => {
					store.tags.add(tag.id, gets);
					store.tags.remove(tag.id, loses);
				});
				return { added: gets.length, removed: loses.length };
			},
		}),
	];
}

function changeOf({ name, comment, definition, kernel_opts: kernelOpts }: Values<typeof fields>) {
	const parsed = definition?.trim() ? parseTagDefinition(definition) : undefined;
	if (parsed && 'problem' in parsed) throw unfit('definition', parsed.problem);
	const problem = kernelOpts === undefined ? null : kernelOptionsProblem(kernelOpts);
	if (problem) throw unfit('kernel_opts', problem);
	return { name, comment, definition: parsed ? parsed.text : definition?.trim(), kernelOpts: kernelOpts?.trim() };
}
