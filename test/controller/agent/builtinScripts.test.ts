import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { agentFiles } from '../../../controller/agent/agentFiles.ts';
import {
	type BuiltinScript,
	builtinScriptBody,
	builtinScripts,
	withParameters,
} from '../../../controller/agent/builtinScripts.ts';

const AGENT = join(import.meta.dirname, '../../../controller/agent');
const writeImage = builtinScripts.find(({ name }) => name === '10-write-image') as BuiltinScript;

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

test('parameters reach the script as they are, whatever they hold', () => {
	const body = '#!/bin/sh\nprintf %s "$DISK"\n';
	const text = fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0') && Buffer.from(value).toString() === value);
	fc.assert(
		fc.property(text, (value) => {
			const whole = withParameters(writeImage, body, { DISK: value });
			assert.ok(whole.startsWith('#!/bin/sh\n'));
			assert.equal(execFileSync('busybox', ['sh'], { input: whole }).toString(), value);
		}),
		{ numRuns: 40, examples: [['it\'s $(touch /tmp/x) `id` \\ \n" end']] },
	);
});

test('an unknown parameter and a NUL byte are refused', () => {
	assert.throws(() => withParameters(writeImage, '', { PATH: '/x' }), { message: 'script 10-write-image has no parameter PATH' });
	assert.throws(() => withParameters(writeImage, '', { DISK: 'a\0b' }), {
		message: 'parameter DISK of script 10-write-image holds a NUL byte',
	});
});
