import { Refusal } from '../domain/errors.ts';
import { checkPlaceName } from '../domain/placeName.ts';
import type { Database } from './database.ts';

export interface Pool {
	readonly id: number;
	readonly name: string;
	readonly description: string;
}

/** Every machine is in exactly one resource pool; the first one can't go. */
export interface PoolStore {
	all(): Pool[];
	byId(id: number): Pool | undefined;
	byName(name: string): Pool | undefined;
	/** Throws Refusal `bad-input` with field `name` for a name that is taken or no name. */
	create(name: string, description: string): Pool;
	update(id: number, change: { name?: string | undefined; description?: string | undefined }): Pool;
	/** Throws Refusal `bad-input` for the default pool and for one that has machines. */
	delete(id: number): void;
}

/** MAAS's own default pool has this id. */
export const DEFAULT_POOL = 0;

export function createPoolStore(db: Database): PoolStore {
	const all = () => db.sql.selectFrom('pool').selectAll().orderBy('id');
	const byId = (id: number) => db.first(all().where('id', '=', id));
	const byName = (name: string) => db.first(all().where('name', '=', name));
	const free = (name: string, own: number | null) => {
		checkPlaceName(name, ' ');
		const other = byName(name);
		if (other && other.id !== own)
			throw new Refusal('bad-input', 'Resource pool with this Name already exists.', { field: 'name' });
		return name;
	};
	return {
		all: () => db.all(all()),
		byId,
		byName,
		create: (name, description) =>
			db.transaction(() => {
				const { id } = db.run(db.sql.insertInto('pool').values({ name: free(name, null), description }));
				return { id, name, description };
			}),
		update: (id, { name, description }) =>
			db.transaction(() => {
				if (id === DEFAULT_POOL && name !== undefined && name !== byId(id)?.name)
					throw new Refusal('bad-input', 'The default resource pool cannot be renamed.', { field: 'name' });
				if (name !== undefined)
					db.run(
						db.sql
							.updateTable('pool')
							.set({ name: free(name, id) })
							.where('id', '=', id),
					);
				if (description !== undefined) db.run(db.sql.updateTable('pool').set({ description }).where('id', '=', id));
				return byId(id) as Pool;
			}),
		delete: (id) =>
			db.transaction(() => {
				if (id === DEFAULT_POOL) throw new Refusal('bad-input', 'The default resource pool cannot be deleted.');
				if (db.first(db.sql.selectFrom('node').select('id').where('pool_id', '=', id).where('kind', '=', 'machine')))
					throw new Refusal('bad-input', 'Cannot delete a resource pool that contains machines.');
				db.run(db.sql.deleteFrom('pool').where('id', '=', id));
			}),
	};
}
