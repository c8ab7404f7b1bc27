import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../../../controller/store/store.ts';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';

interface Shown {
	system_id: string;
	tag_names: string[];
}

/** A machine whose lshw has been taken. */
function addMachineWith(store: Store, number: number, lshw: string) {
	const machine = addMachine(store, number);
	const at = '2026-01-02T03:04:05.000Z';
	const job = store.results.createJob({
		nodeId: machine.id,
		kind: 'commission',
		at,
		scripts: [{ name: 'maas-lshw', kind: 'commissioning' }],
	});
	for (const result of store.results.ofJob(job.id)) {
		store.results.update(result.id, { status: 'passed', endedAt: at });
		store.results.setFiles(result.id, { stdout: Buffer.from(lshw) });
	}
	return machine;
}

test('tags: put on and taken off by hand, and shown with their nodes', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	addMachine(store, 1);
	addMachine(store, 2);
	const made = await ann.post('tags/', null, { name: 'fast', comment: 'has an SSD', kernel_opts: ' mitigations=off ' });
	const tag = {
		name: 'fast',
		definition: '',
		comment: 'has an SSD',
		kernel_opts: 'mitigations=off',
		resource_uri: '/MAAS/api/2.0/tags/fast/',
	};
	assert.deepEqual([made.status, made.json()], [200, tag]);
	const updated = await ann.post('tags/fast/', 'update_nodes', { add: ['abc001', 'abc002', 'nobody'], remove: 'abc009' });
	assert.deepEqual([updated.status, updated.json()], [200, { added: 2, removed: 0 }]);
	assert.deepEqual((await ann.post('tags/fast/', 'update_nodes', { remove: 'abc002' })).json(), { added: 0, removed: 1 });
	for (const [op, expected] of [
		['machines', ['abc001']],
		['nodes', ['abc001']],
		['devices', []],
		['rack_controllers', []],
		['region_controllers', []],
	] as const)
		assert.deepEqual(
			(await bob.get('tags/fast/', { op })).json<Shown[]>().map((each) => each.system_id),
			expected,
			op,
		);
	assert.deepEqual((await bob.get('machines/abc001/')).json<Shown>().tag_names, ['fast']);
	assert.deepEqual((await bob.get('tags/')).json(), [tag]);
	const renamed = { ...tag, name: 'quick', kernel_opts: '', resource_uri: '/MAAS/api/2.0/tags/quick/' };
	assert.deepEqual((await ann.put('tags/fast/', { name: 'quick', kernel_opts: '' })).json(), renamed);
	assert.deepEqual((await bob.get('machines/abc001/')).json<Shown>().tag_names, ['quick']);
	assert.deepEqual([(await ann.delete('tags/quick/')).status, (await ann.get('tags/quick/')).status], [204, 404]);
	assert.deepEqual((await bob.get('machines/abc001/')).json<Shown>().tag_names, []);
});

test('tags: a definition decides at once who has the tag, and again when it changes', async (t) => {
	const { ann, store } = await startMaas(t);
	addMachineWith(store, 1, '<list><node class="system"><node class="display"><vendor>NVIDIA</vendor></node></node></list>');
	addMachineWith(store, 2, '<list><node class="system"><node class="display"><vendor>Matrox</vendor></node></node></list>');
	addMachineWith(store, 3, 'lshw: not found');
	addMachine(store, 4);
	const machines = async (name: string) =>
		(await ann.get(`tags/${name}/`, { op: 'machines' })).json<Shown[]>().map((each) => each.system_id);
	const definition = '//node[@class="display"]/vendor[contains(text(), "NVIDIA")]';
	const made = await ann.post('tags/', null, { name: 'gpu', definition });
	assert.equal(made.json<{ definition: string }>().definition, definition);
	assert.deepEqual(await machines('gpu'), ['abc001']);
	await ann.put('tags/gpu/', { definition: '//node[@class="display"]' });
	assert.deepEqual(await machines('gpu'), ['abc001', 'abc002']);
	// a machine that could not be asked is told of, not tagged
	const told = store.eventPages.page({ level: 'WARNING', limit: 1, auditOf: null })[0];
	assert.equal(told?.text, 'The tag gpu could not be asked of one machine.');

	const byHand = await ann.post('tags/gpu/', 'update_nodes', { add: 'abc004' });
	assert.deepEqual([byHand.status, byHand.text], [400, 'The tag gpu has a definition, which decides who has it.']);
	const old = await ann.post('tags/gpu/', 'update_nodes', { add: 'abc004', definition });
	assert.equal(old.status, 409);
	assert.match(old.text, /^Definition supplied '.*NVIDIA.*' doesn't match current definition '\/\/node\[@class="display"\]'$/);
	store.tags.remove(store.tags.byName('gpu')?.id ?? 0, [1, 2]);
	const rebuilt = await ann.post('tags/gpu/', 'rebuild');
	assert.deepEqual([rebuilt.status, rebuilt.json()], [200, { rebuilding: 'gpu' }]);
	assert.deepEqual(await machines('gpu'), ['abc001', 'abc002']);
	// without a definition the tag stays where it is, and is in people's hands
	await ann.put('tags/gpu/', { definition: '' });
	assert.deepEqual((await ann.post('tags/gpu/', 'update_nodes', { remove: 'abc002' })).json(), { added: 0, removed: 1 });
	assert.deepEqual(await machines('gpu'), ['abc001']);
});

test('tags: what is refused, and in which words', async (t) => {
	const { ann, bob } = await startMaas(t);
	await ann.post('tags/', null, { name: 'fast' });
	for (const [what, answer, status, text] of [
		['no name', await ann.post('tags/'), 400, '{"name":["This field is required."]}'],
		[
			'a blank in a name',
			await ann.post('tags/', null, { name: 'very fast' }),
			400,
			'{"name":["Use up to 256 letters, digits, dashes and underscores."]}',
		],
		['a taken name', await ann.post('tags/', null, { name: 'fast' }), 400, '{"name":["Tag with this Name already exists."]}'],
		[
			'a definition that is none',
			await ann.post('tags/', null, { name: 'x', definition: '//node[' }),
			400,
			'{"definition":["Invalid XPath expression: XPath parse error"]}',
		],
		[
			'kernel options of two lines',
			await ann.put('tags/fast/', { kernel_opts: 'a\nb' }),
			400,
			'{"kernel_opts":["Kernel options are one line of ASCII characters."]}',
		],
		['an unknown tag', await ann.get('tags/slow/', { op: 'machines' }), 404, 'No Tag matches the given query.'],
		['a user who adds', await bob.post('tags/', null, { name: 'x' }), 403, 'User is not allowed access to this API.'],
		[
			'a user who tags',
			await bob.post('tags/fast/', 'update_nodes', { add: 'abc001' }),
			403,
			'User is not allowed access to this API.',
		],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		assert.equal(answer.text, text, what);
	}
	assert.deepEqual(
		(await ann.get('tags/')).json<{ name: string }[]>().map(({ name }) => name),
		['fast'],
		'what was refused is not there',
	);
});
