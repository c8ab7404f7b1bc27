import { Refusal } from './errors.ts';
import type { RandomAccess } from './randomAccess.ts';

/** Where a frame's bytes are: `end` is the first byte behind it. */
export interface Frame {
	readonly start: number;
	readonly end: number;
}

/** Magic, descriptor, window, dictionary id and content size at their longest (RFC 8878 3.1.1.1). */
const LONGEST_HEADER = 18;

/**
 * The data frames of a zstd file in their order, skippable ones left out. A file may have many (pzstd, `cat a.zst b.zst`), and Node's
 * decoder drops what follows the first without saying so, while `zstd` on the machine decodes them all.
 * Reads headers only, some bytes every 128 KiB of content. Throws Refusal `bad-input`, field `file`, at anything that is no frame.
 */
export async function* zstdFrames(file: RandomAccess): AsyncGenerator<Frame> {
	for (let at = 0; at < file.size; ) {
		const header = Buffer.from(await file.read(at, LONGEST_HEADER));
		const magic = header.length >= 8 ? header.readUInt32LE(0) : 0;
		if ((magic & 0xfffffff0) >>> 0 === 0x184d2a50) {
			at += 8 + header.readUInt32LE(4);
		} else if (magic === 0xfd2fb528) {
			const end = await frameEnd(file, at, header.readUInt8(4));
			yield { start: at, end };
			at = end;
		} else {
			throw broken(`has ${file.size - at} bytes at ${at} that are no zstd frame`);
		}
	}
}

async function frameEnd(file: RandomAccess, start: number, descriptor: number): Promise<number> {
	if (descriptor & 8) throw broken(`has a frame at ${start} with a reserved bit set`);
	const single = (descriptor & 32) !== 0;
	const contentSize = [single ? 1 : 0, 2, 4, 8][descriptor >>> 6] as number;
	const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
	let at = start + 5 + (single ? 0 : 1) + dictionary + contentSize;
	for (let last = false; !last; ) {
		const block = Buffer.from(await file.read(at, 3));
		if (block.length < 3) throw cutOff(file);
		const header = block.readUIntLE(0, 3);
		const type = (header >>> 1) & 3;
		if (type === 3) throw broken(`has a block of a reserved type at ${at}`);
		// A run-length block stores the one byte that it repeats; its size is that of the content.
		at += 3 + (type === 1 ? 1 : header >>> 3);
		last = (header & 1) === 1;
	}
	const end = at + (descriptor & 4 ? 4 : 0);
	if (end > file.size) throw cutOff(file);
	return end;
}

const broken = (text: string) => new Refusal('bad-input', `the zstd file ${text}`, { field: 'file' });
const cutOff = (file: RandomAccess) => broken(`ends within a frame, after ${file.size} bytes; was the download complete?`);
