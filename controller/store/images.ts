import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Selectable } from 'kysely';
import { bootFiles } from '../domain/bootFile.ts';
import { cleanText } from '../domain/clean.ts';
import { HEAD_SIZE, type ImageKind } from '../domain/diskImage.ts';
import { Refusal } from '../domain/errors.ts';
import type { Database } from './database.ts';
import { explainImportError, type ImportStep, keepReserve, saveFile } from './imageStreams.ts';
import { dropEmptyResources, type ResourceSet } from './library/bootResourceRows.ts';
import { addVersionOf, filesOfSets, hasResource, linkImage, makeRoom } from './library/imageVersions.ts';
import { kindOf, type Prepared, prepareImage, readHead } from './prepareImage.ts';
import type { Tables } from './tables.ts';

/** A disk image that machines can be deployed with. Its file is never changed. */
export interface BootImage {
	readonly id: number;
	readonly name: string;
	readonly format: 'raw' | 'raw.gz' | 'raw.zst';
	/** bytes of the file that machines fetch */
	readonly size: number;
	/** bytes of the smallest disk that it fits on */
	readonly diskSize: number;
	/** of the file that machines fetch */
	readonly sha256: string;
	/** its name in the image folder */
	readonly file: string;
	readonly uploadedAt: string;
}

export interface ImageUpload {
	readonly name: string;
	/** as the uploader calls it; only for sentences about it */
	readonly filename?: string | undefined;
	/** of the uploaded bytes, when the uploader knows it */
	readonly sha256?: string | undefined;
	readonly bytes: AsyncIterable<Uint8Array>;
	/** of `bytes`, when it is known before */
	readonly length?: number | null | undefined;
	readonly signal?: AbortSignal | undefined;
	readonly onProgress?: ((progress: ImportProgress) => void) | undefined;
}

/** Receiving counts the upload; checking and converting go over it a second time. */
export interface ImportProgress {
	readonly step: 'receiving' | 'checking' | 'converting';
	readonly done: number;
	readonly total: number | null;
}

/** Every image is a version of a boot resource: MAAS's API and the page show the same list. */
export interface ImageStore {
	/**
	 * Takes a disk image as raw, gzip, zstd, xz or qcow2 bytes; the last two are kept as `raw.zst`. Nothing is left when it fails.
	 * Throws Refusal `bad-input` (field name, file or sha256), `conflict` (the name is taken) or `storage-full`; on abort the signal's reason.
	 */
	import(upload: ImageUpload): Promise<BootImage>;
	/**
	 * Makes an image of a complete upload, which takes the name of its resource; older versions that no machine uses go.
	 * Throws Refusal `bad-input` for bytes that are no disk, or `storage-full`; on abort the signal's reason.
	 */
	prepare(set: ResourceSet, signal?: AbortSignal): Promise<BootImage>;
	list(): BootImage[];
	byId(id: number): BootImage | undefined;
	/** The file, for serving. */
	path(image: BootImage): string;
	/** Throws Refusal `not-found`, or `conflict` while a machine is deployed, or being deployed, with it. */
	delete(id: number): void;
	/** How many machines use each image, by its id; images that none uses are missing. */
	usedBy(): Map<number, number>;
	/** At start, before any import: removes files that no row names, which are what a crash leaves. Answers how many. */
	sweep(): number;
}

export interface ImageLimits {
	readonly maxDiskSize: number;
	readonly reserve: number;
}

export const usualLimits: ImageLimits = { maxDiskSize: 16 * 2 ** 40, reserve: 256 * 2 ** 20 };

