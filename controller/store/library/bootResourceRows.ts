import type { Selectable } from 'kysely';
import type { BootFileWord } from '../../domain/bootFile.ts';
import type { Database } from '../database.ts';
import type { Tables } from '../tables.ts';

/** What can be deployed, or will be once it is complete: a name for an architecture, with its versions. */
export interface BootResource {
	readonly id: number;
	readonly type: 'Synced' | 'Uploaded';
	/** `ubuntu/jammy`, or the bare name of a custom image */
	readonly name: string;
	/** `amd64/generic` */
	readonly architecture: string;
	readonly title: string | null;
	readonly baseImage: string | null;
	/** when a machine was last deployed with it */
	readonly lastDeployedAt: string | null;
	/** newest first */
	readonly sets: readonly ResourceSet[];
}

/** One version; its id is that of its file in MAAS's upload address. */
export interface ResourceSet {
	readonly id: number;
	readonly resourceId: number;
	readonly version: string;
	readonly filetype: BootFileWord;
	readonly sha256: string;
	readonly size: number;
	/** bytes that are there */
	readonly received: number;
	readonly complete: boolean;
	/** in the image folder; `null` for one whose bytes are a deployable image */
	readonly file: string | null;
	readonly imageId: number | null;
	/** why no machine can be deployed with it */
	readonly problem: string | null;
}

/** All resources (or one) with their sets, by type and name; two statements. */
export function readResources(
	db: Database,
	only: { readonly id?: number; readonly type?: BootResource['type'] } = {},
): BootResource[] {
	let rows = db.sql.selectFrom('boot_resource').selectAll().orderBy('name').orderBy('architecture');
	let sets = db.sql.selectFrom('boot_resource_set').selectAll().orderBy('id', 'desc');
	if (only.id !== undefined) {
		rows = rows.where('id', '=', only.id);
		sets = sets.where('resource_id', '=', only.id);
	}
	if (only.type !== undefined) rows = rows.where('type', '=', only.type);
	const found = db.all(rows);
	if (found.length === 0) return [];
	const byResource = Map.groupBy(db.all(sets), (set) => set.resource_id);
	return found.map((row) => ({
		id: row.id,
		type: row.type,
		name: row.name,
		architecture: row.architecture,
		title: row.title,
		baseImage: row.base_image,
		lastDeployedAt: row.last_deployed_at,
		sets: (byResource.get(row.id) ?? []).map(setOf),
	}));
}

export const setOf = (row: Selectable<Tables['boot_resource_set']>): ResourceSet => ({
	id: row.id,
	resourceId: row.resource_id,
	version: row.version,
	filetype: row.filetype as BootFileWord,
	sha256: row.sha256,
	size: row.size,
	received: row.received,
	complete: row.complete === 1,
	file: row.file,
	imageId: row.image_id,
	problem: row.problem,
});

/** Makes the resource, or gives the one of this name new words; answers its id. */
export function keepResource(
	db: Database,
	resource: { name: string; architecture: string; title?: string | null; baseImage?: string | null; at: string },
): number {
	const { name, architecture, title, baseImage, at } = resource;
	const words = { ...(title ? { title } : {}), ...(baseImage ? { base_image: baseImage } : {}) };
	const known = db.first(
		db.sql
			.selectFrom('boot_resource')
			.select('id')
			.where('type', '=', 'Uploaded')
			.where('name', '=', name)
			.where('architecture', '=', architecture),
	);
	if (!known)
		return db.run(
			db.sql.insertInto('boot_resource').values({
				...{ type: 'Uploaded', name, architecture, created_at: at },
				...{ title: title ?? null, base_image: baseImage ?? null, last_deployed_at: null },
			}),
		).id;
	if (Object.keys(words).length > 0) db.run(db.sql.updateTable('boot_resource').set(words).where('id', '=', known.id));
	return known.id;
}

/** Resources whose last set has gone go, too. */
export function dropEmptyResources(db: Database): void {
	db.run(db.sql.deleteFrom('boot_resource').where('id', 'not in', db.sql.selectFrom('boot_resource_set').select('resource_id')));
}
