import type { Selectable } from 'kysely';
import { defaultHeader, type ScriptHeader } from '../domain/scriptHeader.ts';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** What a script says about itself, or what was said with it. */
export type ScriptWords = Omit<ScriptHeader, 'name' | 'title' | 'description' | 'timeoutSeconds' | 'unknown'>;

/** A script that machines can run: an operator's own, or one that the product brings along (`controller/agent/builtinScripts.ts`). */
export interface StoredScript extends ScriptWords {
	readonly id: number;
	readonly name: string;
	readonly title: string;
	readonly description: string;
	readonly content: string;
	/** 0: no limit */
	readonly timeoutMs: number;
	readonly updatedAt: string;
	readonly builtin: boolean;
}

/** What must be known of a script to save it; the rest has the header's defaults. */
export type NewScript = Pick<StoredScript, 'name' | 'title' | 'kind' | 'content' | 'timeoutMs' | 'tags' | 'updatedAt'> &
	Partial<Omit<StoredScript, 'id' | 'builtin'>>;

export interface ScriptRevision {
	readonly id: number;
	readonly comment: string;
	readonly createdAt: string;
	readonly content: string;
}

export interface ScriptStore {
	/** By name. */
	all(): StoredScript[];
	byId(id: number): StoredScript | undefined;
	byName(name: string): StoredScript | undefined;
	/** Adds a script, or changes the one of this name; other content is a new revision. */
	save(script: NewScript, comment?: string): StoredScript;
	rename(id: number, name: string): void;
	/** Also a builtin one, which the next start brings again. */
	delete(name: string): boolean;
	/** Newest first, of each script (or of one), in one statement. */
	revisions(scriptId?: number): Map<number, ScriptRevision[]>;
	/** The content of an older revision; the newer ones go. */
	revert(script: StoredScript, to: ScriptRevision, words: NewScript): StoredScript;
	/** At start: the builtin scripts as this version has them. Tags and time limits that an operator has changed stay. */
	bringIn(scripts: readonly NewScript[]): void;
}

export function createScriptStore(db: Database): ScriptStore {
	const all = () => db.sql.selectFrom('script').selectAll().orderBy('name');
	const byName = (name: string) => db.all(all().where('name', '=', name)).map(fromRow)[0];
	const addRevision = (scriptId: number, content: string, comment: string, at: string) =>
		db.run(db.sql.insertInto('script_revision').values({ script_id: scriptId, content, comment, created_at: at }));

	const save = (script: NewScript, comment = '', builtin = false): StoredScript => {
		const before = byName(script.name);
		const whole = { ...defaultWords, ...script, builtin };
		const row = toRow(whole);
		const id = before?.id ?? db.run(db.sql.insertInto('script').values(row)).id;
		if (before) db.run(db.sql.updateTable('script').set(row).where('id', '=', id));
		if (before?.content !== script.content) addRevision(id, script.content, comment, script.updatedAt);
		return { ...whole, id };
	};

	return {
		all: () => db.all(all()).map(fromRow),
		byId: (id) => db.all(all().where('id', '=', id)).map(fromRow)[0],
		byName,
		save: (script, comment) => db.transaction(() => save(script, comment, byName(script.name)?.builtin)),
		rename: (id, name) => void db.run(db.sql.updateTable('script').set({ name }).where('id', '=', id)),
		delete: (name) => db.run(db.sql.deleteFrom('script').where('name', '=', name)).changes > 0,
		revisions(scriptId) {
			let rows = db.sql.selectFrom('script_revision').selectAll().orderBy('id', 'desc');
			if (scriptId !== undefined) rows = rows.where('script_id', '=', scriptId);
			const grouped = Map.groupBy(db.all(rows), (row) => row.script_id);
			return new Map([...grouped].map(([id, revisions]) => [id, revisions.map(toRevision)]));
		},
		revert: (script, to, words) =>
			db.transaction(() => {
				db.run(db.sql.deleteFrom('script_revision').where('script_id', '=', script.id).where('id', '>', to.id));
				db.run(db.sql.updateTable('script').set({ content: to.content }).where('id', '=', script.id));
				return save(words, '', script.builtin);
			}),
		bringIn(scripts) {
			db.transaction(() => {
				for (const script of scripts) {
					const before = byName(script.name);
					// the name was free until this version: the operator's script goes on under another one
					if (before && !before.builtin) freeName(db, before);
					const kept = before?.builtin ? { tags: before.tags, timeoutMs: before.timeoutMs } : {};
					const unchanged = before?.builtin && before.content === script.content;
					save({ ...script, ...kept, ...(unchanged ? { updatedAt: before.updatedAt } : {}) }, '', true);
				}
				const names = scripts.map(({ name }) => name);
				db.run(db.sql.deleteFrom('script').where('builtin', '=', 1).where('name', 'not in', names));
			});
		},
	};
}

const { name, title, timeoutSeconds, unknown, ...words } = defaultHeader;
const defaultWords = { ...words, description: '' };

function freeName(db: Database, script: StoredScript): void {
	const taken = new Set(db.all(db.sql.selectFrom('script').select('name')).map(({ name }) => name));
	let name = `${script.name}-own`;
	while (taken.has(name)) name += '-own';
	db.run(db.sql.updateTable('script').set({ name }).where('id', '=', script.id));
}

function toRow(script: Omit<StoredScript, 'id'> & { id?: number }) {
	const { id, name, title, description, kind, content, timeoutMs, tags, updatedAt, builtin, ...metadata } = script;
	return {
		...{ name, title, description, kind, content, timeout_ms: timeoutMs, tags: JSON.stringify(tags), updated_at: updatedAt },
		...{ builtin: builtin ? 1 : 0, metadata: JSON.stringify(metadata) },
	};
}

function fromRow(row: Selectable<Tables['script']>): StoredScript {
	return {
		...defaultWords,
		...JSON.parse(row.metadata),
		id: row.id,
		name: row.name,
		title: row.title,
		description: row.description,
		kind: row.kind as StoredScript['kind'],
		content: row.content,
		timeoutMs: row.timeout_ms,
		tags: JSON.parse(row.tags),
		updatedAt: row.updated_at,
		builtin: row.builtin === 1,
	};
}

const toRevision = (row: Selectable<Tables['script_revision']>): ScriptRevision => ({
	id: row.id,
	comment: row.comment,
	createdAt: row.created_at,
	content: row.content,
});
