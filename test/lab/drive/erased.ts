/** The lab's own look at an erased disk: its bytes lie in a file of this computer, so nobody has to be believed. */
import { type FileHandle, open } from 'node:fs/promises';

const mebibyte = 1024 * 1024;
const zeros = Buffer.alloc(mebibyte);

/** What `quick` promises of each end of a disk. */
const edge = 2 * mebibyte;

/** Where the first byte lies that should be zero and is not; null when the promise of `mode` is kept. */
export async function firstLeftover(file: string, mode: 'quick' | 'full'): Promise<number | null> {
	const disk = await open(file, 'r');
	try {
		const { size } = await disk.stat();
		if (mode === 'full') return await firstNonZero(disk, 0, size);
		return (await firstNonZero(disk, 0, Math.min(edge, size))) ?? (await firstNonZero(disk, Math.max(0, size - edge), size));
	} finally {
		await disk.close();
	}
}

async function firstNonZero(disk: FileHandle, from: number, to: number): Promise<number | null> {
	const buffer = Buffer.alloc(mebibyte);
	for (let at = from; at < to; ) {
		const { bytesRead } = await disk.read(buffer, 0, Math.min(mebibyte, to - at), at);
		if (bytesRead === 0) throw new Error(`the disk ends at ${at}, before ${to}`);
		if (buffer.compare(zeros, 0, bytesRead, 0, bytesRead) !== 0) return at + buffer.findIndex((byte) => byte !== 0);
		at += bytesRead;
	}
	return null;
}
