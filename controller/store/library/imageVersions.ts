import { nextVersion } from '../../domain/bootFile.ts';
import type { Database } from '../database.ts';
import type { BootImage } from '../images.ts';
import { keepResource, type ResourceSet } from './bootResourceRows.ts';

/** How images and the versions of boot resources belong together. */

/** Uploads on the page are for the usual architecture; the page's names are unique, whatever the architecture. */
export const hasResource = (db: Database, name: string): boolean =>
	db.first(db.sql.selectFrom('boot_resource').select('id').where('type', '=', 'Uploaded').where('name', '=', name)) !== undefined;

/** An image that came by another way than an upload of a boot resource becomes one's first version. */
export function addVersionOf(db: Database, image: BootImage): void {
	const at = image.uploadedAt;
	const resourceId = keepResource(db, { name: image.name, architecture: 'amd64/generic', at });
	const { sha256, size } = image;
	db.run(
		db.sql.insertInto('boot_resource_set').values({
			...{ resource_id: resourceId, version: versionOf(at, []), filetype: WORDS[image.format], sha256, size },
			...{ received: size, complete: 1, file: null, image_id: image.id, problem: null, touched_at: at },
		}),
	);
}

const WORDS = { raw: 'ddraw', 'raw.gz': 'ddgz', 'raw.zst': 'ddzstd' } as const;

export const versionOf = (at: string, earlier: readonly string[]): string =>
	nextVersion(at.slice(0, 10).replaceAll('-', ''), earlier);

/** The image takes the place of the upload's file, for each version that has the same content. */
export function linkImage(db: Database, file: string, imageId: number): void {
	db.run(
		db.sql
			.updateTable('boot_resource_set')
			.set({ image_id: imageId, file: null, problem: null })
			.where('file', '=', file)
			.where('complete', '=', 1),
	);
}

/** The files that uploads are in before they are images, and after when they are none. */
export const filesOfSets = (db: Database): string[] =>
	db.all(db.sql.selectFrom('boot_resource_set').select('file').where('file', 'is not', null)).map((row) => row.file as string);

/**
 * Frees the resource's name for its new version: older ones that no machine uses go, and an image that one does use gets its version
 * behind its name. Answers the name of the new image and the files that nothing names any more.
 */
export function makeRoom(db: Database, set: ResourceSet): { name: string; retired: string[] } {
	const resource = db.first(db.sql.selectFrom('boot_resource').select(['name', 'architecture']).where('id', '=', set.resourceId));
	if (!resource) throw new Error(`the resource of the upload ${set.id} was deleted`);
	const older = db.all(
		db.sql
			.selectFrom('boot_resource_set')
			.leftJoin('boot_image', 'boot_image.id', 'boot_resource_set.image_id')
			.select(['boot_resource_set.id', 'version', 'image_id', 'boot_resource_set.file', 'boot_image.file as image_file', 'name'])
			.where('resource_id', '=', set.resourceId)
			.where('boot_resource_set.id', '<', set.id)
			.where('complete', '=', 1),
	);
	const retired: string[] = [];
	for (const old of older) {
		if (old.image_id !== null && isUsed(db, old.image_id)) {
			if (old.name === resource.name) rename(db, old.image_id, `${resource.name} (${old.version})`);
			continue;
		}
		db.run(db.sql.deleteFrom('boot_resource_set').where('id', '=', old.id));
		if (old.image_id !== null && !isVersion(db, 'image_id', old.image_id)) {
			db.run(db.sql.deleteFrom('boot_image').where('id', '=', old.image_id));
			retired.push(old.image_file as string);
		}
		if (old.file !== null && !isVersion(db, 'file', old.file)) retired.push(old.file);
	}
	const architecture = resource.architecture.split('/')[0];
	const names = [resource.name, `${resource.name} (${architecture})`, `${resource.name} (${architecture}, ${set.version})`];
	return { name: names.find((name) => !nameIsTaken(db, name)) ?? `${resource.name} (${set.id})`, retired };
}

const isUsed = (db: Database, imageId: number): boolean =>
	db.first(db.sql.selectFrom('node').select('id').where('image_id', '=', imageId).limit(1)) !== undefined;

/** Uploads with the same content share it. */
export const isVersion = (db: Database, column: 'image_id' | 'file', value: number | string): boolean =>
	db.first(db.sql.selectFrom('boot_resource_set').select('id').where(column, '=', value).limit(1)) !== undefined;

const nameIsTaken = (db: Database, name: string): boolean =>
	db.first(db.sql.selectFrom('boot_image').select('id').where('name', '=', name)) !== undefined;

function rename(db: Database, imageId: number, name: string): void {
	db.run(
		db.sql
			.updateTable('boot_image')
			.set({ name: nameIsTaken(db, name) ? `${name} ${imageId}` : name })
			.where('id', '=', imageId),
	);
}
