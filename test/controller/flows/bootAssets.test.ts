import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AssetManifest, createBootAssets } from '../../../controller/flows/bootAssets.ts';
import { silentLog } from '../../../controller/log.ts';
import { makeClock } from '../../support/makeStore.ts';

const manifest = (kernelVersion: string): AssetManifest => ({
	kernelVersion,
	packages: [],
	files: [{ name: 'vmlinuz', size: 7, sha256: 'abc' }],
});
function make(parts: Partial<Parameters<typeof createBootAssets>[0]> = {}) {
	const assets = createBootAssets({
		folder: '/boot-assets',
		read: async () => null,
		build: async () => manifest('6.1'),
		log: silentLog,
		now: makeClock().now,
		...parts,
	});
	const states: string[] = [];
	assets.onChange(() => states.push(`${assets.get().state} ${assets.get().progress?.text ?? ''}`.trim()));
	return { assets, states };
}

test('what was built last is found again', async () => {
	const { assets } = make({ read: async () => ({ manifest: manifest('6.1'), builtAt: '2026-01-01T00:00:00.000Z' }) });
	assert.equal(assets.get().state, 'missing');
	await assets.load();
	assert.deepEqual([assets.get().state, assets.get().builtAt], ['ready', '2026-01-01T00:00:00.000Z']);
	assert.deepEqual(assets.file('vmlinuz'), { path: '/boot-assets/vmlinuz', size: 7, etag: '"abc"' });
});

test('only what the manifest names is a file', async () => {
	const { assets } = make();
	assert.equal(assets.file('vmlinuz'), null);
	await assets.build();
	for (const name of ['initrd', 'manifest.json', '../secret.key', '', '__proto__']) assert.equal(assets.file(name), null, name);
});

test('a build tells its progress and ends ready', async () => {
	const { assets, states } = make({
		build: async (onProgress) => {
			onProgress({ step: 'download', text: 'Downloading', done: 1, total: 2 });
			return manifest('6.12');
		},
	});
	await assets.build();
	assert.deepEqual(states, ['building', 'building Downloading', 'ready']);
	assert.deepEqual([assets.get().manifest?.kernelVersion, assets.get().builtAt], ['6.12', '2026-01-02T03:04:05.000Z']);
});

test('two that ask at once get one build', async () => {
	let builds = 0;
	const { assets } = make({
		build: async () => {
			builds++;
			return manifest('6.1');
		},
	});
	await Promise.all([assets.build(), assets.build()]);
	assert.equal(builds, 1);
});

test('a build that fails says why; what was there before stays in service', async () => {
	const { assets } = make({ build: () => Promise.reject(new Error('the archive’s signature is wrong')) });
	await assets.build();
	assert.deepEqual([assets.get().state, assets.get().problem?.text], ['failed', 'the archive’s signature is wrong']);

	const fails = [false, true];
	const second = make({ build: async () => (fails.shift() ? Promise.reject(new Error('no network')) : manifest('6.1')) });
	await second.assets.build();
	await second.assets.build();
	assert.deepEqual([second.assets.get().state, second.assets.get().problem?.text], ['ready', 'no network']);
	assert.ok(second.assets.file('vmlinuz'));
});

test('stopping ends a running build', async () => {
	const { assets } = make({
		build: (_, signal) => new Promise((_done, failed) => signal.addEventListener('abort', () => failed(new Error('stopped')))),
	});
	const building = assets.build();
	await assets.stop();
	await building;
	assert.equal(assets.get().problem?.text, 'stopped');
});
