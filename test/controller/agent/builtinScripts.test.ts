import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';

import { agentFiles } from '../../../controller/agent/agentFiles.ts';
import { builtinScriptBody, builtinScripts } from '../../../controller/agent/builtinScripts.ts';

const AGENT = join(import.meta.dirname, '../../../controller/agent');

test('every builtin script is there and in the language of busybox, and no script lies around unlisted', async () => {
	for (const script of builtinScripts) {
		const body = await builtinScriptBody(script);
		assert.match(body, /^#!\/bin\/sh\n/, script.name);
		execFileSync('busybox', ['sh', '-n'], { input: body });
	}
	const files = await readdir(join(AGENT, 'scripts'));
	assert.equal(new Set(builtinScripts.map(({ kind, name }) => `${kind} ${name}`)).size, builtinScripts.length);
	assert.equal(files.length, builtinScripts.length, files.join(' '));
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
