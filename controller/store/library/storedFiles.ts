import { randomUUID } from 'node:crypto';
import { sql } from 'kysely';
import type { Database } from '../database.ts';

/** A file that a client keeps here, by its name; Juju keeps its charms and its state so. */
export interface StoredFile {
	readonly filename: string;
	/** whoever knows it may read the file */
	readonly key: string;
}

/** Everybody has files of his own: the same name is another file for another user. */
export interface StoredFileStore {
	/** By name; those that begin with `prefix`. */
	list(ownerId: number, prefix: string): StoredFile[];
	byName(ownerId: number, filename: string): (StoredFile & { readonly content: Uint8Array }) | undefined;
	/** The content of the file with this key, whoever owns it. */
	byKey(key: string): Uint8Array | undefined;
	/** Takes the place of the user's file of this name, which keeps its key. */
	save(ownerId: number, filename: string, content: Uint8Array): void;
	delete(ownerId: number, filename: string): boolean;
}

export function createStoredFileStore(db: Database): StoredFileStore {
	const owned = (ownerId: number) => db.sql.selectFrom('stored_file').where('owner_id', '=', ownerId);
	return {
		list: (ownerId, prefix) =>
			db.all(
				owned(ownerId)
					.select(['filename', 'key'])
					.where(sql<boolean>`substr(filename, 1, length(${prefix})) = ${prefix}`)
					.orderBy('filename'),
			),
		byName: (ownerId, filename) =>
			db.first(owned(ownerId).select(['filename', 'key', 'content']).where('filename', '=', filename)),
		byKey: (key) => db.first(db.sql.selectFrom('stored_file').select('content').where('key', '=', key))?.content,
		save(ownerId, filename, content) {
			db.run(
				db.sql
					.insertInto('stored_file')
					.values({ owner_id: ownerId, filename, key: randomUUID(), content })
					.onConflict((conflict) => conflict.columns(['owner_id', 'filename']).doUpdateSet({ content })),
			);
		},
		delete: (ownerId, filename) =>
			db.run(db.sql.deleteFrom('stored_file').where('owner_id', '=', ownerId).where('filename', '=', filename)).changes > 0,
	};
}
