import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../controller/domain/errors.ts';
import { openQcow2 } from '../../../controller/domain/qcow2.ts';
import type { RandomAccess } from '../../../controller/domain/randomAccess.ts';
import { inMemory, MiB, makeDisk, ofFile, qemuImg, sha256, temporaryFolder } from '../../support/diskFile.ts';

const LIMIT = 2 ** 40;

async function wholeDisk(file: RandomAccess): Promise<Buffer> {
	const parts: Uint8Array[] = [];
	for await (const chunk of (await openQcow2(file, LIMIT)).chunks()) parts.push(chunk);
	return Buffer.concat(parts);
}

const sizes = { even: 8 * MiB, odd: 5 * MiB + 3 * 512 };
const kinds: [name: string, options: string[]][] = [
	['version 2', ['-o', 'compat=0.10']],
	['version 2, compressed', ['-c', '-o', 'compat=0.10']],
	['version 3', ['-o', 'compat=1.1']],
	['version 3, compressed with deflate', ['-c']],
	['version 3, compressed with zstd', ['-c', '-o', 'compression_type=zstd']],
	['version 3, clusters of 512 bytes', ['-o', 'cluster_size=512']],
	['version 3, clusters of 2 MiB', ['-o', 'cluster_size=2M']],
	['version 3, clusters of 2 MiB, compressed', ['-c', '-o', 'cluster_size=2M']],
	['version 3, subclusters', ['-o', 'extended_l2=on,cluster_size=128k']],
	['version 3, subclusters, compressed', ['-c', '-o', 'extended_l2=on,cluster_size=64k']],
	['version 3, preallocated', ['-o', 'preallocation=full']],
	['version 3, lazy reference counts', ['-o', 'lazy_refcounts=on']],
];

for (const [size, bytes] of Object.entries(sizes))
	for (const [kind, options] of kinds)
		test(`a disk of ${size} size reads as qemu-img reads it: ${kind}`, async (t) => {
			const folder = temporaryFolder(t);
			const raw = makeDisk(folder, bytes);
			const image = path.join(folder, 'disk.qcow2');
			qemuImg('convert', '-f', 'raw', '-O', 'qcow2', ...options, raw, image);
			const disk = await wholeDisk(ofFile(image));
			assert.equal(disk.length, bytes);
			assert.equal(sha256(disk), sha256(readFileSync(raw)));
		});

test('zero clusters, discarded ones, an internal snapshot and a grown disk read as qemu-img reads them', async (t) => {
	const folder = temporaryFolder(t);
	const image = path.join(folder, 'disk.qcow2');
	const raw = path.join(folder, 'again.raw');
	for (const options of ['compat=1.1', 'extended_l2=on']) {
		qemuImg('convert', '-f', 'raw', '-O', 'qcow2', '-o', options, makeDisk(folder, 8 * MiB), image);
		qemuImg('snapshot', '-c', 'before', image);
		qemuIo(image, 'write -z 64k 300k', 'write -P 7 3M 200k', 'write -z 3083k 5k', 'discard 1M 256k', 'write -P 9 7M 1M');
		qemuImg('resize', image, `${9 * MiB + 512}`);
		qemuImg('convert', '-f', 'qcow2', '-O', 'raw', image, raw);
		const disk = await wholeDisk(ofFile(image));
		assert.equal(sha256(disk), sha256(readFileSync(raw)), options);
	}
});

test('a thin disk of 64 GiB takes no memory: its chunks are bounded and its holes are zeros', async (t) => {
	const image = path.join(temporaryFolder(t), 'thin.qcow2');
	qemuImg('create', '-f', 'qcow2', image, '64G');
	const disk = await openQcow2(ofFile(image), LIMIT);
	assert.equal(disk.diskSize, 64 * 2 ** 30);
	let chunks = 0;
	for await (const chunk of disk.chunks()) {
		assert.ok(chunk.length <= 2 * MiB);
		if (++chunks === 100) break;
	}
	assert.equal(chunks, 100);
});

