import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync, zstdDecompressSync } from 'node:zlib';
import type { BootFileWord } from '../../../controller/domain/bootFile.ts';
import { createBootUploads } from '../../../controller/flows/bootUploads.ts';
import { silentLog } from '../../../controller/log.ts';
import { MiB, sha256, temporaryFolder } from '../../support/diskFile.ts';
import { makeStore } from '../../support/makeStore.ts';

const disk = (() => {
	const bytes = Buffer.alloc(2 * MiB, 'some disk');
	bytes.set([0x55, 0xaa], 510);
	return bytes;
})();

function setUp(t: TestContext, patience?: number) {
	const { store, folder } = makeStore(t);
	let changes = 0;
	const start = () =>
		createBootUploads({
			...{ store, log: silentLog, imagesChanged: () => changes++ },
			...(patience === undefined ? {} : { patience }),
		});
	const uploads = start();
	const begin = (bytes: Uint8Array, filetype: BootFileWord, name: string = filetype) =>
		store.bootResources.begin({ name, architecture: 'amd64/generic', filetype, sha256: sha256(bytes), size: bytes.length })
			.sets[0]?.id ?? 0;
	return { store, uploads, start, begin, files: () => readdirSync(path.join(folder, 'images')), changes: () => changes };
}

test('disks in every packing that MAAS has become images; an unpacked one holds the disk itself', async (t) => {
	const { store, uploads, begin, files, changes } = setUp(t);
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'root-dd'), disk);
	const tar = (...options: string[]) => execFileSync('tar', ['-c', ...options, '-C', folder, 'root-dd'], { maxBuffer: 64 * MiB });
	const xz = execFileSync('xz', ['-1c', path.join(folder, 'root-dd')], { maxBuffer: 64 * MiB });
	for (const [filetype, bytes, format] of [
		['ddraw', disk, 'raw'],
		['ddgz', gzipSync(disk), 'raw.gz'],
		['ddxz', xz, 'raw.zst'],
		['ddtar', tar(), 'raw.zst'],
		['ddtgz', tar('-z'), 'raw.zst'],
		['ddtxz', tar('-J'), 'raw.zst'],
	] as const) {
		const set = await uploads.append(begin(bytes, filetype), bytes);
		const image = store.images.byId(set.imageId ?? 0);
		assert.deepEqual([image?.name, image?.format, image?.diskSize, set.problem], [filetype, format, disk.length, null]);
		if (format === 'raw.zst')
			assert.ok(zstdDecompressSync(readFileSync(store.images.path(image as never))).equals(disk), filetype);
		else assert.equal(image?.sha256, sha256(bytes));
	}
	assert.equal(changes(), 6);
	assert.equal(files().length, 6);
});

test('an upload that is no disk is complete, and its reason is kept and told', async (t) => {
	const { store, uploads, begin } = setUp(t);
	const told: string[] = [];
	store.events.subscribe(({ text }) => told.push(text));
	for (const [filetype, bytes, problem] of [
		[
			'ddgz',
			gzipSync(disk).subarray(0, 1000),
			"the image can't be read: the compressed data ends too early; was the download complete?",
		],
		['ddtgz', gzipSync(disk), 'the file holds no tar archive'],
		['ddbz2', disk, 'bzip2 is not unpacked here: compress it with gzip, xz or zstd instead.'],
	] as const) {
		const set = await uploads.append(begin(bytes, filetype), bytes);
		assert.deepEqual([set.complete, set.imageId, set.problem], [true, null, problem]);
	}
	assert.deepEqual(told, ['ddgz can’t be deployed', 'ddtgz can’t be deployed', 'ddbz2 can’t be deployed']);
});

test('an archive of a root file system is kept as it is', async (t) => {
	const { uploads, begin, files } = setUp(t);
	const set = await uploads.append(begin(disk, 'tgz'), disk);
	assert.deepEqual([set.complete, set.imageId, set.problem, files()], [true, null, null, [set.file]]);
});

test('who sends the last byte waits no longer than the patience; the preparation goes on', async (t) => {
	const { store, uploads, begin } = setUp(t, 0);
	const bytes = gzipSync(disk);
	const set = await uploads.append(begin(bytes, 'ddgz'), bytes);
	assert.deepEqual([set.complete, set.imageId], [true, null]);
	while (store.images.list().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	assert.equal(store.bootResources.set(set.id)?.imageId, 1);
});

test('what a stopped controller has not prepared is prepared by the next one', async (t) => {
	const { store, uploads, start, begin, files } = setUp(t, 0);
	const bytes = gzipSync(disk);
	const set = await uploads.append(begin(bytes, 'ddgz'), bytes);
	await uploads.stop();
	assert.deepEqual([store.bootResources.set(set.id)?.problem, store.images.list(), files()], [null, [], [set.file]]);
	const next = start();
	next.resume();
	while (store.images.list().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await next.stop();
	assert.deepEqual(store.bootResources.unprepared(), []);
});

test('an upload that is deleted while it is prepared leaves nothing', async (t) => {
	const { store, uploads, begin, files } = setUp(t, 0);
	const bytes = gzipSync(disk);
	const set = await uploads.append(begin(bytes, 'ddgz'), bytes);
	store.bootResources.delete(set.resourceId);
	await uploads.stop();
	assert.deepEqual([store.bootResources.list(), store.images.list(), files()], [[], [], []]);
});

test('the same content that comes while it is prepared becomes the same image', async (t) => {
	const { store, uploads, begin } = setUp(t, 0);
	const [bytes, broken] = [gzipSync(disk), gzipSync(disk).subarray(0, 500)];
	for (const content of [bytes, broken]) {
		await uploads.append(begin(content, 'ddgz', `first ${content.length}`), content);
		begin(content, 'ddgz', `second ${content.length}`);
	}
	while (store.bootResources.unprepared().length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
	await uploads.stop();
	const sets = new Map(store.bootResources.list().map(({ name, sets }) => [name, sets[0]]));
	assert.deepEqual(sets.get(`first ${bytes.length}`)?.imageId, 1);
	assert.deepEqual(sets.get(`second ${bytes.length}`)?.imageId, 1);
	assert.match(sets.get('second 500')?.problem ?? '', /ends too early/);
	assert.equal(sets.get('first 500')?.problem, sets.get('second 500')?.problem);
});
