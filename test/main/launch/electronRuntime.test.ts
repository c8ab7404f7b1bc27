import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const program = fileURLToPath(import.meta.resolve('../../../main/launch/electronRuntime.mjs'));

test('an Electron is found or made, and it runs', async () => {
	const { executable } = JSON.parse(await run({})) as { executable: string };
	assert.ok(existsSync(executable));
	const versions = await promisify(execFile)(executable, ['--print', 'process.versions.electron'], {
		env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
	});
	assert.match(versions.stdout, /^\d+\.\d+\.\d+\n$/);
});

test('ELECTRON_BIN comes first', async () => {
	assert.equal(await run({ ELECTRON_BIN: process.execPath }), `{"executable":"${process.execPath}","kind":"configured"}\n`);
});

test('an ELECTRON_BIN that does not exist is said to be wrong', async () => {
	await assert.rejects(
		run({ ELECTRON_BIN: '/nowhere/electron' }),
		/ELECTRON_BIN names \/nowhere\/electron, which does not exist\./,
	);
});

async function run(environment: Record<string, string>): Promise<string> {
	const { stdout } = await promisify(execFile)(process.execPath, [program], { env: { ...process.env, ...environment } });
	return stdout;
}
