import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type BuildOptions, type BuildProgress, buildBootAssets } from '../../controller/bootAssets/build.ts';
import { silentLog } from '../../controller/log.ts';
import { testAssetsCache, testBootAssets } from '../support/bootAssets.ts';

let scratch = '';
before(async () => {
	scratch = await mkdtemp(join(tmpdir(), 'metaldesk-assets-'));
});
after(async () => await rm(scratch, { recursive: true, force: true }));

function options(outDir: string, changes: Partial<BuildOptions> = {}): BuildOptions & { steps: string[] } {
	const steps: string[] = [];
	const onProgress = ({ step }: BuildProgress) => void (steps.at(-1) === step || steps.push(step));
	const cacheDir = join(testAssetsCache(), 'packages');
	return { outDir, cacheDir, profile: 'qemu', compress: 'zstd', log: silentLog, onProgress, steps, ...changes };
}

test('equal packages give equal bytes, and a finished build is used again at once', async (t) => {
	const first = await testBootAssets();
	const second = join(scratch, 'again');
	const again = options(second);
	const began = performance.now();
	const manifest = await buildBootAssets(again);
	t.diagnostic(`built from cached packages in ${((performance.now() - began) / 1000).toFixed(1)} s`);
	for (const { name, size } of manifest.files) t.diagnostic(`  ${name} ${size} bytes`);
	assert.deepEqual((await readdir(second)).sort(), (await readdir(first)).sort());
	for (const name of await readdir(first)) {
		assert.ok((await readFile(join(first, name))).equals(await readFile(join(second, name))), `${name} differs`);
	}
	const third = options(second);
	assert.deepEqual(await buildBootAssets(third), manifest);
	assert.deepEqual(third.steps, ['index', 'ready']);

	await writeFile(join(second, 'initrd'), 'half of it');
	const mended = options(second);
	assert.deepEqual(await buildBootAssets(mended), manifest);
	assert.ok(mended.steps.includes('write'), mended.steps.join(' '));
});

test('a build that is stopped leaves the old one as it was and nothing beside it', async () => {
	const outDir = join(scratch, 'stopped', 'out');
	await mkdir(outDir, { recursive: true });
	await writeFile(join(outDir, 'manifest.json'), 'the old one');
	const stop = new AbortController();
	const build = options(outDir, { signal: stop.signal, onProgress: ({ step }) => step === 'compress' && stop.abort() });
	await assert.rejects(buildBootAssets(build), { name: 'AbortError' });
	assert.deepEqual(await readdir(join(scratch, 'stopped')), ['out']);
	assert.equal(await readFile(join(outDir, 'manifest.json'), 'utf8'), 'the old one');
});

test('an archive that nobody signed is refused', async () => {
	const archive = join(scratch, 'archive');
	for (const suite of ['bookworm', 'bookworm-updates']) {
		await mkdir(join(archive, 'dists', suite, 'main/binary-amd64'), { recursive: true });
		await writeFile(join(archive, 'dists', suite, 'main/binary-amd64/Packages'), '');
		await writeFile(join(archive, 'dists', suite, 'Release'), `Suite: ${suite}\nComponents: main\nArchitectures: amd64\n`);
	}
	const outDir = join(scratch, 'unsigned');
	const build = options(outDir, { mirror: `file://${archive}`, cacheDir: join(scratch, 'unsigned-cache') });
	await assert.rejects(buildBootAssets(build), /bookworm' (is not signed|does not have)|not signed/);
	assert.ok(!(await readdir(scratch)).includes('unsigned'));
});
