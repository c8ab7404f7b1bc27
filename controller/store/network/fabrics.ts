import type { Database } from '../database.ts';

export interface Fabric {
	readonly id: number;
	readonly name: string;
	readonly description: string;
	readonly classType: string | null;
}
/** The fabric that is there from the start, and can't go. */
export const DEFAULT_FABRIC = 0;

/** Rows only: what may be called what and what may go is decided in `flows/network/places.ts`. */
export interface FabricStore {
	all(): Fabric[];
	byId(id: number): Fabric | undefined;
	/** `null`: it is called `fabric-<id>` */
	insert(fabric: Omit<Fabric, 'id' | 'name'> & { name: string | null }): Fabric;
	update(id: number, change: Partial<Omit<Fabric, 'id'>>): void;
	/** With its VLANs. */
	delete(id: number): void;
}

export function createFabricStore(db: Database): FabricStore {
	const all = () => db.sql.selectFrom('fabric').select(['id', 'name', 'description', 'class_type as classType']).orderBy('id');
	const byId = (id: number) => db.first(all().where('id', '=', id));
	return {
		all: () => db.all(all()),
		byId,
		insert: ({ name, description, classType }) =>
			db.transaction(() => {
				const { id } = db.run(
					// no fabric can be called like that
					db.sql.insertInto('fabric').values({ name: name ?? ' ', description, class_type: classType }),
				);
				if (name === null)
					db.run(
						db.sql
							.updateTable('fabric')
							.set({ name: freeName(id) })
							.where('id', '=', id),
					);
				return byId(id) as Fabric;
			}),
		update(id, { classType, ...change }) {
			const values = { ...change, ...(classType === undefined ? {} : { class_type: classType }) };
			if (Object.keys(values).length > 0) db.run(db.sql.updateTable('fabric').set(values).where('id', '=', id));
		},
		delete(id) {
			db.run(db.sql.deleteFrom('fabric').where('id', '=', id));
		},
	};

	/** Somebody may have called another one so. */
	function freeName(id: number): string {
		const taken = new Set(db.all(all()).map((fabric) => fabric.name));
		let name = `fabric-${id}`;
		for (let count = 2; taken.has(name); count++) name = `fabric-${id}-${count}`;
		return name;
	}
}
