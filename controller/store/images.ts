import { randomUUID } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Selectable } from 'kysely';
import { cleanText } from '../domain/clean.ts';
import { HEAD_SIZE, type ImageKind, recogniseImage } from '../domain/diskImage.ts';
import { Refusal } from '../domain/errors.ts';
import type { Database } from './database.ts';
import {
	convertToZstd,
	explainImportError,
	type ImportStep,
	keepReserve,
	measureDisk,
	saveFile,
	wholeSectors,
} from './imageStreams.ts';
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

export interface ImageStore {
	/**
	 * Takes a disk image as raw, gzip, zstd, xz or qcow2 bytes; the last two are kept as `raw.zst`. Nothing is left when it fails.
	 * Throws Refusal `bad-input` (field name, file or sha256), `conflict` (the name is taken) or `storage-full`; on abort the signal's reason.
	 */
	import(upload: ImageUpload): Promise<BootImage>;
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

const usualLimits: ImageLimits = { maxDiskSize: 16 * 2 ** 40, reserve: 256 * 2 ** 20 };

export function createImageStore(db: Database, folder: string, now: () => Date, limits = usualLimits): ImageStore {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const importing = new Set<string>();
	const all = () => db.sql.selectFrom('boot_image').selectAll().orderBy('name');
	const byName = (name: string) => db.first(all().where('name', '=', name));
	const fileOf = (name: string) => path.join(folder, name);
	const discard = (name: string) => rmSync(fileOf(name), { force: true });

	/**
	 * The file gets its name before the row is committed: a crash between the two leaves a file without a row, which `sweep` removes,
	 * and never a row without its file. The folder is synced because a rename is only durable with it (fsync(2)).
	 */
	const keep = (temporary: string, name: string, image: Omit<BootImage, 'id' | 'name' | 'file' | 'uploadedAt'>): BootImage => {
		const file = `${randomUUID()}.${image.format}`;
		return db.transaction(() => {
			if (byName(name)) throw taken(name);
			const row = {
				name,
				format: image.format,
				size: image.size,
				disk_size: image.diskSize,
				sha256: image.sha256,
				file,
				uploaded_at: now().toISOString(),
			};
			const { id } = db.run(db.sql.insertInto('boot_image').values(row));
			renameSync(fileOf(temporary), fileOf(file));
			syncFolder(folder);
			return fromRow({ id, ...row });
		});
	};

	return {
		async import(upload) {
			const name = checkName(upload.name);
			const expected = upload.sha256 === undefined ? null : checkHash(upload.sha256);
			if (importing.has(name) || byName(name)) throw taken(name);
			importing.add(name);
			const received = `${randomUUID()}.part`;
			const converted = `${randomUUID()}.part`;
			const step = (name: ImportProgress['step']): ImportStep => ({
				...limits,
				signal: upload.signal,
				progress: (done, total) => upload.onProgress?.({ step: name, done, total }),
			});
			try {
				keepReserve(folder, upload.length ?? 0, limits.reserve);
				const { kind, ...saved } = await receive(upload, expected, fileOf(received), step('receiving'));
				if (kind === 'raw') return keep(received, name, { format: 'raw', ...saved, diskSize: wholeSectors(saved.size) });
				if (kind === 'xz' || kind === 'qcow2') {
					const made = await convertToZstd(kind, fileOf(received), fileOf(converted), step('converting'));
					return keep(converted, name, { format: 'raw.zst', ...made });
				}
				const diskSize = await measureDisk(fileOf(received), kind, step('checking'));
				return keep(received, name, { format: kind === 'gzip' ? 'raw.gz' : 'raw.zst', ...saved, diskSize });
			} catch (error) {
				throw upload.signal?.aborted ? upload.signal.reason : explainImportError(error);
			} finally {
				discard(received);
				discard(converted);
				importing.delete(name);
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
			const known = new Set(db.all(all()).map((row) => row.file));
			const stray = readdirSync(folder).filter((file) => ownFile.test(file) && !known.has(file));
			stray.forEach(discard);
			return stray.length;
		},
	};
}

/** Files that this store has named; somebody's notes in the folder stay. */
const ownFile = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\.(part|raw|raw\.gz|raw\.zst)$/;

async function receive(upload: ImageUpload, expected: string | null, to: string, step: ImportStep) {
	let head = Buffer.alloc(0);
	let kind: ImageKind | null = null;
	let done = 0;
	const judge = (): ImageKind => {
		const seen = recogniseImage(head);
		if ('kind' in seen) return seen.kind;
		const what = cleanText(upload.filename, 100) ?? 'the file';
		throw new Refusal('bad-input', `${what} is ${seen.found}`, {
			field: 'file',
			nextStep: 'Upload a disk image: raw, raw compressed with gzip, zstd or xz, or qcow2.',
		});
	};
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
