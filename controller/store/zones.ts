import { Refusal } from '../domain/errors.ts';
import { checkPlaceName } from '../domain/placeName.ts';
import type { Database } from './database.ts';

export interface Zone {
	readonly id: number;
	readonly name: string;
	readonly description: string;
}

/** Every node is in exactly one zone; the first one can't go. */
export interface ZoneStore {
	all(): Zone[];
	byId(id: number): Zone | undefined;
	byName(name: string): Zone | undefined;
	/** Throws Refusal `bad-input` with field `name` for a name that is taken or no name. */
	create(name: string, description: string): Zone;
	update(id: number, change: { name?: string | undefined; description?: string | undefined }): Zone;
	/** Its nodes move to the default zone. Throws Refusal `bad-input` for the default zone. */
	delete(id: number): void;
}

export const DEFAULT_ZONE = 1;

export function createZoneStore(db: Database): ZoneStore {
	const all = () => db.sql.selectFrom('zone').selectAll().orderBy('name');
	const byId = (id: number) => db.first(all().where('id', '=', id));
	const byName = (name: string) => db.first(all().where('name', '=', name));
	const free = (name: string, own: number | null) => {
		checkPlaceName(name);
		const other = byName(name);
		if (other && other.id !== own) throw new Refusal('bad-input', 'Zone with this Name already exists.', { field: 'name' });
		return name;
	};
	return {
		all: () => db.all(all()),
		byId,
		byName,
		create: (name, description) =>
			db.transaction(() => {
				const { id } = db.run(db.sql.insertInto('zone').values({ name: free(name, null), description }));
				return { id, name, description };
			}),
		update: (id, { name, description }) =>
			db.transaction(() => {
				if (id === DEFAULT_ZONE && name !== undefined && name !== byId(id)?.name)
					throw new Refusal('bad-input', 'This zone is the default zone, it cannot be renamed.', { field: 'name' });
				if (name !== undefined)
					db.run(
						db.sql
							.updateTable('zone')
							.set({ name: free(name, id) })
							.where('id', '=', id),
					);
				if (description !== undefined) db.run(db.sql.updateTable('zone').set({ description }).where('id', '=', id));
				return byId(id) as Zone;
			}),
		delete(id) {
			if (id === DEFAULT_ZONE) throw new Refusal('bad-input', 'This zone is the default zone, it cannot be deleted.');
			db.transaction(() => {
				db.run(db.sql.updateTable('node').set({ zone_id: DEFAULT_ZONE }).where('zone_id', '=', id));
				db.run(db.sql.deleteFrom('zone').where('id', '=', id));
			});
		},
	};
}
