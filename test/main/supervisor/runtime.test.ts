import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { chooseRuntime, isNewEnough } from '../../../main/supervisor/runtime.ts';

const electron33 = { node: '20.18.1', napi: '9' };
const electron45 = { node: '24.18.0', napi: '10' };

const versions = [
	{ node: '20.18.1', napi: '9', enough: false },
	{ node: '20.19.0', napi: '10', enough: false },
	{ node: '22.13.1', napi: '10', enough: false },
	{ node: '22.14.0', napi: '10', enough: true },
	{ node: '23.0.0', napi: '9', enough: false },
	{ node: '24.21.0', napi: '10', enough: true },
	{ node: '', napi: '', enough: false },
];
for (const { enough, ...version } of versions) {
	test(`Node ${version.node || 'without a version'} with Node-API ${version.napi} is ${enough ? 'enough' : 'not enough'}`, () =>
		assert.equal(isNewEnough(version), enough));
}

test("a new Electron's own Node runs the controller", async (t) => {
	const choice = await chooseRuntime({ appFolder: folder(t), configured: undefined, self: electron45 });
	assert.deepEqual(choice, {
		outcome: 'found',
		version: '24.18.0',
		runtime: { executable: process.execPath, environment: { ELECTRON_RUN_AS_NODE: '1' }, origin: 'electron' },
	});
});

test("an old Electron leaves it to the node package's binary", async () => {
	const appFolder = path.resolve(import.meta.dirname, '../../..');
	const choice = await chooseRuntime({ appFolder, configured: undefined, self: electron33 });
	assert.deepEqual(choice, {
		outcome: 'found',
		version: '24.21.0',
		runtime: { executable: path.join(appFolder, 'node_modules/node/bin/node'), environment: {}, origin: 'node package' },
	});
});

test('a configured Node is taken first, and nothing else is tried when it is too old', async (t) => {
	const [good, old] = [program(t, '22.14.0 10'), program(t, '18.0.0 8')];
	const found = await chooseRuntime({ appFolder: folder(t), configured: good, self: electron45 });
	assert.deepEqual(found, {
		outcome: 'found',
		version: '22.14.0',
		runtime: { executable: good, environment: {}, origin: 'configured' },
	});
	const none = await chooseRuntime({ appFolder: folder(t), configured: old, self: electron45 });
	assert.deepEqual(none, { outcome: 'none', tried: ['configured: Node 18.0.0 is too old'] });
});

test('where nothing fits, each candidate is named with its fault', async (t) => {
	const appFolder = folder(t);
	const bin = path.join(appFolder, 'node_modules/node/bin');
	mkdirSync(bin, { recursive: true });
	writeFileSync(path.join(bin, 'node'), '#!/bin/sh\nexit 7\n', { mode: 0o755 });
	const onlyOld = path.dirname(program(t, '20.18.1 9'));
	const before = process.env.PATH;
	process.env.PATH = onlyOld;
	t.after(() => {
		process.env.PATH = before;
	});
	assert.deepEqual(await chooseRuntime({ appFolder, configured: undefined, self: electron33 }), {
		outcome: 'none',
		tried: [
			'electron: Node 20.18.1 is too old',
			`node package: ${bin}/node does not run as Node (7)`,
			'PATH: Node 20.18.1 is too old',
		],
	});
});

test('a missing executable is said to be missing', async (t) => {
	const missing = path.join(folder(t), 'node');
	assert.deepEqual(await chooseRuntime({ appFolder: '/', configured: missing, self: electron33 }), {
		outcome: 'none',
		tried: [`configured: ${missing} does not exist`],
	});
});

function folder(t: TestContext): string {
	const made = mkdtempSync(path.join(tmpdir(), 'runtime-'));
	t.after(() => rmSync(made, { recursive: true }));
	return made;
}

/** A program named `node` that answers the question for its versions. */
function program(t: TestContext, answer: string): string {
	const file = path.join(folder(t), 'node');
	writeFileSync(file, `#!/bin/sh\necho ${answer}\n`);
	chmodSync(file, 0o755);
	return file;
}
