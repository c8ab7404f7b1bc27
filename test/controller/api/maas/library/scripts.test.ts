import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

type Maas = Awaited<ReturnType<typeof startMaas>>;
interface Script {
	readonly id: number;
	readonly name: string;
	readonly type: number;
	readonly tags: readonly string[];
	readonly timeout: string;
	readonly title: string;
	readonly default: boolean;
	readonly history: readonly {
		readonly id: number;
		readonly comment: string;
		readonly created: string;
		readonly data?: string;
	}[];
	readonly resource_uri: string;
}

const send = (
	{ ann }: Maas,
	method: 'POST' | 'PUT',
	path: string,
	content: string | Uint8Array | null,
	form: Record<string, string> = {},
	part = 'script',
) => {
	const body = new FormData();
	for (const [name, value] of Object.entries(form)) body.append(name, value);
	if (content !== null) body.append(part, new Blob([content as BlobPart]), 'upload.sh');
	return ann.send(method, path, { body });
};
const withHeader = (...lines: string[]) =>
	[
		'#!/bin/sh',
		'# --- Start MAAS 1.0 script metadata ---',
		...lines.map((line) => `# ${line}`),
		'# --- End MAAS 1.0 script metadata ---',
		'true',
		'',
	].join('\n');
const MOMENT = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d -0000$/;

const full = withHeader(
	'name: fan-speed',
	'title: Fans',
	'description: Counts turns',
	'script_type: test',
	'hardware_type: storage',
	'parallel: instance',
	'timeout: 00:05:00',
	'tags: [fans, commissioning]',
	'destructive: true',
	'may_reboot: true',
	'recommission: true',
	'apply_configured_networking: true',
	'for_hardware: [pci:8086:1572]',
	'packages: {apt: [lm-sensors]}',
	'parameters: {storage: {type: storage}, runtime: {type: runtime, min: 5, default: 10}}',
	'results: {turns: {title: Turns, description: a minute}}',
);

test('scripts: the header says all; every field of the object', async (t) => {
	const maas = await startMaas(t);
	const made = await send(maas, 'POST', 'scripts/', full, {
		name: 'other',
		title: 'Other',
		type: 'commissioning',
		comment: 'first',
	});
	const script = made.json<Script>();
	assert.equal(made.status, 200);
	assert.match(script.history[0]?.created ?? '', MOMENT);
	const { id, history, ...rest } = script;
	assert.deepEqual(rest, {
		...{ name: 'fan-speed', title: 'Fans', description: 'Counts turns', tags: ['fans', 'commissioning'] },
		...{ type: 2, type_name: 'Testing script', hardware_type: 3, hardware_type_name: 'Storage' },
		...{ parallel: 1, parallel_name: 'Run along other instances of this script', timeout: '0:05:00' },
		...{ destructive: true, may_reboot: true, recommission: true, apply_configured_networking: true },
		...{ for_hardware: ['pci:8086:1572'], packages: { apt: ['lm-sensors'] } },
		parameters: { storage: { type: 'storage' }, runtime: { type: 'runtime', min: 5, default: 10 } },
		results: { turns: { title: 'Turns', description: 'a minute' } },
		...{ default: false, resource_uri: '/MAAS/api/2.0/scripts/fan-speed' },
	});
	const { created } = history[0] ?? {};
	assert.deepEqual(history, [{ id: history[0]?.id, comment: 'first', created }]);
	assert.deepEqual((await maas.bob.get('scripts/fan-speed')).json(), script);
	assert.deepEqual((await maas.bob.get(`scripts/${id}/`)).json(), script);
	const data = Buffer.from(full).toString('base64');
	assert.deepEqual((await maas.bob.get('scripts/fan-speed', { include_script: 'true' })).json(), {
		...script,
		history: [{ id: history[0]?.id, comment: 'first', created, data }],
	});
});

