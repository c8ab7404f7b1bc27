import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, statfsSync, type WriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { constants, createGunzip, createZstdCompress, createZstdDecompress } from 'node:zlib';
import xz from 'xz-decompress';
import { HEAD_SIZE, whatInstead } from '../domain/diskImage.ts';
import { Refusal } from '../domain/errors.ts';
import { openQcow2 } from '../domain/qcow2.ts';
import type { RandomAccess } from '../domain/randomAccess.ts';
import { firstFileInTar } from '../domain/tarFile.ts';
import { zstdFrames } from '../domain/zstdFrames.ts';

/** What every step of an import obeys and reports to. */
export interface ImportStep {
	readonly maxDiskSize: number;
	/** bytes of the file system that stay free: the database is on it too */
	readonly reserve: number;
	readonly signal: AbortSignal | undefined;
	/** bytes of the step's input (of the disk, for qcow2) so far */
	readonly progress: (done: number, total: number | null) => void;
}

export interface SavedFile {
	readonly size: number;
	readonly sha256: string;
}

type Bytes = AsyncIterable<Uint8Array>;

/** Writes a new file while it hashes and counts; it is on the disk for good when the promise is kept. `look` sees each chunk before it is written. */
export async function saveFile(
	bytes: Bytes,
	to: string,
	step: ImportStep,
	look: (chunk: Uint8Array) => void,
): Promise<SavedFile> {
	const record = recorder(to, step);
	async function* looking(source: Bytes) {
		for await (const chunk of source) {
			look(chunk);
			yield chunk;
		}
	}
	await intoNewFile(to, (file) =>
		pipeline(untilAborted(bytes, step.signal), looking, record.through, file, { signal: step.signal }),
	);
	return record.result();
}

/** `pipeline` waits for the chunk that its source has promised, which a stalled upload never gives: an abort must not wait for it. */
async function* untilAborted(source: Bytes, signal: AbortSignal | undefined): Bytes {
	const chunks = source[Symbol.asyncIterator]();
	let stop: (reason: unknown) => void = () => {};
	const abort = () => stop(signal?.reason);
	signal?.addEventListener('abort', abort);
	try {
		for (;;) {
			// Not Promise.race: it would keep a reaction for each chunk until the upload ends.
			const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
				stop = reject;
				chunks.next().then(resolve, reject);
			});
			if (next.done) return;
			yield next.value;
		}
	} finally {
		signal?.removeEventListener('abort', abort);
		if (signal?.aborted) void chunks.return?.();
		else await chunks.return?.();
	}
}

/** Decodes a compressed file to its end without keeping anything; answers the size of the disk in it. */
export async function measureDisk(from: string, kind: 'gzip' | 'zstd', step: ImportStep): Promise<number> {
	const file = await open(from);
	try {
		const { size } = await file.stat();
		const disk = inspector(step);
		const frames = kind === 'gzip' ? [{ start: 0, end: size }] : zstdFrames(randomAccess(file, size));
		for await (const { start, end } of frames) {
			const decoder = kind === 'gzip' ? createGunzip() : createZstdDecompress();
			const part = readPart(from, start, end, (done) => step.progress(done, size));
			await pipeline(part, decoder, disk.through, drain, { signal: step.signal });
		}
		return disk.size();
	} finally {
		await file.close();
	}
}

/** What must be made anew before machines can fetch it: xz and qcow2 disks, and disks that are the first file of a tar archive. */
export type Wrapping = 'xz' | 'qcow2' | 'tar' | 'tar.gz' | 'tar.xz' | 'tar.zst';

/** Decompresses, unfolds or unpacks a file into a new `raw.zst` file. */
export async function convertToZstd(
	wrapping: Wrapping,
	from: string,
	to: string,
	step: ImportStep,
): Promise<SavedFile & { diskSize: number }> {
	const file = await open(from);
	try {
		const { size } = await file.stat();
		const packed = () => readPart(from, 0, size, (done) => step.progress(done, size));
		const chunks =
			wrapping === 'qcow2'
				? await readQcow2(randomAccess(file, size), step)
				: /xz$/.test(wrapping)
					? unpackXz(packed())
					: packed();
		const decoder = wrapping === 'tar.gz' ? createGunzip() : wrapping === 'tar.zst' ? createZstdDecompress() : new PassThrough();
		const content = (source: Bytes) => (wrapping.startsWith('tar') ? firstFileInTar(source) : source);
		const disk = inspector(step);
		const record = recorder(to, step);
		const zstd = createZstdCompress({ params: { [constants.ZSTD_c_checksumFlag]: 1 } });
		const disked = (source: Bytes) => disk.through(content(source));
		await intoNewFile(to, (made) => pipeline(chunks, decoder, disked, zstd, record.through, made, { signal: step.signal }));
		return { ...record.result(), diskSize: disk.size() };
	} finally {
		await file.close();
	}
}

async function* readPart(file: string, start: number, end: number, progress: (at: number) => void): AsyncGenerator<Uint8Array> {
	let at = start;
	for await (const chunk of createReadStream(file, { start, end: end - 1, highWaterMark: 256 * 1024 })) {
		at += chunk.length;
		progress(at);
		yield chunk;
	}
}

