import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';
import type { RandomAccess } from '../../controller/domain/randomAccess.ts';

export const MiB = 1024 * 1024;

export function temporaryFolder(test: Pick<TestContext, 'after'>): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-test-'));
	test.after(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

/** Bytes that no compressor gets smaller, and the same ones at each run. */
export function noise(seed: string, length: number): Buffer {
	const parts: Buffer[] = [];
	for (let at = 0; at * 32 < length; at++) parts.push(createHash('sha256').update(`${seed} ${at}`).digest());
	return Buffer.concat(parts).subarray(0, length);
}

/** A raw disk: an MBR signature, text, noise and long holes, so that a copy of it has clusters of every kind. */
export function makeDisk(folder: string, size: number, name = 'disk.raw'): string {
	const file = path.join(folder, name);
	const handle = openSync(file, 'w');
	ftruncateSync(handle, size);
	writeSync(handle, Buffer.from([0x55, 0xaa]), 0, 2, 510);
	for (const [offset, bytes] of [
		[4096, Buffer.from('a line that compresses well\n'.repeat(20_000))],
		[1.5 * MiB, noise('middle', 300_000)],
		[size - 700, noise('end', 700)],
	] as const)
		if (offset > 0 && offset + bytes.length <= size) writeSync(handle, bytes, 0, bytes.length, offset);
	closeSync(handle);
	return file;
}

export const qemuImg = (...args: string[]) => execFileSync('qemu-img', args, { stdio: ['ignore', 'pipe', 'pipe'] }).toString();
export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export const inMemory = (bytes: Uint8Array): RandomAccess => ({
	size: bytes.length,
	read: async (offset, length) => bytes.subarray(offset, offset + length),
});
export const ofFile = (file: string): RandomAccess => inMemory(readFileSync(file));
