import type { Selectable } from 'kysely';
import type { Database } from './database.ts';
import type { Tables } from './tables.ts';

/** A script that an operator has added; the builtin ones are in `controller/agent/builtinScripts.ts`. */
export interface UserScript {
	readonly name: string;
	readonly title: string;
	readonly kind: 'commissioning' | 'testing' | 'deployment' | 'release';
	readonly content: string;
	/** 0: no limit */
	readonly timeoutMs: number;
	readonly tags: readonly string[];
	readonly updatedAt: string;
}

export interface ScriptStore {
	all(): UserScript[];
	byName(name: string): UserScript | undefined;
	save(script: UserScript): void;
	delete(name: string): boolean;
}

export function createScriptStore(db: Database): ScriptStore {
	const all = () => db.sql.selectFrom('script').selectAll().orderBy('name');
	return {
		all: () => db.all(all()).map(fromRow),
		byName: (name) => {
			const row = db.first(all().where('name', '=', name));
			return row && fromRow(row);
		},
		save(script) {
			const row = {
				title: script.title,
				kind: script.kind,
				content: script.content,
				timeout_ms: script.timeoutMs,
				tags: JSON.stringify(script.tags),
				updated_at: script.updatedAt,
			};
			db.run(
				db.sql
					.insertInto('script')
					.values({ name: script.name, ...row })
					.onConflict((conflict) => conflict.column('name').doUpdateSet(row)),
			);
		},
		delete: (name) => db.run(db.sql.deleteFrom('script').where('name', '=', name)).changes > 0,
	};
}

function fromRow(row: Selectable<Tables['script']>): UserScript {
	return {
		name: row.name,
		title: row.title,
		kind: row.kind as UserScript['kind'],
		content: row.content,
		timeoutMs: row.timeout_ms,
		tags: JSON.parse(row.tags),
		updatedAt: row.updated_at,
	};
}