const randomAccess = (file: FileHandle, size: number): RandomAccess => ({
	size,
	async read(position, length) {
		if (position >= size) return Buffer.alloc(0);
		const buffer = Buffer.allocUnsafe(Math.min(length, size - position));
		const { bytesRead } = await file.read({ buffer, position });
		return buffer.subarray(0, bytesRead);
	},
});

function unpackXz(packed: Bytes): Bytes {
	return new xz.XzReadableStream(
		Readable.toWeb(Readable.from(packed)) as unknown as ReadableStream<Uint8Array>,
	) as unknown as WebStream;
}

async function readQcow2(file: RandomAccess, step: ImportStep): Promise<Bytes> {
	const image = await openQcow2(file, step.maxDiskSize);
	return (async function* () {
		let done = 0;
		for await (const chunk of image.chunks()) {
			done += chunk.length;
			step.progress(done, image.diskSize);
			yield chunk;
		}
	})();
}

/** Lets the bytes of a disk pass, counts them, and refuses what has no partition table or is larger than any disk. */
function inspector(step: ImportStep) {
	let head: Buffer | null = Buffer.alloc(0);
	let size = 0;
	const judge = () => {
		const found = head && whatInstead(head);
		head = null;
		if (found) throw new Refusal('bad-input', `the file holds no disk image but ${found}`, { field: 'file' });
	};
	return {
		async *through(source: Bytes) {
			for await (const chunk of source) {
				size += chunk.length;
				if (size > step.maxDiskSize)
					throw new Refusal('bad-input', `the disk in the file is larger than ${step.maxDiskSize} bytes`, { field: 'file' });
				if (head) {
					head = Buffer.concat([head, chunk.subarray(0, HEAD_SIZE)]);
					if (head.length >= HEAD_SIZE) judge();
				}
				yield chunk;
			}
		},
		size() {
			judge();
			return wholeSectors(size);
		},
	};
}

/** Disks are written in sectors of 512 bytes at least. */
export const wholeSectors = (size: number): number => Math.ceil(size / 512) * 512;

function recorder(to: string, step: ImportStep) {
	const hash = createHash('sha256');
	let size = 0;
	let checkAt = 0;
	return {
		async *through(source: Bytes) {
			for await (const chunk of source) {
				if (size >= checkAt) {
					keepReserve(path.dirname(to), 0, step.reserve);
					checkAt = size + SPACE_CHECK;
				}
				hash.update(chunk);
				size += chunk.length;
				yield chunk;
			}
		},
		result: (): SavedFile => ({ size, sha256: hash.digest('hex') }),
	};
}

const SPACE_CHECK = 16 * 1024 * 1024;

/** Throws Refusal `storage-full` unless `needed` bytes fit and `reserve` stays free. */
export function keepReserve(folder: string, needed: number, reserve: number): void {
	const { bavail, bsize } = statfsSync(folder);
	if (bavail * bsize - needed >= reserve) return;
	throw new Refusal(
		'storage-full',
		`the controller's disk has ${bavail * bsize} bytes free; the image needs ${needed || 'more'}`,
		{
			nextStep: 'Delete images that no machine needs, or move the data folder to a larger disk.',
		},
	);
}

/** What fails has let go of the file: a refusal may come before it is even open, and it would appear after it was deleted. */
async function intoNewFile(to: string, work: (file: WriteStream) => Promise<void>): Promise<void> {
	const file = createWriteStream(to, { flags: 'wx', mode: 0o600, flush: true });
	const closed = new Promise<void>((resolve) => file.once('close', resolve));
	try {
		await work(file);
	} catch (error) {
		file.destroy();
		await closed;
		throw error;
	}
}

async function drain(source: Bytes): Promise<void> {
	for await (const _ of source);
}

/** What the decoders and the file system mean by their errors; anything else is passed on. */
export function explainImportError(error: unknown): unknown {
	const { code = '', message } = error as NodeJS.ErrnoException;
	const unreadable = (text: string, nextStep?: string) =>
		new Refusal('bad-input', `the image can't be read: ${text}`, { field: 'file', cause: error, ...(nextStep && { nextStep }) });
	if (error instanceof Refusal) return error;
	if (code === 'ENOSPC' || code === 'EDQUOT')
		return new Refusal('storage-full', "the controller's disk is full; the image was not kept", {
			nextStep: 'Delete images that no machine needs, or move the data folder to a larger disk.',
			cause: error,
		});
	if (code === 'Z_BUF_ERROR') return unreadable('the compressed data ends too early; was the download complete?');
	if (code === 'ZSTD_error_frameParameter_windowTooLarge')
		return unreadable('it was compressed with a window of more than 128 MiB', 'Compress it again with zstd, without --long.');
	if (code.startsWith('Z_') || code.startsWith('ZSTD_error_')) return unreadable(`damaged (${message})`);
	const xz = /get_next_output failed with error code (\d+)/.exec(message)?.[1];
	if (xz) return unreadable(xzErrors[xz] ?? `damaged (xz error ${xz})`, 'Compress it again with zstd.');
	return error;
}

/** `enum xz_ret` of XZ Embedded, which xz-decompress carries. */
const xzErrors: Record<string, string> = {
	4: 'it needs more memory than is allowed (an xz dictionary of more than 64 MiB)',
	6: 'it uses an xz filter or checksum that is not known here',
	7: 'the xz data is damaged',
	8: 'the xz data ends too early; was the download complete?',
};