export function createImageStore(db: Database, folder: string, now: () => Date, limits = usualLimits): ImageStore {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const importing = new Set<string>();
	const all = () => db.sql.selectFrom('boot_image').selectAll().orderBy('name');
	const byName = (name: string) => db.first(all().where('name', '=', name));
	const isTaken = (name: string) => byName(name) !== undefined || hasResource(db, name);
	const fileOf = (name: string) => path.join(folder, name);
	const discard = (name: string) => rmSync(fileOf(name), { force: true });
	const stepper = (signal: AbortSignal | undefined, told?: ImageUpload['onProgress'], total?: number | null) => {
		return (step: ImportProgress['step']): ImportStep => ({
			...limits,
			signal,
			progress: (done, whole) => told?.({ step, done, total: whole ?? total ?? null }),
		});
	};

	const insert = (name: string, file: string, image: Prepared): BootImage => {
		const { format, size, diskSize, sha256 } = image;
		const row = { name, format, size, disk_size: diskSize, sha256, file, uploaded_at: now().toISOString() };
		return fromRow({ id: db.run(db.sql.insertInto('boot_image').values(row)).id, ...row });
	};
	/**
	 * The file gets its name before the row is committed: a crash between the two leaves a file without a row, which `sweep` removes,
	 * and never a row without its file. The folder is synced because a rename is only durable with it (fsync(2)).
	 */
	const settle = (temporary: string, format: BootImage['format']): string => {
		const file = `${randomUUID()}.${format}`;
		renameSync(fileOf(temporary), fileOf(file));
		syncFolder(folder);
		return file;
	};

	return {
		async import(upload) {
			const name = checkName(upload.name);
			const expected = upload.sha256 === undefined ? null : checkHash(upload.sha256);
			if (importing.has(name) || isTaken(name)) throw taken(name);
			importing.add(name);
			const received = `${randomUUID()}.part`;
			const converted = `${randomUUID()}.part`;
			const step = stepper(upload.signal, upload.onProgress, upload.length);
			try {
				keepReserve(folder, upload.length ?? 0, limits.reserve);
				const { kind, ...saved } = await receive(upload, expected, fileOf(received), step('receiving'));
				const made = await prepareImage(fileOf(received), saved, { kind }, fileOf(converted), step);
				return db.transaction(() => {
					if (isTaken(name)) throw taken(name);
					const image = insert(name, settle(made.from === 'received' ? received : converted, made.format), made);
					addVersionOf(db, image);
					return image;
				});
			} catch (error) {
				throw upload.signal?.aborted ? upload.signal.reason : explainImportError(error);
			} finally {
				discard(received);
				discard(converted);
				importing.delete(name);
			}
		},
		async prepare(set, signal) {
			if (set.file === null) throw new Error(`the upload ${set.id} has no file`);
			const received = set.file;
			const converted = `${randomUUID()}.part`;
			try {
				const inTar = bootFiles[set.filetype].holds === 'disk in tar';
				const how = inTar ? ({ inTar } as const) : { kind: kindOf(await readHead(fileOf(received)), 'the upload') };
				const made = await prepareImage(fileOf(received), set, how, fileOf(converted), stepper(signal));
				return db.transaction(() => {
					const { name, retired } = makeRoom(db, set);
					const own = made.from === 'received';
					const image = insert(name, own ? received : settle(converted, made.format), made);
					linkImage(db, received, image.id);
					db.afterCommit(() => [...retired, ...(own ? [] : [received])].forEach(discard));
					return image;
				});
			} catch (error) {
				throw signal?.aborted ? signal.reason : explainImportError(error);
			} finally {
				discard(converted);
			}
		},
		list: () => db.all(all()).map(fromRow),
		byId: (id) => {
			const row = db.first(all().where('id', '=', id));
			return row && fromRow(row);
		},
		path: (image) => fileOf(image.file),
		delete(id) {
			db.transaction(() => {
				const row = db.first(all().where('id', '=', id));
				if (!row) throw new Refusal('not-found', 'there is no such image');
				const users = db.all(db.sql.selectFrom('node').select('hostname').where('image_id', '=', id).orderBy('hostname'));
				if (users.length > 0)
					throw new Refusal('conflict', `${row.name} is in use by ${named(users.map(({ hostname }) => hostname))}`, {
						nextStep: 'Release these machines first.',
					});
				db.run(db.sql.deleteFrom('boot_image').where('id', '=', id));
				dropEmptyResources(db);
				db.afterCommit(() => discard(row.file));
			});
		},
		usedBy: () =>
			new Map(
				db
					.all(
						db.sql
							.selectFrom('node')
							.select(({ fn }) => ['image_id', fn.countAll<number>().as('count')])
							.where('image_id', 'is not', null)
							.groupBy('image_id'),
					)
					.map((row) => [row.image_id as number, row.count]),
			),
		sweep() {
			const known = new Set([...db.all(all()).map((row) => row.file), ...filesOfSets(db)]);
			const stray = readdirSync(folder).filter((file) => ownFile.test(file) && !known.has(file));
			stray.forEach(discard);
			return stray.length;
		},
	};
}

/** Files that this store has named; somebody's notes in the folder stay. */
const ownFile = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(part|upload|raw|raw\.gz|raw\.zst)$/;

async function receive(upload: ImageUpload, expected: string | null, to: string, step: ImportStep) {
	let head = Buffer.alloc(0);
	let kind: ImageKind | null = null;
	let done = 0;
	const judge = () => kindOf(head, cleanText(upload.filename, 100) ?? 'the file');
	const saved = await saveFile(upload.bytes, to, step, (chunk) => {
		if (!kind) {
			head = Buffer.concat([head, chunk.subarray(0, HEAD_SIZE)]);
			if (head.length >= HEAD_SIZE) kind = judge();
		}
		done += chunk.length;
		step.progress(done, upload.length ?? null);
	});
	if (typeof upload.length === 'number' && saved.size !== upload.length)
		throw new Refusal('bad-input', `the upload ended after ${saved.size} of ${upload.length} bytes`, { field: 'file' });
	if (expected !== null && expected !== saved.sha256)
		throw new Refusal('bad-input', `the file's SHA-256 is ${saved.sha256}, but ${expected} was expected`, { field: 'sha256' });
	return { ...saved, kind: kind ?? judge() };
}

function checkName(name: string): string {
	const clean = cleanText(name, 100);
	if (clean === null || clean !== name.trim())
		throw new Refusal('bad-input', 'an image needs a name of 1 to 100 printable characters', { field: 'name' });
	return clean;
}

function checkHash(sha256: string): string {
	const hex = sha256.trim().toLowerCase();
	if (!/^[0-9a-f]{64}$/.test(hex)) throw new Refusal('bad-input', 'a SHA-256 has 64 hexadecimal digits', { field: 'sha256' });
	return hex;
}

const taken = (name: string) => new Refusal('conflict', `there is an image called ${name} already`, { field: 'name' });

const named = (hostnames: readonly string[]) =>
	hostnames.length <= 3 ? hostnames.join(', ') : `${hostnames.slice(0, 3).join(', ')} and ${hostnames.length - 3} more`;

function syncFolder(folder: string): void {
	if (process.platform === 'win32') return;
	const handle = openSync(folder, 'r');
	try {
		fsyncSync(handle);
	} finally {
		closeSync(handle);
	}
}

function fromRow(row: Selectable<Tables['boot_image']>): BootImage {
	return {
		id: row.id,
		name: row.name,
		format: row.format,
		size: row.size,
		diskSize: row.disk_size,
		sha256: row.sha256,
		file: row.file,
		uploadedAt: row.uploaded_at,
	};
}
