import type { Selectable } from 'kysely';
import { Refusal } from '../domain/errors.ts';
import { among } from './among.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

export interface Tag {
	readonly id: number;
	readonly name: string;
	readonly comment: string;
	/** XPath over a machine's lshw; '' for a tag that people put on by hand */
	readonly definition: string;
	/** further words for the kernel command line of its machines */
	readonly kernelOpts: string;
}
export type TagChange = { readonly [Name in keyof Omit<Tag, 'id'>]?: Tag[Name] | undefined };

/** What nodes are called beside their names. Who has a tag with a definition is decided by flows/tagRebuild.ts alone. */
export interface TagStore {
	all(): Tag[];
	byId(id: number): Tag | undefined;
	byName(name: string): Tag | undefined;
	/** The definitions that have to be asked of each machine. */
	defined(): Tag[];
	/** Throws Refusal `bad-input` with field `name` for a name that is taken or no name. */
	create(tag: TagChange & { readonly name: string }): Tag;
	update(id: number, change: TagChange): Tag;
	delete(id: number): void;
	/** In alphabetical order; nodes without tags are not in it. */
	namesOf(nodeIds: Iterable<number>): Map<number, string[]>;
	/** Ids of the nodes that have the tag. */
	nodesOf(tagId: number): number[];
	/** Answers how many did not have it before. */
	add(tagId: number, nodeIds: Iterable<number>): number;
	/** Answers how many had it. */
	remove(tagId: number, nodeIds: Iterable<number>): number;
	/** The kernel options of a node's tags, in the alphabetical order of the tags; without the empty ones. */
	kernelOptsOf(nodeId: number): { tag: string; options: string }[];
}

/** MAAS's rule: tags stand in comma-separated lists and in addresses. */
const TAG_NAME = /^[A-Za-z0-9_-]{1,256}$/;

export function createTagStore(db: Database): TagStore {
	const all = () => db.sql.selectFrom('tag').selectAll().orderBy('name');
	const one = (row: Selectable<Tables['tag']> | undefined) => row && fromRow(row);
	const byName = (name: string) => one(db.first(all().where('name', '=', name)));
	const byId = (id: number) => one(db.first(all().where('id', '=', id)));
	const nodesOf = (tagId: number) =>
		db
			.all(db.sql.selectFrom('node_tag').select('node_id').where('tag_id', '=', tagId).orderBy('node_id'))
			.map((row) => row.node_id);
	const free = (name: string, own: number | null) => {
		if (!TAG_NAME.test(name))
			throw new Refusal('bad-input', 'Use up to 256 letters, digits, dashes and underscores.', { field: 'name' });
		const other = byName(name);
		if (other && other.id !== own) throw new Refusal('bad-input', 'Tag with this Name already exists.', { field: 'name' });
		return name;
	};
	return {
		all: () => db.all(all()).map(fromRow),
		byId,
		byName,
		defined: () => db.all(all().where('definition', '<>', '')).map(fromRow),
		create: (tag) =>
			db.transaction(() => {
				db.run(db.sql.insertInto('tag').values({ ...toRow(tag), name: free(tag.name, null) }));
				return byName(tag.name) as Tag;
			}),
		update: (id, change) =>
			db.transaction(() => {
				if (change.name !== undefined) free(change.name, id);
				const row = toRow(change);
				if (Object.keys(row).length > 0) db.run(db.sql.updateTable('tag').set(row).where('id', '=', id));
				return byId(id) as Tag;
			}),
		delete(id) {
			db.run(db.sql.deleteFrom('tag').where('id', '=', id));
		},
		namesOf(nodeIds) {
			const names = new Map<number, string[]>();
			const query = db.sql
				.selectFrom('node_tag')
				.innerJoin('tag', 'tag.id', 'node_tag.tag_id')
				.select(['node_tag.node_id', 'tag.name'])
				.where('node_tag.node_id', 'in', among(nodeIds))
				.orderBy('tag.name');
			for (const { node_id, name } of db.all(query)) {
				const known = names.get(node_id);
				if (known) known.push(name);
				else names.set(node_id, [name]);
			}
			return names;
		},
		nodesOf,
		add: (tagId, nodeIds) =>
			db.transaction(() => {
				const has = new Set(nodesOf(tagId));
				const fresh = [...new Set(nodeIds)].filter((id) => !has.has(id));
				for (const id of fresh) db.run(db.sql.insertInto('node_tag').values({ node_id: id, tag_id: tagId }));
				return fresh.length;
			}),
		remove: (tagId, nodeIds) =>
			db.transaction(() => {
				const has = new Set(nodesOf(tagId));
				const gone = [...new Set(nodeIds)].filter((id) => has.has(id));
				db.run(db.sql.deleteFrom('node_tag').where('tag_id', '=', tagId).where('node_id', 'in', among(gone)));
				return gone.length;
			}),
		kernelOptsOf: (nodeId) =>
			db
				.all(
					db.sql
						.selectFrom('node_tag')
						.innerJoin('tag', 'tag.id', 'node_tag.tag_id')
						.select(['tag.name', 'tag.kernel_opts'])
						.where('node_tag.node_id', '=', nodeId)
						.where('tag.kernel_opts', '<>', '')
						.orderBy('tag.name'),
				)
				.map((row) => ({ tag: row.name, options: row.kernel_opts })),
	};
}

const fromRow = (row: Selectable<Tables['tag']>): Tag => ({
	id: row.id,
	name: row.name,
	comment: row.comment,
	definition: row.definition,
	kernelOpts: row.kernel_opts,
});

const toRow = ({ name, comment, definition, kernelOpts }: TagChange) => ({
	...(name === undefined ? {} : { name }),
	...(comment === undefined ? {} : { comment }),
	...(definition === undefined ? {} : { definition }),
	...(kernelOpts === undefined ? {} : { kernel_opts: kernelOpts }),
});
