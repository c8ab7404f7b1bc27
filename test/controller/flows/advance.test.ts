import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { createAdvance, pushDeadline } from '../../../controller/flows/advance.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

test('writes status, deadline and event together', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const machine = addMachine(store);
	const now = advance(machine.id, 'commission', { by: 'ann' });
	assert.equal(now.status, 'commissioning');
	assert.equal(now.deadlineAt, '2026-01-02T03:34:05.000Z');
	const [event] = store.events.ofMachine(machine.id);
	assert.deepEqual([event?.text, event?.by, event?.level], ['New → Commissioning', 'ann', 'info']);
});

test('refuses what the table does not have, and changes nothing', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const machine = addMachine(store);
	assert.throws(
		() => advance(machine.id, 'deployed'),
		(error) =>
			error instanceof Refusal &&
			error.code === 'invalid-transition' &&
			error.message === 'node-1 is New: it is not being deployed.',
	);
	assert.deepEqual(store.machines.byId(machine.id), machine);
	assert.deepEqual(store.events.ofMachine(machine.id), []);
});

test('a rolled-back transaction tells nobody', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const machine = addMachine(store);
	const heard: string[] = [];
	store.events.subscribe((event) => heard.push(event.text));
	assert.throws(() =>
		store.transaction(() => {
			advance(machine.id, 'commission');
			throw new Error('the disk is full');
		}),
	);
	assert.equal(store.machines.byId(machine.id)?.status, 'new');
	assert.deepEqual(heard, []);
	advance(machine.id, 'commission');
	assert.deepEqual(heard, ['New → Commissioning']);
});

test('remembers where a test came from, and goes back there', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const { id } = addMachine(store);
	for (const event of ['commission', 'commissioned', 'allocate', 'test'] as const) advance(id, event);
	assert.equal(store.machines.byId(id)?.previousStatus, 'allocated');
	assert.equal(advance(id, 'tests_passed').status, 'allocated');
	assert.equal(store.machines.byId(id)?.previousStatus, null);
});

test('work that the status ended is closed: its results are aborted', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const { id } = addMachine(store);
	advance(id, 'commission');
	const job = store.results.createJob({
		nodeId: id,
		kind: 'commission',
		at: clock.now().toISOString(),
		scripts: [{ name: 'maas-lshw', kind: 'commissioning' }],
	});
	store.results.setJobState(job.id, 'running');
	advance(id, 'abort');
	assert.equal(store.results.job(job.id)?.state, 'aborted');
	assert.deepEqual(
		store.results.ofJob(job.id).map((result) => result.status),
		['aborted'],
	);
	assert.equal(store.results.openJob(id), undefined);
});

test('tests that follow the inventory in one boot keep their job', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const { id } = addMachine(store);
	advance(id, 'commission');
	const job = store.results.createJob({
		nodeId: id,
		kind: 'commission',
		at: clock.now().toISOString(),
		scripts: [{ name: '11-link', kind: 'testing' }],
	});
	advance(id, 'tests_started');
	assert.equal(store.results.openJob(id)?.id, job.id);
	assert.equal(advance(id, 'tests_passed').status, 'ready');
});

test('rescue mode gives a machine back what it was, through all its stations', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const { id } = addMachine(store);
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy', 'deployed'] as const) advance(id, event);
	for (const event of ['enter_rescue', 'fail', 'enter_rescue', 'rescue_ready', 'exit_rescue', 'fail', 'exit_rescue'] as const)
		advance(id, event);
	assert.equal(advance(id, 'rescue_left').status, 'deployed');
});

test('how long a working machine may be silent is for the operator to say; a release keeps its own time', (t) => {
	const { store, clock } = makeStore(t);
	const advance = createAdvance(store, clock.now);
	const { id } = addMachine(store);
	assert.equal(advance(id, 'commission').deadlineAt, '2026-01-02T03:34:05.000Z');
	store.config.set('node_timeout', 90);
	pushDeadline(store, store.machines.byId(id) as Machine, clock.now());
	assert.equal(store.machines.byId(id)?.deadlineAt, '2026-01-02T04:34:05.000Z');
	advance(id, 'commissioned');
	advance(id, 'allocate');
	assert.equal(advance(id, 'release').deadlineAt, '2026-01-02T03:09:05.000Z');
});