test('scripts: without a header the form says all; a file part may have the script’s name', async (t) => {
	const maas = await startMaas(t);
	const form = { title: 'T', type: '3', hardware_type: 'CPU', parallel: 'any', timeout: '90', tags: 'a,b', destructive: '1' };
	const made = (
		await send(maas, 'POST', 'scripts/', '#!/bin/sh\n', { ...form, packages: '{"apt": "jq"}' }, 'burn-in')
	).json<Script>();
	const { history: _, id: __, ...rest } = made;
	assert.deepEqual(rest, {
		...{ name: 'burn-in', title: 'T', description: '', tags: ['a', 'b'], type: 3, type_name: 'Release script' },
		...{ hardware_type: 1, hardware_type_name: 'CPU', parallel: 2, parallel_name: 'Run along any other script' },
		...{ timeout: '0:01:30', destructive: true, may_reboot: false, recommission: false, apply_configured_networking: false },
		...{ for_hardware: [], packages: { apt: 'jq' }, parameters: {}, results: {}, default: false },
		resource_uri: '/MAAS/api/2.0/scripts/burn-in',
	});
	const changed = await maas.ann.put('scripts/burn-in', { title: '', timeout: '0:00:05', type: 'testing', name: 'burn-out' });
	const { title, timeout, type, name, tags, history } = changed.json<Script>();
	assert.deepEqual([title, timeout, type, name, tags, history.length], ['', '0:00:05', 2, 'burn-out', ['a', 'b'], 1]);
	assert.equal((await maas.ann.get('scripts/burn-in')).status, 404);
});

test('scripts: each text is a revision, to be read and gone back to', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob } = maas;
	const texts = ['one', 'two', 'three'].map((word) => withHeader('name: steps', `title: ${word}`));
	await send(maas, 'POST', 'scripts/', texts[0] ?? '');
	await send(maas, 'PUT', 'scripts/steps', texts[1] ?? '', { comment: 'second' });
	const third = (await send(maas, 'PUT', 'scripts/steps', texts[2] ?? '')).json<Script>();
	assert.deepEqual([third.title, third.history.map(({ comment }) => comment)], ['three', ['', 'second', '']]);
	const [, middle, first] = third.history;
	const download = (query: Record<string, string | number> = {}) => bob.get('scripts/steps', { op: 'download', ...query });
	const newest = await download();
	assert.deepEqual([newest.type, newest.text], ['application/binary', texts[2]]);
	assert.equal((await download({ revision: middle?.id ?? 0 })).text, texts[1]);
	assert.equal((await download({ rev: first?.id ?? 0 })).text, texts[0]);
	assert.equal((await download({ rev: 99999 })).status, 404);
	const back = (await ann.post('scripts/steps', 'revert', { to: -1 })).json<Script>();
	assert.deepEqual([back.title, back.history.length], ['two', 2]);
	const further = (await ann.post('scripts/steps', 'revert', { to: first?.id ?? 0 })).json<Script>();
	assert.deepEqual([further.title, further.history], ['one', [first]]);
	assert.equal((await ann.post('scripts/steps', 'revert', { to: -1 })).status, 400);
	assert.equal((await ann.delete('scripts/steps')).status, 204);
	assert.equal((await ann.get('scripts/steps')).status, 404);
});

test('scripts: listed by type, hardware, name and tag; tags come and go', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob } = maas;
	await send(maas, 'POST', 'scripts/', full);
	const names = async (query: Record<string, string>) =>
		(await bob.get('scripts/', query)).json<Script[]>().map(({ name }) => name);
	assert.deepEqual(await names({ filters: 'fans' }), ['fan-speed']);
	assert.deepEqual(await names({ filters: 'wipe-disks,fan-speed' }), ['fan-speed', 'wipe-disks']);
	assert.ok((await names({ type: 'testing', hardware_type: 'storage' })).includes('smartctl-validate'));
	assert.deepEqual(await names({ type: '2', hardware_type: '3' }), await names({ type: 'testing', hardware_type: 'storage' }));
	assert.ok(!(await names({ type: 'commissioning' })).includes('fan-speed'));
	const tagged = await ann.post('scripts/fan-speed', 'add_tag', { tag: 'slow' });
	assert.deepEqual(tagged.json<Script>().tags, ['fans', 'commissioning', 'slow']);
	assert.deepEqual((await ann.post('scripts/fan-speed', 'remove_tag', { tag: 'fans' })).json<Script>().tags, [
		'commissioning',
		'slow',
	]);
	assert.equal((await bob.post('scripts/fan-speed', 'add_tag', { tag: 'x' })).status, 403);
});

