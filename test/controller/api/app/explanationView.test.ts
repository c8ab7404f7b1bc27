import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExplanationView } from '../../../../controller/api/views.ts';
import { createAdvance } from '../../../../controller/flows/advance.ts';
import { addMachine } from '../../../support/makeStore.ts';
import { startApi } from '../../../support/startApi.ts';

const GiB = 2 ** 30;

/** Ready machines 1, 2, 3 … with as many GiB as are said. */
async function rackOf(t: Parameters<typeof startApi>[0], ...memory: number[]) {
	const api = await startApi(t);
	const advance = createAdvance(api.store, () => new Date());
	for (const [at, size] of memory.entries()) {
		const { id } = addMachine(api.store, at + 1);
		api.store.machines.update(id, { memory: size * GiB, cpuCount: 4 });
		advance(id, 'commission');
		advance(id, 'commissioned');
	}
	return api;
}

test('a form counts live: what the constraints leave, which machine would be taken, and what is half typed', async (t) => {
	const { call, ask, cookie } = await rackOf(t, 8, 64, 48);
	const { status, body } = await call('machines.explain', { mem: '16G', zone: 'defau', colour: 'red' });
	assert.equal(status, 200);
	assert.deepEqual(body, {
		...{ total: 3, matching: 2, nearestCount: 0, nearest: [] },
		errors: { zone: ["No such zone: 'defau'."], colour: ['No such constraint.'] },
		choice: { systemId: 'abc003', hostname: 'node-3' },
		clauses: [
			{ name: 'free', text: 'Ready and free', alone: 3, soFar: 3, without: 2 },
			{ name: 'mem', text: 'mem=16G', alone: 2, soFar: 2, without: 3 },
		],
		text: ['Ready and free: 3 of 3 machines', 'mem=16G: 2 of 3 machines, 2 with all before it'],
	});
	const none = await call('machines.explain', { mem: '1T' });
	assert.deepEqual(
		[none.body.choice, none.body.matching, none.body.nearest[0]],
		[...[null, 0], { systemId: 'abc002', hostname: 'node-2', misses: [{ name: 'mem', text: 'mem=1T', has: 'has 64G' }] }],
	);
	const repeated = await ask<ExplanationView>('GET', '/MAAS/app/machines.explain?mem=16G&mem=1T&zone=a&zone=b', {
		headers: { cookie },
	});
	assert.deepEqual([repeated.body.matching, repeated.body.errors], [2, { zone: ["No such zone(s): 'a', 'b'."] }]);
	const empty = await call('machines.explain', {});
	assert.deepEqual([empty.body.matching, empty.body.choice?.hostname, empty.body.errors], [3, 'node-1', {}]);
});

test('a person reserves a machine with a note and an end, and the list shows it', async (t) => {
	const { call, store } = await rackOf(t, 8, 8);
	const order = { systemId: 'abc002', action: 'allocate', note: 'kernel\ttests', until: '2999-12-31' } as const;
	const wrong = await call('machine.act', { ...order, until: 'tomorrow' });
	assert.deepEqual([wrong.status, (wrong.body as unknown as { field: string }).field], [400, 'until']);
	assert.equal((await call('machine.act', order)).status, 200);
	const { body } = await call('machines.list', {});
	assert.deepEqual(
		body.map(({ hostname, statusName, owner, reservation }) => [hostname, statusName, owner, reservation]),
		[
			['node-1', 'Ready', null, null],
			['node-2', 'Allocated', 'ann', { note: 'kernel tests', until: '2999-12-31T23:59:59.999Z' }],
		],
	);
	assert.equal((await call('machine.act', { systemId: 'abc002', action: 'release' })).status, 200);
	assert.deepEqual(store.machines.bySystemId('abc002')?.reservation, { note: null, until: null });
});

test('of many who want the same machine at once, one gets it', async (t) => {
	const { call, store } = await rackOf(t, 8);
	const answers = await Promise.all(
		Array.from({ length: 12 }, (_, at) => call('machine.act', { systemId: 'abc001', action: 'allocate', note: `number ${at}` })),
	);
	const winner = answers.findIndex(({ status }) => status === 200);
	assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, ...Array.from({ length: 11 }, () => 409)]);
	assert.deepEqual(store.machines.bySystemId('abc001')?.reservation, { note: `number ${winner}`, until: null });
});
