import type { Database } from '../database.ts';

/** Subnets whose hosts may reach each other. */
export interface Space {
	readonly id: number;
	readonly name: string;
	readonly description: string;
}

export interface SpaceStore {
	all(): Space[];
	byId(id: number): Space | undefined;
	insert(space: Omit<Space, 'id'>): Space;
	update(id: number, change: Partial<Omit<Space, 'id'>>): void;
	/** Its VLANs are in no space then. */
	delete(id: number): void;
}

export function createSpaceStore(db: Database): SpaceStore {
	const all = () => db.sql.selectFrom('space').selectAll().orderBy('id');
	const byId = (id: number) => db.first(all().where('id', '=', id));
	return {
		all: () => db.all(all()),
		byId,
		insert: (space) => byId(db.run(db.sql.insertInto('space').values(space)).id) as Space,
		update(id, change) {
			if (Object.keys(change).length > 0) db.run(db.sql.updateTable('space').set(change).where('id', '=', id));
		},
		delete(id) {
			db.run(db.sql.deleteFrom('space').where('id', '=', id));
		},
	};
}