test('scripts: those that come along stay, but for their tags and time limits', async (t) => {
	const maas = await startMaas(t);
	const { ann } = maas;
	const builtin = (await ann.get('scripts/smartctl-validate')).json<Script>();
	assert.deepEqual([builtin.default, builtin.history.length, builtin.tags], [true, 1, ['commissioning']]);
	const changed = (await ann.put('scripts/smartctl-validate', { tags: 'mine', timeout: '600' })).json<Script>();
	assert.deepEqual([changed.tags, changed.timeout, changed.id], [['mine'], '0:10:00', builtin.id]);
	const deleted = await ann.delete('scripts/smartctl-validate');
	assert.deepEqual([deleted.status, deleted.text], [400, 'Unable to delete default script']);
	for (const answer of [
		await ann.put('scripts/smartctl-validate', { title: 'Mine' }),
		await send(maas, 'PUT', 'scripts/smartctl-validate', '#!/bin/sh\n'),
	]) {
		assert.equal(answer.status, 400);
		assert.deepEqual(Object.values(answer.json()), [['Not allowed to change on default scripts.']]);
	}
});

test('scripts: what is refused, and in which words', async (t) => {
	const maas = await startMaas(t);
	const post = (content: string | Uint8Array | null, form: Record<string, string> = {}) =>
		send(maas, 'POST', 'scripts/', content, { name: 'x', ...form });
	const plain = '#!/bin/sh\n';
	for (const [what, answer, field, text] of [
		['no script', await post(null), 'script', /^This field is required\.$/],
		['no name', await send(maas, 'POST', 'scripts/', plain), 'name', /^This field is required\.$/],
		['no interpreter', await post('echo'), 'script', /^Line 1: a script begins with #!/],
		['bytes', await post(Uint8Array.of(35, 33, 255, 254)), 'script', /UTF-8/],
		['a bad header', await post(withHeader('type: 7')), 'script', /^Line 3: type must be commissioning/],
		[
			'a parameter of no type',
			await post(withHeader('parameters: {x: {type: disk}}')),
			'script',
			/^Line 3: parameters must have a type/,
		],
		['a bad name', await post(plain, { name: '../x' }), 'name', /letters, digits/],
		['a number as name', await post(plain, { name: '12' }), 'name', /letters, digits/],
		['a builtin name', await post(plain, { name: 'wipe-disks' }), 'name', /^wipe-disks is the name of a builtin script\.$/],
		['a bad type', await post(plain, { type: 'game' }), 'type', /must be commissioning/],
		['a bad time', await post(plain, { timeout: 'long' }), 'timeout', /seconds or HH:MM:SS/],
		['packages that are none', await post(plain, { packages: '[1]' }), 'packages', /apt, snap and url/],
		['packages that are no JSON', await post(plain, { packages: '{' }), 'packages', /JSON/],
		['a filter that is none', await maas.bob.get('scripts/', { type: 'game' }), 'type', /one of/],
	] as const) {
		assert.equal(answer.status, 400, what);
		const said = answer.json<Record<string, string[]>>();
		assert.deepEqual(Object.keys(said), [field], what);
		assert.match(said[field]?.[0] ?? '', text, what);
	}
	assert.equal((await post(plain)).status, 200);
	assert.deepEqual((await post(plain)).json(), { name: ['Script with this Name already exists.'] });
	assert.equal((await maas.bob.post('scripts/')).status, 403);
});

test('commissioning scripts: the old way to them', async (t) => {
	const maas = await startMaas(t);
	const { ann, bob } = maas;
	const made = await send(maas, 'POST', 'commissioning-scripts/', '#!/bin/sh\n', { name: 'rack-label' }, 'content');
	const object = {
		...{ name: 'rack-label', content: Buffer.from('#!/bin/sh\n').toString('base64'), deprecated: true },
		resource_uri: '/MAAS/api/2.0/commissioning-scripts/rack-label',
	};
	assert.deepEqual([made.status, made.json()], [201, object]);
	const names = (await ann.get('commissioning-scripts/')).json<string[]>();
	assert.ok(names.includes('rack-label') && names.includes('maas-lshw') && !names.includes('wipe-disks'));
	assert.equal((await ann.get('scripts/rack-label')).json<Script>().type, 0);
	assert.equal((await send(maas, 'PUT', 'commissioning-scripts/rack-label', '#!/bin/sh\ntrue\n', {}, 'content')).status, 200);
	assert.equal((await ann.get('commissioning-scripts/rack-label')).text, '#!/bin/sh\ntrue\n');
	assert.equal((await ann.delete('commissioning-scripts/maas-lshw')).status, 400);
	assert.equal((await ann.delete('commissioning-scripts/rack-label')).status, 204);
	assert.equal((await ann.get('commissioning-scripts/rack-label')).status, 404);
	assert.equal((await bob.get('commissioning-scripts/')).status, 403);
});
