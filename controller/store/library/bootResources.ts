import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type BootFileWord, bootFiles, systemOf } from '../../domain/bootFile.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Database } from '../database.ts';
import { keepReserve } from '../imageStreams.ts';
import { type ImageStore, usualLimits } from '../images.ts';
import {
	type BootResource,
	dropEmptyResources,
	keepResource,
	type ResourceSet,
	readResources,
	setOf,
} from './bootResourceRows.ts';
import { isVersion, versionOf } from './imageVersions.ts';
import { createUploadFiles } from './uploadFiles.ts';

export interface NewUpload {
	/** as `resourceName` gives it */
	readonly name: string;
	readonly architecture: string;
	readonly filetype: BootFileWord;
	/** 64 hexadecimal digits in lower case */
	readonly sha256: string;
	readonly size: number;
	readonly title?: string | null;
	readonly baseImage?: string | null;
}

/** What can be deployed: synced from a mirror, or uploaded in chunks. */
export interface BootResourceStore {
	list(type?: BootResource['type']): BootResource[];
	byId(id: number): BootResource | undefined;
	set(id: number): ResourceSet | undefined;
	/**
	 * A new version that waits for its bytes; complete at once when the same content is here already. Uploads that nobody has gone on
	 * with for a day are dropped. Throws Refusal `storage-full`, or `bad-input` (field size) for more than any disk holds.
	 */
	begin(upload: NewUpload): BootResource;
	/**
	 * Appends a chunk; chunks of one upload that come at once are taken in the order of their arrival. With the last byte the hash is
	 * checked: when it is wrong the upload begins anew. Throws Refusal `bad-input` with MAAS's sentences, `not-found`, `storage-full`.
	 */
	append(setId: number, chunk: Uint8Array): Promise<ResourceSet>;
	/** Why no machine can be deployed with it, nor with what has the same content. */
	setProblem(setId: number, problem: string): void;
	/** Throws Refusal `conflict` while a machine is deployed, or being deployed, with one of its images. */
	delete(id: number): void;
	/** A machine is deployed with this image now. */
	deploys(imageId: number): void;
	/** Complete disks that are no images yet: what a stopped controller has left to do. */
	unprepared(): ResourceSet[];
	/** Which system each image is, by the image's id. */
	systemsOfImages(): Map<number, { osystem: string; distroSeries: string }>;
}

const missing = () => new Refusal('not-found', 'No BootResourceFile matches the given query.');

const PATIENCE_MS = 24 * 60 * 60 * 1000;

