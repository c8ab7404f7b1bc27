import Sqlite from 'better-sqlite3';
import { type Compilable, DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { first } from './migrations/001-first.ts';
import { maas } from './migrations/002-maas.ts';
import type { Tables } from './tables.ts';

/** In order; a database remembers how many it has seen (`user_version`). */
const migrations = [first, maas];

/**
 * The one database of a controller. Kysely writes and types the SQL; it runs at once and in this thread, so that nothing of another
 * request can happen inside a transaction (the reason why flows need no locks on rows: README, decision R1).
 */
export interface Database {
	readonly sql: Kysely<Tables>;
	all<Row>(query: Compilable<Row>): Row[];
	first<Row>(query: Compilable<Row>): Row | undefined;
	/** Runs an insert, update or delete. */
	run(query: Compilable): { changes: number; id: number };
	/** All or nothing; transactions within transactions join the outer one. */
	transaction<Result>(work: () => Result): Result;
	/** Calls `news` once the running transaction has been committed, at once when there is none; never when it is rolled back. */
	afterCommit(news: () => void): void;
	/** Changes with every write, of this process or another; what was read under the same version still holds. */
	version(): string;
	/** How many statements have run so far: tests see by it that a list's number of them does not grow. */
	statements(): number;
	close(): void;
}

/** Opens (or makes) the database and brings its schema up to date. `:memory:` for tests. Throws when the file is newer than this program. */
export function openDatabase(file: string): Database {
	const sqlite = new Sqlite(file);
	sqlite.pragma('journal_mode = WAL');
	sqlite.pragma('synchronous = FULL');
	sqlite.pragma('foreign_keys = ON');
	sqlite.pragma('busy_timeout = 5000');
	migrate(sqlite);

	const sql = new Kysely<Tables>({
		dialect: {
			createAdapter: () => new SqliteAdapter(),
			createDriver: () => new DummyDriver(),
			createIntrospector: (db) => new SqliteIntrospector(db),
			createQueryCompiler: () => new SqliteQueryCompiler(),
		},
	});
	const prepared = new Map<string, Sqlite.Statement>();
	let run = 0;
	const statement = (text: string): Sqlite.Statement => {
		run++;
		let found = prepared.get(text);
		if (!found) {
			if (prepared.size > 500) prepared.clear();
			found = sqlite.prepare(text);
			prepared.set(text, found);
		}
		return found;
	};
	let news: (() => void)[] = [];
	const changes = sqlite.prepare('select total_changes()').pluck();

	return {
		sql,
		all<Row>(query: Compilable<Row>) {
			const { sql: text, parameters } = query.compile();
			return statement(text).all(...parameters) as Row[];
		},
		first<Row>(query: Compilable<Row>) {
			const { sql: text, parameters } = query.compile();
			return statement(text).get(...parameters) as Row | undefined;
		},
		run(query) {
			const { sql: text, parameters } = query.compile();
			const { changes, lastInsertRowid } = statement(text).run(...parameters);
			return { changes, id: Number(lastInsertRowid) };
		},
		transaction(work) {
			if (sqlite.inTransaction) return work();
			try {
				const result = sqlite.transaction(work).immediate();
				const due = news;
				news = [];
				for (const tell of due) tell();
				return result;
			} finally {
				news = [];
			}
		},
		afterCommit(tell) {
			if (sqlite.inTransaction) news.push(tell);
			else tell();
		},
		version: () => `${sqlite.pragma('data_version', { simple: true })}:${changes.get()}`,
		statements: () => run,
		close: () => sqlite.close(),
	};
}

function migrate(sqlite: Sqlite.Database): void {
	const seen = sqlite.pragma('user_version', { simple: true }) as number;
	if (seen > migrations.length)
		throw new Error(
			`the database was written by a newer Metaldesk (schema ${seen}, this program knows ${migrations.length}): install that version or newer`,
		);
	for (const [at, text] of migrations.entries()) {
		if (at < seen) continue;
		sqlite.transaction(() => {
			sqlite.exec(text);
			sqlite.pragma(`user_version = ${at + 1}`);
		})();
	}
}
