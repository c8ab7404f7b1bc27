import { Refusal } from '../domain/errors.ts';
import { checkPlaceName } from '../domain/placeName.ts';
import type { Database } from './database.ts';

/** A zone or a resource pool. */
export interface Place {
	readonly id: number;
	readonly name: string;
	readonly description: string;
}

/** Every node is in exactly one zone, every machine in exactly one pool; the first of each can neither go nor be renamed. */
export interface PlaceStore {
	all(): Place[];
	byId(id: number): Place | undefined;
	byName(name: string): Place | undefined;
	/** Throws Refusal `bad-input` with field `name` for a name that is taken or no name. */
	create(name: string, description: string): Place;
	update(id: number, change: { name?: string | undefined; description?: string | undefined }): Place;
	/** Throws Refusal `bad-input` for the default one, and for a pool that has machines; a zone's nodes move to the default zone. */
	delete(id: number): void;
}

interface Kind {
	readonly table: 'zone' | 'pool';
	/** the id of the one that was always there, as MAAS's is */
	readonly first: number;
	readonly order: 'name' | 'id';
	readonly blanks: '' | ' ';
	/** MAAS's sentences */
	readonly taken: string;
	readonly fixed: (what: 'renamed' | 'deleted') => string;
	/** before it goes: what becomes of its nodes */
	readonly empty: (db: Database, id: number) => void;
}

export const createZoneStore = (db: Database): PlaceStore =>
	createPlaceStore(db, {
		...{ table: 'zone', first: 1, order: 'name', blanks: '' },
		taken: 'Zone with this Name already exists.',
		fixed: (what) => `This zone is the default zone, it cannot be ${what}.`,
		empty: (db, id) => db.run(db.sql.updateTable('node').set({ zone_id: 1 }).where('zone_id', '=', id)),
	});

export const createPoolStore = (db: Database): PlaceStore =>
	createPlaceStore(db, {
		...{ table: 'pool', first: 0, order: 'id', blanks: ' ' },
		taken: 'Resource pool with this Name already exists.',
		fixed: (what) => `The default resource pool cannot be ${what}.`,
		empty(db, id) {
			if (db.first(db.sql.selectFrom('node').select('id').where('pool_id', '=', id).where('kind', '=', 'machine')))
				throw new Refusal('bad-input', 'Cannot delete a resource pool that contains machines.');
		},
	});

function createPlaceStore(db: Database, { table, first, order, blanks, taken, fixed, empty }: Kind): PlaceStore {
	const all = () => db.sql.selectFrom(table).selectAll().orderBy(order);
	const byId = (id: number) => db.first(all().where('id', '=', id));
	const byName = (name: string) => db.first(all().where('name', '=', name));
	const free = (name: string, own: number | null) => {
		checkPlaceName(name, blanks);
		const other = byName(name);
		if (other && other.id !== own) throw new Refusal('bad-input', taken, { field: 'name' });
		return name;
	};
	return {
		all: () => db.all(all()),
		byId,
		byName,
		create: (name, description) =>
			db.transaction(() => {
				const { id } = db.run(db.sql.insertInto(table).values({ name: free(name, null), description }));
				return { id, name, description };
			}),
		update: (id, { name, description }) =>
			db.transaction(() => {
				if (id === first && name !== undefined && name !== byId(id)?.name)
					throw new Refusal('bad-input', fixed('renamed'), { field: 'name' });
				if (name !== undefined)
					db.run(
						db.sql
							.updateTable(table)
							.set({ name: free(name, id) })
							.where('id', '=', id),
					);
				if (description !== undefined) db.run(db.sql.updateTable(table).set({ description }).where('id', '=', id));
				return byId(id) as Place;
			}),
		delete: (id) =>
			db.transaction(() => {
				if (id === first) throw new Refusal('bad-input', fixed('deleted'));
				empty(db, id);
				db.run(db.sql.deleteFrom(table).where('id', '=', id));
			}),
	};
}