export function createBootResourceStore(
	db: Database,
	folder: string,
	images: ImageStore,
	now: () => Date,
	limits = usualLimits,
): BootResourceStore {
	const files = createUploadFiles(folder);
	const discard = (file: string) => rmSync(path.join(folder, file), { force: true });
	const sets = () => db.sql.selectFrom('boot_resource_set').selectAll();
	const setById = (id: number) => {
		const row = db.first(sets().where('id', '=', id));
		return row && setOf(row);
	};
	const update = (id: number, change: { received?: number; complete?: number }) =>
		db.run(
			db.sql
				.updateTable('boot_resource_set')
				.set({ ...change, touched_at: now().toISOString() })
				.where('id', '=', id),
		);
	const dropSet = (set: ResourceSet) => {
		db.run(db.sql.deleteFrom('boot_resource_set').where('id', '=', set.id));
		const { file } = set;
		if (file !== null && !isVersion(db, 'file', file)) db.afterCommit(() => discard(file));
		files.forget(set.id);
	};
	const dropAbandoned = () => {
		const since = new Date(now().getTime() - PATIENCE_MS).toISOString();
		for (const row of db.all(sets().where('complete', '=', 0).where('touched_at', '<', since))) dropSet(setOf(row));
		dropEmptyResources(db);
	};
	/** The same bytes, which somebody has uploaded as the same kind of file. */
	const known = ({ sha256, size, filetype }: NewUpload) => {
		const same = sets().where('sha256', '=', sha256).where('size', '=', size).where('filetype', '=', filetype);
		const row = db.first(same.where('complete', '=', 1).where('problem', 'is', null).orderBy('id', 'desc').limit(1));
		return row && (row.image_id !== null || row.file !== null) ? setOf(row) : undefined;
	};

	return {
		list: (type) => readResources(db, type === undefined ? {} : { type }),
		byId: (id) => readResources(db, { id })[0],
		set: setById,
		begin(upload) {
			if (upload.size > limits.maxDiskSize)
				throw new Refusal('bad-input', `Ensure this value is less than or equal to ${limits.maxDiskSize}.`, { field: 'size' });
			return db.transaction(() => {
				dropAbandoned();
				const at = now().toISOString();
				const resourceId = keepResource(db, { ...upload, at });
				const same = known(upload);
				if (same?.resourceId !== resourceId) {
					if (!same) keepReserve(folder, upload.size, limits.reserve);
					const earlier = db.all(db.sql.selectFrom('boot_resource_set').select('version').where('resource_id', '=', resourceId));
					const version = versionOf(
						at,
						earlier.map((each) => each.version),
					);
					const { filetype, sha256, size } = upload;
					const here = same ? { received: size, complete: 1, file: same.file, image_id: same.imageId } : null;
					db.run(
						db.sql.insertInto('boot_resource_set').values({
							...{ resource_id: resourceId, version, filetype, sha256, size, problem: null, touched_at: at },
							...(here ?? { received: 0, complete: 0, file: `${randomUUID()}.upload`, image_id: null }),
						}),
					);
				}
				return readResources(db, { id: resourceId })[0] as BootResource;
			});
		},
		append: (setId, chunk) =>
			files.inTurn(setId, async () => {
				const set = setById(setId);
				if (!set) throw missing();
				if (set.complete || set.file === null) throw new Refusal('bad-input', 'Cannot upload to a complete file.');
				if (set.received + chunk.length > set.size) throw new Refusal('bad-input', 'Too much data received.');
				keepReserve(folder, chunk.length, limits.reserve);
				const { file } = set;
				// it may be deleted at any moment of this, and its file with it
				const gone = () => {
					if (setById(setId)) return false;
					discard(file);
					return true;
				};
				const sha256 = await files.write({ ...set, file }, chunk).catch((error: unknown) => {
					throw gone() ? missing() : error;
				});
				if (gone()) throw missing();
				const received = set.received + chunk.length;
				if (sha256 !== null && sha256 !== set.sha256) {
					update(setId, { received: 0 });
					throw new Refusal('bad-input', 'Saved content does not match given SHA256 value.');
				}
				update(setId, { received, complete: sha256 === null ? 0 : 1 });
				return setById(setId) as ResourceSet;
			}),
		setProblem(setId, problem) {
			const file = setById(setId)?.file;
			if (file)
				db.run(db.sql.updateTable('boot_resource_set').set({ problem }).where('file', '=', file).where('complete', '=', 1));
		},
		delete(id) {
			db.transaction(() => {
				for (const set of readResources(db, { id })[0]?.sets ?? []) {
					dropSet(set);
					if (set.imageId !== null && !isVersion(db, 'image_id', set.imageId)) images.delete(set.imageId);
				}
				db.run(db.sql.deleteFrom('boot_resource').where('id', '=', id));
			});
		},
		deploys(imageId) {
			const resources = db.sql.selectFrom('boot_resource_set').select('resource_id').where('image_id', '=', imageId);
			db.run(db.sql.updateTable('boot_resource').set({ last_deployed_at: now().toISOString() }).where('id', 'in', resources));
		},
		unprepared: () =>
			db
				.all(sets().where('complete', '=', 1).where('image_id', 'is', null).where('problem', 'is', null).orderBy('id'))
				.map(setOf)
				.filter((set) => bootFiles[set.filetype].holds !== 'root'),
		systemsOfImages: () =>
			new Map(
				db
					.all(
						db.sql
							.selectFrom('boot_resource_set')
							.innerJoin('boot_resource', 'boot_resource.id', 'boot_resource_set.resource_id')
							.select(['image_id', 'name'])
							.where('image_id', 'is not', null)
							// of resources that share an image, the first one
							.orderBy('boot_resource_set.id', 'desc'),
					)
					.map(({ image_id, name }) => [image_id as number, systemOf(name)]),
			),
	};
}
