import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { commandLine } from '../../../support/commandLine.ts';
import { startMaas } from '../../../support/maasClient.ts';
import { addCommissioned } from '../../../support/manyMachines.ts';

test('login remembers the server for its owner’s eyes only; the key may come by standard input', async (t) => {
	const { url, ann } = await startMaas(t);
	const { run, runWith, home } = commandLine(t);
	const key = ann.key ?? '';
	assert.equal((await run('login', 'lab', `${url}/MAAS/`, key)).code, 0);
	assert.equal((await runWith(`${key}\n`, 'login', 'other', url, '-')).code, 0);
	assert.equal((await run('list')).stdout, `lab ${url}/MAAS\nother ${url}/MAAS\n`);
	const folder = path.join(home, 'config/metaldesk/profiles');
	for (const file of readdirSync(folder)) assert.equal(statSync(path.join(folder, file)).mode & 0o777, 0o600);
	assert.equal((await run('logout', 'other')).code, 0);
	assert.equal((await run('list')).stdout, `lab ${url}/MAAS\n`);
});

test('what is wrong ends with a sentence and its own exit code', async (t) => {
	const { url, ann, bob } = await startMaas(t);
	const { run } = commandLine(t);
	assert.equal((await run('login', 'lab', url, ann.key ?? '')).code, 0);
	assert.equal((await run('login', 'bobs', url, bob.key ?? '')).code, 0);
	for (const [what, args, code, says] of [
		['no profile', ['nobody', 'zones', 'read'], 2, /no profile “nobody”/],
		['half a key', ['login', 'x', url, 'a:b'], 2, /three parts/],
		['a key that is nobody’s', ['login', 'x', url, 'a:b:c'], 4, /Invalid API key/],
		['no server', ['login', 'x', 'http://127.0.0.1:9/MAAS', 'a:b:c'], 3, /can’t be reached/],
		['no noun', ['lab'], 2, /nouns: .*zones/],
		['an unknown verb', ['lab', 'zones', 'explode'], 2, /verbs: create, read/],
		['an unknown option', ['lab', 'zones', 'read', '--force'], 2, /no option --force/],
		['a placeholder that is missing', ['lab', 'zone', 'read'], 2, /name is missing[\s\S]*usage: metaldesk lab zone read NAME/],
		['no key=value', ['lab', 'zones', 'create', 'row-1'], 2, /“row-1” is not key=value/],
		['refused by the server', ['lab', 'zones', 'create'], 1, /^metaldesk: name: This field is required\.$/m],
		['not there', ['lab', 'zone', 'read', 'nowhere'], 1, /No Zone matches/],
		['not allowed', ['bobs', 'zones', 'create', 'name=x'], 4, /not allowed/],
		['a file that is missing', ['lab', 'boot-resources', 'create', 'name=x', 'content@=/nowhere/x.img'], 2, /can’t be read/],
	] as const) {
		const ended = await run(...args);
		assert.equal(ended.code, code, `${what}: ${ended.stderr}`);
		assert.match(ended.stderr, says, what);
		assert.equal(ended.stdout, '', what);
	}
});

test('tables for people, JSON for machines; what machines call themselves can’t rewrite the terminal', async (t) => {
	const { url, ann, store } = await startMaas(t);
	const { run } = commandLine(t);
	await run('login', 'lab', url, ann.key ?? '');
	const machine = addCommissioned(store, 1);
	store.machines.update(machine.id, { description: 'evil \u001b[2J\u202e text' });
	const created = await run('lab', 'zones', 'create', 'name=row-1', 'description=the first row');
	assert.equal(created.stdout, 'id           2\nname         row-1\ndescription  the first row\n');
	assert.equal((await run('lab', 'zones', 'read')).stdout, 'id  name     description\n1   default\n2   row-1    the first row\n');
	const json = JSON.parse((await run('lab', 'zones', 'read', '--json')).stdout) as { name: string }[];
	assert.deepEqual(
		json.map((zone) => zone.name),
		['default', 'row-1'],
	);
	const table = (await run('lab', 'machines', 'read')).stdout;
	assert.match(table, /^system_id {2}hostname/);
	assert.match(table, new RegExp(`^${machine.systemId} .*Ready`, 'm'));
	const shown = await run('lab', 'machine', 'read', machine.systemId);
	assert.match(shown.stdout, /^hostname +rack-1$/m);
	assert.ok(!/[\u001b\u202e]/.test(shown.stdout + table));
	assert.equal((await run('lab', 'zone', 'delete', 'row-1')).stdout, '');
	const help = await run('lab', 'zones', 'create', '--help');
	assert.match(help.stdout, /^usage: metaldesk lab zones create name=… \[key=value…\] \[--json\]\n\nAdd a zone\./);
});

