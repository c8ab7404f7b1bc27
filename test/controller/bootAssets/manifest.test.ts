import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { damagedFiles, MANIFEST_NAME, readManifest, writeOutput } from '../../../controller/bootAssets/manifest.ts';

const FACTS = { profile: 'qemu', compress: 'zstd', kernelVersion: '6.1.0-1-amd64', packages: [], inputs: 'abc' } as const;

test('a manifest describes what was written, is read back, and shows damage', async (t) => {
	const parent = await mkdtemp(join(tmpdir(), 'metaldesk-manifest-'));
	t.after(async () => await rm(parent, { recursive: true }));
	const dir = join(parent, 'out');
	const written = await writeOutput(
		dir,
		new Map([
			['vmlinuz', Buffer.from('kernel')],
			['initrd', Buffer.from('agent')],
		]),
		{ ...FACTS, packages: [] },
	);
	assert.deepEqual(written.files, [
		{ name: 'vmlinuz', size: 6, sha256: '6923dd1bc0460082c5d55a831908c24a282860b7f1cd6c2b79cf1bc8857c639c' },
		{ name: 'initrd', size: 5, sha256: 'd4f0bc5a29de06b510f9aa428f1eedba926012b591fef7a518e776a7c9bd1824' },
	]);
	const manifest = await readManifest(dir);
	assert.deepEqual(manifest, written);
	assert.deepEqual(await damagedFiles(dir, written), []);
	await writeFile(join(dir, 'initrd'), 'agenT');
	await rm(join(dir, 'vmlinuz'));
	assert.deepEqual(await damagedFiles(dir, written), ['vmlinuz', 'initrd']);
	for (const text of ['', '{', 'null', '[]', '{"inputs":1}']) {
		await writeFile(join(dir, MANIFEST_NAME), text);
		assert.equal(await readManifest(dir), null, text);
	}
	assert.equal(await readManifest(join(parent, 'none')), null);
});
