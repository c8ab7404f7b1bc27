import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Refusal } from '../../../controller/domain/errors.ts';
import { openDatabase } from '../../../controller/store/database.ts';
import { createImageStore, type ImageUpload, type ImportProgress } from '../../../controller/store/images.ts';
import { createMachineStore } from '../../../controller/store/machines.ts';
import { MiB, makeDisk, noise, qemuImg, sha256, temporaryFolder } from '../../support/diskFile.ts';

const at = '2026-11-20T08:00:00.000Z';

function setUp(test: TestContext, limits = { maxDiskSize: 2 ** 30, reserve: 0 }) {
	const folder = temporaryFolder(test);
	const db = openDatabase(':memory:');
	test.after(() => db.close());
	const place = path.join(folder, 'images');
	const images = createImageStore(db, place, () => new Date(at), limits);
	return { folder, db, images, files: () => readdirSync(place).sort(), place };
}

async function* pieces(bytes: Uint8Array, size = 60_000) {
	for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

const disk = (() => {
	const bytes = Buffer.concat([Buffer.alloc(3 * MiB), noise('disk', 200_000), Buffer.alloc(96)]);
	bytes.set([0x55, 0xaa], 510);
	return bytes;
})();
const diskSize = Math.ceil(disk.length / 512) * 512;
const unzstd = (bytes: Uint8Array) => execFileSync('zstd', ['-dc'], { input: bytes, maxBuffer: 64 * MiB });

const packed: [name: string, bytes: Buffer, format: 'raw' | 'raw.gz' | 'raw.zst', unpack: (bytes: Buffer) => Buffer][] = [
	['raw', disk, 'raw', (bytes) => bytes],
	['gzip', gzipSync(disk), 'raw.gz', gunzipSync],
	['gzip of two members', Buffer.concat([gzipSync(disk.subarray(0, MiB)), gzipSync(disk.subarray(MiB))]), 'raw.gz', gunzipSync],
	['zstd', zstdCompressSync(disk), 'raw.zst', unzstd],
	[
		'zstd of two frames',
		Buffer.concat([zstdCompressSync(disk.subarray(0, 2 * MiB)), zstdCompressSync(disk.subarray(2 * MiB))]),
		'raw.zst',
		unzstd,
	],
];
for (const [name, bytes, format, unpack] of packed)
	test(`${name} is kept byte for byte, with the size of the disk in it`, async (t) => {
		const { images, files } = setUp(t);
		const image = await images.import({ name, bytes: pieces(bytes), length: bytes.length, sha256: sha256(bytes).toUpperCase() });
		const [file] = files();
		assert.deepEqual(image, { id: 1, name, format, size: bytes.length, diskSize, sha256: sha256(bytes), file, uploadedAt: at });
		assert.deepEqual(files(), [image.file]);
		assert.deepEqual([images.list(), images.byId(1)], [[image], image]);
		assert.equal(sha256(unpack(readFileSync(images.path(image)))), sha256(disk));
	});

const converted: [name: string, make: (raw: string, to: string) => void][] = [
	['qcow2', (raw, to) => qemuImg('convert', '-f', 'raw', '-O', 'qcow2', raw, to)],
	['qcow2, compressed', (raw, to) => qemuImg('convert', '-c', '-f', 'raw', '-O', 'qcow2', raw, to)],
	['xz', (raw, to) => writeFileSync(to, execFileSync('xz', ['-1c', raw], { maxBuffer: 64 * MiB }))],
	[
		'xz of many blocks',
		(raw, to) => writeFileSync(to, execFileSync('xz', ['-1c', '--block-size=1MiB', raw], { maxBuffer: 64 * MiB })),
	],
];
for (const [name, make] of converted)
	test(`${name} becomes zstd while it is imported`, async (t) => {
		const { folder, images, files } = setUp(t);
		const raw = makeDisk(folder, 6 * MiB);
		const upload = path.join(folder, 'upload');
		make(raw, upload);
		const steps: ImportProgress[] = [];
		const bytes = readFileSync(upload);
		const image = await images.import({
			name,
			bytes: createReadStream(upload),
			sha256: sha256(bytes),
			onProgress: (p) => steps.push(p),
		});
		const served = readFileSync(images.path(image));
		assert.deepEqual(files(), [image.file]);
		assert.deepEqual(
			[image.format, image.size, image.diskSize, image.sha256],
			['raw.zst', served.length, 6 * MiB, sha256(served)],
		);
		assert.equal(sha256(unzstd(served)), sha256(readFileSync(raw)));
		assert.deepEqual(steps.find((progress) => progress.step === 'receiving' && progress.done === bytes.length)?.total, null);
		const last = steps.at(-1);
		assert.deepEqual([last?.step, last?.done], ['converting', last?.total]);
	});

const sector = (() => {
	const bytes = Buffer.alloc(512);
	bytes.set([0x55, 0xaa], 510);
	return bytes;
})();
const text = Buffer.from('not a disk at all\n'.repeat(9_000));
const xz = (bytes: Uint8Array, ...options: string[]) =>
	execFileSync('xz', ['-c', ...options], { input: bytes, maxBuffer: 64 * MiB });
const wrong = 'a'.repeat(64);
const refused: [
	name: string,
	upload: Partial<ImageUpload> & { content: Uint8Array },
	code: string,
	field: string,
	message: RegExp,
][] = [
	['no name', { name: ' \n', content: sector }, 'bad-input', 'name', /needs a name/],
	['a name with escapes', { name: 'a\u001b[31mb', content: sector }, 'bad-input', 'name', /printable/],
	['half a hash', { sha256: 'abc', content: sector }, 'bad-input', 'sha256', /64 hexadecimal digits/],
	[
		'another hash',
		{ sha256: wrong, content: sector },
		'bad-input',
		'sha256',
		new RegExp(`${sha256(sector)}, but ${wrong} was expected`),
	],
	['a short upload', { length: 1000, content: sector }, 'bad-input', 'file', /ended after 512 of 1000 bytes/],
	['nothing', { content: Buffer.alloc(0) }, 'bad-input', 'file', /the file is an empty file/],
	['text', { filename: 'notes.img', content: text }, 'bad-input', 'file', /^notes\.img is bytes without a partition table/],
	['text in gzip', { content: gzipSync(text) }, 'bad-input', 'file', /holds no disk image but bytes without a partition table/],
	['text in zstd', { content: zstdCompressSync(text) }, 'bad-input', 'file', /holds no disk image but/],
	['text in xz', { content: xz(text) }, 'bad-input', 'file', /holds no disk image but/],
	['nothing in gzip', { content: gzipSync(Buffer.alloc(0)) }, 'bad-input', 'file', /holds no disk image but an empty file/],
	['half a gzip', { content: gzipSync(disk).subarray(0, -9) }, 'bad-input', 'file', /ends too early/],
	['half a zstd', { content: zstdCompressSync(disk).subarray(0, -9) }, 'bad-input', 'file', /ends within a frame/],
	['half an xz', { content: xz(disk).subarray(0, -9) }, 'bad-input', 'file', /ends too early/],
	['half a qcow2', { content: Buffer.from('QFI\xfb\0\0\0\x03', 'latin1') }, 'bad-input', 'file', /ends within its header/],
	['a damaged gzip', { content: damage(gzipSync(disk)) }, 'bad-input', 'file', /damaged/],
	['a damaged xz', { content: damage(xz(disk)) }, 'bad-input', 'file', /damaged/],
	['an xz with a giant dictionary', { content: xz(disk, '--lzma2=dict=512MiB') }, 'bad-input', 'file', /more than 64 MiB/],
	['an xz filter', { content: xz(disk, '--x86', '--lzma2') }, 'bad-input', 'file', /xz filter/],
	['a gzip bomb', { content: bomb('gzip', '-1') }, 'bad-input', 'file', /larger than 67108864 bytes/],
	['a zstd bomb', { content: bomb('zstd', '-1') }, 'bad-input', 'file', /larger than 67108864 bytes/],
	['an xz bomb', { content: bomb('xz', '-1') }, 'bad-input', 'file', /larger than 67108864 bytes/],
];
for (const [name, { content, ...upload }, code, field, message] of refused)
	test(`refused and nothing left: ${name}`, async (t) => {
		const { images, files } = setUp(t, { maxDiskSize: 64 * MiB, reserve: 0 });
		await assert.rejects(images.import({ name: 'image', bytes: pieces(content), ...upload }), (error: unknown) => {
			assert.ok(error instanceof Refusal, String(error));
			assert.deepEqual([error.code, error.field], [code, field]);
			assert.match(error.message, message);
			return true;
		});
		assert.deepEqual([files(), images.list()], [[], []]);
	});

function damage(bytes: Buffer): Buffer {
	const copy = Buffer.from(bytes);
	copy.writeUInt8(copy.readUInt8(copy.length - 30_000) ^ 0xff, copy.length - 30_000);
	return copy;
}

function bomb(...command: [string, ...string[]]): Buffer {
	const bytes = Buffer.alloc(80 * MiB);
	bytes.set(sector);
	return execFileSync(command[0], [...command.slice(1), '-c'], { input: bytes, maxBuffer: 64 * MiB });
}

test('a name is taken from the first byte of its upload on', async (t) => {
	const { images, files } = setUp(t);
	const taken = { code: 'conflict', message: 'there is an image called debian already' };
	const first = images.import({ name: 'debian', bytes: pieces(disk) });
	await assert.rejects(images.import({ name: 'debian', bytes: pieces(disk) }), taken);
	const image = await first;
	await assert.rejects(images.import({ name: ' debian ', bytes: pieces(disk) }), taken);
	assert.deepEqual(files(), [image.file]);
});

test('an aborted upload ends at once, even when no byte comes any more, and leaves nothing', async (t) => {
	const { images, files } = setUp(t);
	const abort = new AbortController();
	const stalled = async function* () {
		yield disk;
		abort.abort(new Error('the uploader has gone'));
		await new Promise(() => {});
	};
	await assert.rejects(images.import({ name: 'debian', bytes: stalled(), signal: abort.signal }), {
		message: 'the uploader has gone',
	});
	assert.deepEqual([files(), images.list()], [[], []]);
	await images.import({ name: 'debian', bytes: pieces(disk) });
});

test('a conversion can be aborted', async (t) => {
	const { folder, images, files } = setUp(t, { maxDiskSize: 2 ** 40, reserve: 0 });
	const image = path.join(folder, 'thin.qcow2');
	qemuImg('convert', '-f', 'raw', '-O', 'qcow2', makeDisk(folder, 4 * MiB), image);
	qemuImg('resize', image, '900G');
	const abort = new AbortController();
	const onProgress = ({ step }: ImportProgress) => step === 'converting' && abort.abort(new Error('enough'));
	const bytes = createReadStream(image);
	await assert.rejects(images.import({ name: 'thin', bytes, signal: abort.signal, onProgress }), { message: 'enough' });
	assert.deepEqual(files(), []);
});

test('a broken connection is passed on as it is', async (t) => {
	const { images, files } = setUp(t);
	const broken = async function* () {
		yield disk;
		throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
	};
	await assert.rejects(images.import({ name: 'debian', bytes: broken() }), { code: 'ECONNRESET' });
	assert.deepEqual(files(), []);
});

test('an image that would take the last space is refused before its first byte', async (t) => {
	const { images, files } = setUp(t, { maxDiskSize: 2 ** 60, reserve: 2 ** 50 });
	let asked = false;
	const bytes = (async function* () {
		asked = true;
		yield disk;
	})();
	await assert.rejects(images.import({ name: 'debian', bytes, length: 512 }), { code: 'storage-full' });
	assert.deepEqual([asked, files()], [false, []]);
});

test('a full disk ends the import with storage-full, and its part is removed', async (t) => {
	const folder = temporaryFolder(t);
	const script = `mount -t tmpfs -o size=9m none ${folder} && ${process.execPath} test/support/importLoop.ts ${folder} 0; ls ${folder}/images`;
	const [ready, refusal, ...files] = execFileSync('unshare', ['-rm', 'sh', '-c', script]).toString().trim().split('\n');
	assert.deepEqual([ready, refusal], ['ready', "storage-full: the controller's disk is full; the image was not kept"]);
	assert.ok(files.length > 0 && files.every((file) => file.endsWith('.raw')), files.join());
});

test('killed at any moment, a row has its file, and sweep removes what no row names', async (t) => {
	const folder = temporaryFolder(t);
	const place = path.join(folder, 'images');
	mkdirSync(place);
	writeFileSync(path.join(place, 'README'), 'kept');
	let swept = 0;
	for (const ms of [3, 11, 17, 23, 31, 44]) {
		const child = spawn(process.execPath, ['test/support/importLoop.ts', folder, '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
		await once(child.stdout, 'data');
		await sleep(ms);
		child.kill('SIGKILL');
		await once(child, 'exit');
		const db = openDatabase(path.join(folder, 'region.db'));
		const images = createImageStore(db, place, () => new Date(at));
		swept += images.sweep();
		const listed = images.list();
		for (const image of listed) assert.equal(sha256(readFileSync(images.path(image))), image.sha256);
		assert.deepEqual(readdirSync(place).sort(), ['README', ...listed.map((image) => image.file)].sort());
		assert.equal(images.sweep(), 0);
		db.close();
	}
	assert.ok(swept > 0, 'no kill came during an import');
});

test('an image in use stays; one that is not goes with its file', async (t) => {
	const { db, images } = setUp(t);
	const machines = createMachineStore(db);
	const image = await images.import({ name: 'debian', bytes: pieces(disk) });
	const other = await images.import({ name: 'other', bytes: pieces(disk) });
	for (const hostname of ['a', 'b', 'c', 'd', 'e']) {
		const machine = machines.insert({ systemId: `4${hostname}4444`, hostname, at });
		machines.update(machine.id, { imageId: image.id });
	}
	assert.deepEqual(images.usedBy(), new Map([[image.id, 5]]));
	assert.throws(() => images.delete(image.id), { code: 'conflict', message: 'debian is in use by a, b, c and 2 more' });
	assert.throws(() => images.delete(99), { code: 'not-found' });
	images.delete(other.id);
	assert.deepEqual([images.list(), existsSync(images.path(image)), existsSync(images.path(other))], [[image], true, false]);
});