test('files go as they are: a script from a file, an image in chunks', async (t) => {
	const { url, ann } = await startMaas(t);
	const { run, home } = commandLine(t);
	await run('login', 'lab', url, ann.key ?? '');
	const script = path.join(home, 'hello.sh');
	writeFileSync(script, '#!/bin/sh\necho hello\n');
	const added = await run('lab', 'node-scripts', 'create', 'name=hello', `script@=${script}`, '--json');
	assert.equal(added.code, 0, added.stderr);
	assert.equal((await run('lab', 'node-script', 'download', 'hello')).stdout, '#!/bin/sh\necho hello\n');

	const image = path.join(home, 'disk.img');
	// more than one chunk of 4 MiB, and not a whole number of them
	const bytes = Buffer.alloc(5 * 2 ** 20 + 512, 7);
	writeFileSync(image, bytes);
	const sent = await run(
		'lab',
		'boot-resources',
		'create',
		'name=custom/small',
		'architecture=amd64/generic',
		'filetype=ddraw',
		`content@=${image}`,
		'--json',
	);
	assert.equal(sent.code, 0, sent.stderr);
	const { sets } = JSON.parse(sent.stdout) as { sets: Record<string, { complete: boolean; size: number }> };
	assert.deepEqual(
		Object.values(sets).map(({ complete, size }) => ({ complete, size })),
		[{ complete: true, size: bytes.length }],
	);
});

test('the shell completes profiles, nouns, verbs and parameters', async (t) => {
	const { url, ann } = await startMaas(t);
	const { run } = commandLine(t);
	await run('login', 'lab', url, ann.key ?? '');
	const completed = async (current: string, ...words: string[]) =>
		(await run('complete', current, ...words)).stdout.split('\n').filter(Boolean);
	assert.deepEqual(await completed('la'), ['lab']);
	assert.deepEqual(await completed('zo', 'lab'), ['zone', 'zones']);
	assert.deepEqual(await completed('', 'lab', 'zones'), ['create', 'read']);
	assert.deepEqual(await completed('n', 'lab', 'zones', 'create'), ['name=']);
	assert.deepEqual(await completed('', 'completion'), ['bash', 'zsh']);
	for (const shell of ['bash', 'zsh']) assert.match((await run('completion', shell)).stdout, /_metaldesk/);
	assert.equal((await run('completion', 'tcsh')).code, 2);
});

test('a server whose API has changed is described anew, without being asked', async (t) => {
	const { url, ann } = await startMaas(t);
	const { run, home } = commandLine(t);
	await run('login', 'lab', url, ann.key ?? '');
	const file = path.join(home, 'config/metaldesk/profiles/lab.json');
	const profile = JSON.parse(readFileSync(file, 'utf8')) as { description: { hash: string } };
	writeFileSync(file, JSON.stringify({ ...profile, description: { ...profile.description, hash: 'old' } }));
	await run('lab', 'zones', 'read');
	assert.equal((JSON.parse(readFileSync(file, 'utf8')) as typeof profile).description.hash, profile.description.hash);
});

test('--watch shows an answer again when it has changed', async (t) => {
	const { url, ann } = await startMaas(t);
	const { run, start } = commandLine(t);
	await run('login', 'lab', url, ann.key ?? '');
	const watching = start('lab', 'zones', 'read', '--watch');
	t.after(() => watching.kill());
	const seen = (what: RegExp) =>
		new Promise<void>((resolve) => {
			let text = '';
			watching.stdout.on('data', (chunk: Buffer) => {
				text += chunk;
				if (what.test(text)) resolve();
			});
		});
	await seen(/default/);
	const again = seen(/row-9/);
	await ann.post('zones/', null, { name: 'row-9' });
	await again;
});

test('--wait tells the machine’s timeline until it rests, and fails when the machine does', async (t) => {
	const { url, ann, store } = await startMaas(t);
	const { run } = commandLine(t);
	await run('login', 'lab', url, ann.key ?? '');
	const machine = addCommissioned(store, 1);
	store.events.append({ nodeId: machine.id, kind: 'user', text: 'from before' });
	const locked = await run('lab', 'machine', 'power-off', machine.systemId, '--wait');
	assert.equal(locked.code, 0, locked.stderr);
	const waited = run('lab', 'machine', 'mark-broken', machine.systemId, 'comment=a fan is loud', '--wait');
	const ended = await waited;
	assert.equal(ended.code, 0, ended.stderr);
	assert.match(ended.stdout, /^\d\d:\d\d:\d\d {2}✗ Ready → Broken\n {12}a fan is loud$/m);
	assert.match(ended.stdout, /^\d\d:\d\d:\d\d {2}Broken$/m);
	assert.ok(!ended.stdout.includes('from before'));
	store.machines.writeStatus(machine.id, {
		status: 'failed_testing',
		at: machine.statusAt,
		text: 'the disk is bad',
		previousStatus: null,
		deadlineAt: null,
	});
	const failed = await run('lab', 'machine', 'clear-default-gateways', machine.systemId, '--wait');
	assert.equal(failed.code, 5, failed.stderr);
	assert.match(failed.stderr, /is Failed testing/);
});
