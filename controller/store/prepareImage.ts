import { open } from 'node:fs/promises';
import { HEAD_SIZE, type ImageKind, recogniseImage } from '../domain/diskImage.ts';
import { Refusal } from '../domain/errors.ts';
import { convertToZstd, type ImportStep, measureDisk, type SavedFile, type Wrapping, wholeSectors } from './imageStreams.ts';

/** What machines fetch, and whether it is the received file itself. */
export interface Prepared extends SavedFile {
	readonly from: 'received' | 'converted';
	readonly format: 'raw' | 'raw.gz' | 'raw.zst';
	readonly diskSize: number;
}

/**
 * Makes what machines can be deployed with of a received file: raw, gzip and zstd disks stay as they are and are measured; all others
 * become a new file at `converted`. Throws what `explainImportError` explains.
 */
export async function prepareImage(
	received: string,
	saved: SavedFile,
	how: { kind: ImageKind } | { inTar: true },
	converted: string,
	step: (name: 'checking' | 'converting') => ImportStep,
): Promise<Prepared> {
	const convert = async (wrapping: Wrapping): Promise<Prepared> => ({
		...{ from: 'converted', format: 'raw.zst' },
		...(await convertToZstd(wrapping, received, converted, step('converting'))),
	});
	if ('inTar' in how) return convert(await packingOfTar(received));
	const { kind } = how;
	if (kind === 'xz' || kind === 'qcow2') return convert(kind);
	if (kind === 'raw') return { from: 'received', format: 'raw', ...saved, diskSize: wholeSectors(saved.size) };
	const diskSize = await measureDisk(received, kind, step('checking'));
	return { from: 'received', format: kind === 'gzip' ? 'raw.gz' : 'raw.zst', ...saved, diskSize };
}

/** The kind by the first bytes. Throws Refusal `bad-input` with what it is instead of a disk image; `what` is the file's name in it. */
export function kindOf(head: Uint8Array, what: string): ImageKind {
	const seen = recogniseImage(head);
	if ('kind' in seen) return seen.kind;
	throw new Refusal('bad-input', `${what} is ${seen.found}`, {
		field: 'file',
		nextStep: 'Upload a disk image: raw, raw compressed with gzip, zstd or xz, or qcow2.',
	});
}

export async function readHead(file: string): Promise<Buffer> {
	const handle = await open(file);
	try {
		const { bytesRead, buffer } = await handle.read(Buffer.alloc(HEAD_SIZE), 0, HEAD_SIZE, 0);
		return buffer.subarray(0, bytesRead);
	} finally {
		await handle.close();
	}
}

async function packingOfTar(file: string): Promise<Wrapping> {
	const seen = recogniseImage(await readHead(file));
	const packings: Partial<Record<string, Wrapping>> = { gzip: 'tar.gz', xz: 'tar.xz', zstd: 'tar.zst' };
	return ('kind' in seen && packings[seen.kind]) || 'tar';
}
