import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addMachine, mac, makeStore } from '../../support/makeStore.ts';

test('an event is kept whole, told after its commit, and read newest first', (t) => {
	const { store, clock } = makeStore(t);
	const { id } = addMachine(store, 1);
	const heard: unknown[] = [];
	store.events.subscribe((event) => heard.push(event));
	store.events.append({
		kind: 'stage',
		nodeId: id,
		text: 'Got an address',
		stage: 'dhcp',
		ms: 12.6,
		data: { address: '192.0.2.7' },
	});
	clock.pass(1000);
	store.events.append({ kind: 'user', nodeId: id, text: 'Locked', by: 'ann', level: 'warning', cause: 'why', nextStep: 'what' });
	const rest = { nodeId: id, bootId: null };
	const events = [
		{
			id: 2,
			at: '2026-01-02T03:04:06.000Z',
			kind: 'user',
			stage: null,
			level: 'warning',
			text: 'Locked',
			ms: null,
			...rest,
			cause: 'why',
			nextStep: 'what',
			by: 'ann',
			data: null,
		},
		{
			id: 1,
			at: '2026-01-02T03:04:05.000Z',
			kind: 'stage',
			stage: 'dhcp',
			level: 'info',
			text: 'Got an address',
			ms: 13,
			...rest,
			cause: null,
			nextStep: null,
			by: null,
			data: { address: '192.0.2.7' },
		},
	];
	assert.deepEqual(store.events.ofMachine(id), events);
	assert.deepEqual(heard, [{ ...events[1], ms: 12.6 }, events[0]]);
});

test('pages go back in time', (t) => {
	const { store } = makeStore(t);
	const { id } = addMachine(store, 1);
	for (let line = 1; line <= 5; line++) store.events.append({ kind: 'user', nodeId: id, text: String(line) });
	const page = (options: { before?: number; limit?: number }) => store.events.ofMachine(id, options).map(({ text }) => text);
	assert.deepEqual([page({ limit: 2 }), page({ before: 4, limit: 2 }), page({ before: 1 })], [['5', '4'], ['3', '2'], []]);
});

test('the last step of each machine that boots is found in one go', (t) => {
	const { store, clock } = makeStore(t);
	for (const number of [1, 2, 3]) {
		const { id } = addMachine(store, number);
		const at = clock.now().toISOString();
		const boot = store.boots.start({ mac: mac(number), nodeId: id, purpose: 'enlist', stage: 'dhcp', at, deadlineAt: null });
		for (const stage of ['dhcp', 'loader'])
			store.events.append({ kind: 'stage', nodeId: id, bootId: boot.id, stage, text: stage });
		if (number === 3) store.boots.end(boot.id, 'done', at, null);
	}
	assert.deepEqual(
		[...store.events.latestOfRunningBoots()].map(([node, { text }]) => [node, text]),
		[
			[1, 'loader'],
			[2, 'loader'],
		],
	);
	assert.deepEqual(store.events.ofBoots([]), []);
});

test('who has unsubscribed hears nothing more', (t) => {
	const { store } = makeStore(t);
	let heard = 0;
	const end = store.events.subscribe(() => heard++);
	store.events.append({ kind: 'user', text: 'one' });
	end();
	store.events.append({ kind: 'user', text: 'two' });
	assert.equal(heard, 1);
});
