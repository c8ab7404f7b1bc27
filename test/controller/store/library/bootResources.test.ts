import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../../../controller/store/database.ts';
import { createImageStore } from '../../../../controller/store/images.ts';
import { createBootResourceStore, type NewUpload } from '../../../../controller/store/library/bootResources.ts';
import { MiB, noise, sha256, temporaryFolder } from '../../../support/diskFile.ts';
import { makeClock } from '../../../support/makeStore.ts';
import { uploaded } from '../../../support/uploadLoop.ts';

function open(folder: string, clock = makeClock(), reserve = 0) {
	const db = openDatabase(path.join(folder, 'region.db'));
	const place = path.join(folder, 'images');
	const limits = { maxDiskSize: 2 ** 40, reserve };
	const images = createImageStore(db, place, clock.now, limits);
	const resources = createBootResourceStore(db, place, images, clock.now, limits);
	return { db, images, resources, files: () => readdirSync(place).sort() };
}
const setUp = (t: TestContext, reserve = 0) => {
	const clock = makeClock();
	const made = open(temporaryFolder(t), clock, reserve);
	t.after(() => made.db.close());
	return { ...made, clock };
};
const bytes = noise('boot resource', 300_000);
const about = (content: Uint8Array, change: Partial<NewUpload> = {}): NewUpload => ({
	...{ name: 'golden', architecture: 'amd64/generic', filetype: 'tgz', sha256: sha256(content), size: content.length },
	...change,
});

test('killed at any moment, an upload goes on from the bytes that are known to be there', async (t) => {
	const folder = temporaryFolder(t);
	let kills = 0;
	for (let complete = false; !complete; ) {
		const child = spawn(process.execPath, ['test/support/uploadLoop.ts', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
		const said: string[] = [];
		child.stdout.on('data', (words: Buffer) => said.push(String(words)));
		await once(child.stdout, 'data');
		await Promise.race([sleep(10 + 40 * kills), once(child, 'exit')]);
		kills += child.kill('SIGKILL') ? 1 : 0;
		if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
		complete = said.join('').includes('complete');
	}
	const { db, images, resources } = open(folder);
	t.after(() => db.close());
	const set = resources.list()[0]?.sets[0];
	assert.equal(set?.complete, true);
	assert.ok(readFileSync(path.join(folder, 'images', set?.file ?? '')).equals(uploaded));
	assert.equal(images.sweep(), 0);
	assert.ok(kills > 0, 'it was never killed');
});

test('an upload that nobody goes on with for a day is dropped by the next one, a slow one is not', async (t) => {
	const { resources, files, clock } = setUp(t);
	const abandoned = resources.begin(about(bytes, { name: 'abandoned' })).sets[0]?.id ?? 0;
	const slow = resources.begin(about(bytes, { name: 'slow' })).sets[0]?.id ?? 0;
	await resources.append(abandoned, bytes.subarray(0, 1000));
	for (let hour = 0; hour < 24; hour += 8) {
		clock.pass(8 * 3600_000 + 1);
		await resources.append(slow, bytes.subarray(hour, hour + 8));
	}
	resources.begin(about(bytes, { name: 'next' }));
	assert.deepEqual(
		resources.list().map(({ name }) => name),
		['next', 'slow'],
	);
	assert.equal(files().length, 1);
	await assert.rejects(resources.append(abandoned, bytes), { code: 'not-found' });
});

test('versions are counted within a day; a complete one takes the place of those before it', async (t) => {
	const { resources, clock } = setUp(t);
	const [first, second] = [about(bytes), about(bytes.subarray(1))];
	resources.begin(first);
	assert.deepEqual(
		resources.begin(second).sets.map(({ version }) => version),
		['20260102.1', '20260102'],
	);
	clock.pass(86_400_000);
	assert.equal(resources.begin(about(bytes.subarray(2))).sets[0]?.version, '20260103');
});

test('an upload that would take the last space is refused before its first byte', (t) => {
	const { resources, files } = setUp(t, 2 ** 60);
	assert.throws(() => resources.begin(about(bytes)), { code: 'storage-full' });
	assert.deepEqual([resources.list(), files()], [[], []]);
});

test('an upload that is deleted while its chunks come leaves no file', async (t) => {
	const { resources, files } = setUp(t);
	const resource = resources.begin(about(bytes));
	const id = resource.sets[0]?.id ?? 0;
	await resources.append(id, bytes.subarray(0, 1000));
	const chunk = resources.append(id, bytes.subarray(1000, 2000));
	await Promise.resolve();
	resources.delete(resource.id);
	await assert.rejects(chunk, { code: 'not-found' });
	assert.deepEqual([resources.list(), files()], [[], []]);
});

test('a file that is larger than the room in one chunk is written whole', async (t) => {
	const { resources } = setUp(t);
	const large = Buffer.alloc(9 * MiB, 'large');
	const id = resources.begin(about(large)).sets[0]?.id ?? 0;
	for (let at = 0; at < large.length; at += 4 * MiB) await resources.append(id, large.subarray(at, at + 4 * MiB));
	assert.equal(resources.set(id)?.complete, true);
});
