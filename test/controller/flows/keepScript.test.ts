import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultHeader } from '../../../controller/domain/scriptHeader.ts';
import { addScript, changeScript, keepBuiltinScripts, revertScript } from '../../../controller/flows/keepScript.ts';
import { makeStore } from '../../support/makeStore.ts';

const at = '2026-01-02T03:04:05.000Z';
const later = '2026-01-03T00:00:00.000Z';
const text = (...lines: string[]) =>
	[
		'#!/bin/sh',
		'# --- Start MAAS 1.0 script metadata ---',
		...lines.map((line) => `# ${line}`),
		'# --- End MAAS 1.0 script metadata ---',
		'',
	].join('\n');
const builtin = (name: string, content = '#!/bin/sh\n', tags: string[] = ['commissioning']) => ({
	...{ name, title: name, kind: 'testing' as const, timeoutSeconds: 60, tags, content },
	...{ hardwareType: 'storage' as const, parallel: 'instance' as const, destructive: false },
});

test('the header counts more than what is said with a script, and that more than the defaults', (t) => {
	const { store } = makeStore(t);
	const otherwise = { ...defaultHeader, title: 'Said', kind: 'release' as const, timeoutSeconds: 5 };
	const { id, content, ...script } = addScript(
		store,
		{ content: text('name: fans', 'timeout: 7'), otherwise, field: 'script' },
		at,
	);
	assert.ok(id > 0 && content.startsWith('#!'));
	assert.deepEqual(script, {
		...{ name: 'fans', title: 'Said', description: '', kind: 'release', hardwareType: 'node', parallel: 'disabled' },
		...{ timeoutMs: 7000, tags: [], parameters: {}, packages: {}, results: {}, forHardware: [], mayReboot: false },
		...{ destructive: false, recommission: false, applyConfiguredNetworking: false, updatedAt: at, builtin: false },
	});
	assert.deepEqual(store.scripts.byName('fans'), { ...script, id, content });
});

test('a change that is refused leaves everything as it was', (t) => {
	const { store } = makeStore(t);
	addScript(store, { name: 'taken', content: '#!/bin/sh\n', field: 'script' }, at);
	const script = addScript(store, { content: text('name: fans', 'title: Fans'), field: 'script' }, at);
	const before = store.scripts.all();
	for (const [content, field] of [
		[text('name: taken', 'title: Other'), 'name'],
		[text('type: 9'), 'script'],
		['echo', 'script'],
		[`#!/bin/sh\n${'#'.repeat(2 << 20)}`, 'script'],
	] as const)
		assert.throws(() => changeScript(store, script, { content, field: 'script' }, later), { code: 'bad-input', field });
	assert.deepEqual(store.scripts.all(), before);
	assert.equal(changeScript(store, script, { content: text('name: fans2'), field: 'script' }, later).title, 'Fans');
	assert.deepEqual([store.scripts.byName('fans'), store.scripts.byName('fans2')?.id], [undefined, script.id]);
});

test('going back takes the newer revisions away and reads the older header', (t) => {
	const { store } = makeStore(t);
	let script = addScript(store, { content: text('name: fans', 'timeout: 1'), field: 'script' }, at);
	for (const seconds of [2, 3])
		script = changeScript(store, script, { content: text('name: fans', `timeout: ${seconds}`), field: 'script' }, at);
	const ids = (store.scripts.revisions(script.id).get(script.id) ?? []).map((revision) => revision.id);
	assert.equal(revertScript(store, script, -3, later), undefined);
	assert.equal(revertScript(store, script, 4711, later), undefined);
	assert.equal(revertScript(store, script, 0, later)?.timeoutMs, 3000);
	assert.equal(revertScript(store, script, ids[2] ?? 0, later)?.timeoutMs, 1000);
	assert.deepEqual(
		store.scripts
			.revisions()
			.get(script.id)
			?.map((revision) => revision.id),
		[ids[2]],
	);
});

test('builtin scripts keep their ids, tags and limits that were changed, and a revision for each new text', (t) => {
	const { store } = makeStore(t);
	keepBuiltinScripts(store, [builtin('smart'), builtin('old')], at);
	const first = store.scripts.byName('smart');
	assert.ok(first?.builtin);
	store.scripts.save({ ...first, tags: ['mine'], timeoutMs: 5000 });
	keepBuiltinScripts(store, [builtin('smart', text('title: Newer'))], later);
	const second = store.scripts.byName('smart');
	assert.deepEqual(
		[second?.id, second?.title, second?.tags, second?.timeoutMs, second?.updatedAt, store.scripts.byName('old')],
		[first.id, 'Newer', ['mine'], 5000, later, undefined],
	);
	assert.equal(store.scripts.revisions(first.id).get(first.id)?.length, 2);
	keepBuiltinScripts(store, [builtin('smart', text('title: Newer'))], '2026-02-01T00:00:00.000Z');
	assert.deepEqual(store.scripts.byName('smart'), second);
});

test('an operator’s script whose name a new version brings goes on under another one', (t) => {
	const { store } = makeStore(t);
	const own = addScript(store, { name: 'badblocks', content: '#!/bin/bash\n', field: 'script' }, at);
	keepBuiltinScripts(store, [builtin('badblocks')], later);
	assert.deepEqual(
		store.scripts.all().map(({ name, builtin, content }) => [name, builtin, content]),
		[
			['badblocks', true, '#!/bin/sh\n'],
			['badblocks-own', false, '#!/bin/bash\n'],
		],
	);
	assert.equal(store.scripts.byId(own.id)?.name, 'badblocks-own');
});
