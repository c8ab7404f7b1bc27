import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { NetportError } from '../../../controller/services/netport.ts';
import { ensureNetport } from '../../../controller/services/netportBuild.ts';
import { needs } from '../../support/needs.ts';

const skip = needs('cc', 'gcc libc6-dev');
let folder: string;
before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'netport-'));
});
after(() => rm(folder, { recursive: true }));

const noNetport = (words: RegExp) => (error: unknown) =>
	error instanceof NetportError && error.code === 'no-netport' && words.test(error.message);

test('it is compiled once, under the hash of its source, also when asked for twice at a time', { skip }, async () => {
	const cache = path.join(folder, 'cache');
	const [first, second] = await Promise.all([ensureNetport(cache, { installed: [] }), ensureNetport(cache, { installed: [] })]);
	assert.equal(first, second);
	const { mtimeMs } = await stat(first);
	assert.equal(await ensureNetport(cache, { installed: [] }), first);
	assert.equal((await stat(first)).mtimeMs, mtimeMs);
	assert.deepEqual(await readdir(cache), [path.basename(first)]);
});

test('an installed one comes first', async () => {
	const installed = path.join(folder, 'installed');
	await writeFile(installed, '#!/bin/sh\n');
	await assert.rejects(
		ensureNetport(folder, { installed: [installed], compiler: 'no-such-cc' }),
		noNetport(/no C compiler/),
		'not executable',
	);
	await chmod(installed, 0o755);
	assert.equal(await ensureNetport(folder, { installed: [installed] }), installed);
});

test('without a compiler, or with a source that does not compile, a sentence says so', { skip }, async () => {
	await assert.rejects(
		ensureNetport(folder, { installed: [], compiler: 'no-such-cc' }),
		noNetport(/there is no C compiler \(no-such-cc\)/),
	);
	const source = path.join(folder, 'broken.c');
	await writeFile(source, 'int main(void) { return }\n');
	await assert.rejects(ensureNetport(path.join(folder, 'broken'), { installed: [], source }), noNetport(/can't be built/));
	assert.deepEqual(await readdir(path.join(folder, 'broken')), []);
});