test('a file that lets many places share one cluster or one table is refused before it keeps anybody busy', async (t) => {
	const folder = temporaryFolder(t);
	const image = path.join(folder, 'disk.qcow2');
	qemuImg('convert', '-f', 'raw', '-O', 'qcow2', makeDisk(folder, 8 * MiB), image);
	const shared = readFileSync(image);
	const l1 = Number(shared.readBigUInt64BE(40));
	const l2 = Number(shared.readBigUInt64BE(l1) & 0x00fffffffffffe00n);
	const data = shared.readBigUInt64BE(l2);
	for (let entry = 0; entry < 128; entry++) shared.writeBigUInt64BE(data, l2 + entry * 8);
	await assert.rejects(wholeDisk(inMemory(shared)), refusal(/uses the same bytes for several places/));

	const tables = Buffer.from(readFileSync(image));
	tables.writeBigUInt64BE(BigInt(LIMIT), 24);
	tables.writeUInt32BE(2048, 36);
	for (let entry = 0; entry < 2048; entry++) tables.writeBigUInt64BE(BigInt(l1 + 65536), l1 + entry * 8);
	await assert.rejects(wholeDisk(inMemory(tables)), refusal(/uses the same bytes for several places/));
});

test('tables and data beyond the end of the file are refused with the place', async (t) => {
	const folder = temporaryFolder(t);
	const image = path.join(folder, 'disk.qcow2');
	qemuImg('convert', '-f', 'raw', '-O', 'qcow2', makeDisk(folder, 8 * MiB), image);
	const whole = readFileSync(image);
	const l1 = Number(whole.readBigUInt64BE(40));
	const l2 = Number(whole.readBigUInt64BE(l1) & 0x00fffffffffffe00n);
	for (const [name, change, message] of [
		['table far away', (b: Buffer) => b.writeBigUInt64BE(2n ** 40n, l1), /table at 1099511627776, beyond its end/],
		['table not aligned', (b: Buffer) => b.writeBigUInt64BE(BigInt(l2 + 512), l1), /not the start of a cluster/],
		['data far away', (b: Buffer) => b.writeBigUInt64BE(2n ** 40n, l2), /data at 1099511627776, beyond its end/],
		['data not aligned', (b: Buffer) => b.writeBigUInt64BE(0x200n, l2), /data at 512, which is not the start/],
		[
			'compressed rubbish',
			(b: Buffer) => b.writeBigUInt64BE((1n << 62n) | 0x40n, l2),
			/compressed cluster at 64 that can't be read/,
		],
	] as const) {
		const broken = Buffer.from(whole);
		change(broken);
		await assert.rejects(wholeDisk(inMemory(broken)), refusal(message), name);
	}
});

test('cut anywhere and with any byte changed, an image reads or is refused, nothing else', async (t) => {
	const folder = temporaryFolder(t);
	const image = path.join(folder, 'disk.qcow2');
	qemuImg('convert', '-f', 'raw', '-O', 'qcow2', '-c', '-o', 'cluster_size=4k', makeDisk(folder, 1 * MiB), image);
	const whole = readFileSync(image);
	const tablesEnd = Math.min(whole.length, 32 * 1024);
	await fc.assert(
		fc.asyncProperty(
			fc.array(fc.tuple(fc.nat(tablesEnd - 1), fc.integer({ min: 0, max: 255 })), { maxLength: 4 }),
			fc.option(fc.nat(whole.length)),
			async (changes, cut) => {
				const bytes = Buffer.from(whole.subarray(0, cut ?? whole.length));
				for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
				try {
					let read = 0;
					for await (const chunk of (await openQcow2(inMemory(bytes), 64 * MiB)).chunks()) read += chunk.length;
					assert.ok(read <= 64 * MiB);
				} catch (error) {
					assert.ok(error instanceof Refusal, String((error as Error).stack));
				}
			},
		),
		{ numRuns: 300 },
	);
});

function qemuIo(image: string, ...commands: string[]): void {
	const { status, stderr } = spawnSync('qemu-io', ['-f', 'qcow2', '-d', 'unmap', ...commands.flatMap((c) => ['-c', c]), image]);
	assert.equal(status, 0, String(stderr));
}

const refusal = (message: RegExp) => (error: unknown) => {
	assert.ok(error instanceof Refusal, String(error));
	assert.deepEqual([error.code, error.field], ['bad-input', 'file']);
	assert.match(error.message, message);
	return true;
};
