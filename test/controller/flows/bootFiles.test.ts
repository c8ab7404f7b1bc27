import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { createBootAssets } from '../../../controller/flows/bootAssets.ts';
import { createBootFiles } from '../../../controller/flows/bootFiles.ts';
import { silentLog } from '../../../controller/log.ts';
import { makeFlows, served } from '../../support/makeFlows.ts';

async function make(t: TestContext) {
	const { store, pxe, clock } = await makeFlows(t);
	const files = ['vmlinuz', 'initrd', 'ipxe.efi'].map((name) => ({ name, size: 7, sha256: `hash of ${name}` }));
	const assets = createBootAssets({
		folder: '/boot-assets',
		read: async () => ({ manifest: { kernelVersion: '6.1', packages: [], files }, builtAt: '2026-01-01T00:00:00.000Z' }),
		build: () => Promise.reject(new Error('not in this test')),
		log: silentLog,
		now: clock.now,
	});
	await assets.load();
	const image = await store.images.import({ name: 'debian', bytes: disk() });
	return { files: createBootFiles(pxe, assets, store.images), image };
}
async function* disk() {
	const bytes = Buffer.alloc(1024);
	bytes.writeUInt16LE(0xaa55, 510);
	yield bytes;
}
const kernel = { path: '/boot-assets/vmlinuz', size: 7, etag: '"hash of vmlinuz"' };

test('loaders, kernel and GRUB’s configuration come over TFTP', async (t) => {
	const { files } = await make(t);
	assert.deepEqual(files.overTftp('vmlinuz', served.server), kernel);
	const entry = files.overTftp('grub/grub.cfg', served.server);
	assert.match(entry && 'bytes' in entry ? Buffer.from(entry.bytes).toString() : '', /configfile/);
	for (const name of ['grub/x86_64-efi/command.lst', 'images/1', 'no-such-file', ''])
		assert.equal(files.overTftp(name, served.server), null, name);
});

test('the same under boot/ over HTTP, and images under their hash', async (t) => {
	const { files, image } = await make(t);
	assert.deepEqual(files.overHttp('boot/vmlinuz'), kernel);
	const found = files.overHttp(`images/${image.id}/${image.sha256}`);
	assert.deepEqual(found && { size: found && 'size' in found ? found.size : null, etag: found.etag }, {
		size: 1024,
		etag: `"${image.sha256}"`,
	});
});

test('every other name is nothing, also that of an image whose bytes are not the ones asked for', async (t) => {
	const { files, image } = await make(t);
	for (const name of [
		'vmlinuz',
		'boot',
		'boot/no-such-file',
		'boot/vmlinuz/more',
		'images',
		`images/${image.id}`,
		`images/${image.id}/${'0'.repeat(64)}`,
		`images/4711/${image.sha256}`,
		`images/${image.id}e0/${image.sha256}`,
		`images/../${image.sha256}`,
		'secret.key',
	])
		assert.equal(files.overHttp(name), null, name);
});
