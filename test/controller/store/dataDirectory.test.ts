import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { dataPaths, holdDataDirectory } from '../../../controller/store/dataDirectory.ts';

test('one controller holds a folder at a time; it is free again when that one lets go, or is killed', async (t) => {
	const folder = path.join(mkdtempSync(path.join(tmpdir(), 'metaldesk-hold-')), 'data');
	t.after(() => rmSync(path.dirname(folder), { recursive: true, force: true }));
	const first = holdDataDirectory(folder);
	assert.ok(first);
	assert.equal(holdDataDirectory(folder), null);
	first.release();

	const program = `const { holdDataDirectory } = await import(${JSON.stringify(new URL('../../../controller/store/dataDirectory.ts', import.meta.url).href)});
		process.stdout.write(holdDataDirectory(${JSON.stringify(folder)}) ? 'held' : 'refused');
		setInterval(() => {}, 1000);`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
	const [said] = await once(child.stdout, 'data');
	assert.equal(String(said), 'held');
	assert.equal(holdDataDirectory(folder), null);
	child.kill('SIGKILL');
	await once(child, 'exit');
	const again = holdDataDirectory(folder);
	assert.ok(again);
	again.release();
});

test('it is made for its owner alone', (t) => {
	const folder = path.join(mkdtempSync(path.join(tmpdir(), 'metaldesk-hold-')), 'a/b');
	t.after(() => rmSync(path.resolve(folder, '../..'), { recursive: true, force: true }));
	const held = holdDataDirectory(folder);
	t.after(() => held?.release());
	assert.equal(statSync(folder).mode & 0o777, 0o700);
	assert.ok(!existsSync(dataPaths(folder).database));
});
