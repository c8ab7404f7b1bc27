import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { agentFiles } from '../../../controller/agent/agentFiles.ts';
import { builtinScriptBody, builtinScripts } from '../../../controller/agent/builtinScripts.ts';
import { readScriptHeader } from '../../../controller/domain/scriptHeader.ts';

const AGENT = join(import.meta.dirname, '../../../controller/agent');

test('every builtin script is there and in the language of busybox, and no script lies around unlisted', async () => {
	for (const script of builtinScripts) {
		const body = await builtinScriptBody(script);
		assert.match(body, /^#!\/bin\/sh\n/, script.name);
		execFileSync('busybox', ['sh', '-n'], { input: body });
	}
	const files = await readdir(join(AGENT, 'scripts'));
	assert.equal(new Set(builtinScripts.map(({ name }) => name)).size, builtinScripts.length);
	const bodies = new Set(await Promise.all(builtinScripts.map(builtinScriptBody)));
	const texts = await Promise.all(files.map((file) => readFile(join(AGENT, 'scripts', file), 'utf8')));
	assert.deepEqual(
		files.filter((_, at) => !bodies.has(texts[at] ?? '')),
		[],
	);
});

test('every shell file of the agent goes into the initramfs and can be parsed', async () => {
	const sources = (await readdir(AGENT, { recursive: true })).filter(
		(path) => path.endsWith('.sh') && !path.startsWith('scripts/'),
	);
	const inside = await agentFiles();
	assert.equal(inside.length, sources.length);
	for (const file of inside) execFileSync('busybox', ['sh', '-n'], { input: file.data });
	assert.equal(inside.find(({ path }) => path === 'init')?.mode, 0o755);
});

test('headers of builtin scripts can be read and say nothing that is not known', async () => {
	for (const script of builtinScripts) {
		const header = readScriptHeader(await builtinScriptBody(script));
		assert.deepEqual('problem' in header ? header : header.unknown, [], script.name);
	}
});

test('what runs when nobody chose any test is short and harmless', () => {
	const due = builtinScripts.filter(({ kind, tags }) => kind === 'testing' && tags.includes('commissioning'));
	assert.deepEqual(
		due.map(({ name, destructive }) => [name, destructive]),
		[
			['10-memory-size', false],
			['11-link', false],
			['smartctl-validate', false],
		],
	);
	const destroying = builtinScripts.filter(({ kind, destructive }) => kind === 'testing' && destructive);
	assert.deepEqual(
		destroying.map(({ name, tags }) => [name, tags]),
		[['badblocks-destructive', ['destructive']]],
	);
});
