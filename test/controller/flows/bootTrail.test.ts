import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createBootTrail } from '../../../controller/flows/bootTrail.ts';
import type { Store } from '../../../controller/store/store.ts';
import { addMachine, mac, makeStore } from '../../support/makeStore.ts';

const told = (store: Store, bootId: number) =>
	store.events.ofBoots([bootId]).map(({ kind, stage, text, ms }) => `${kind} ${stage}: ${text} (${ms} ms)`);

test('every stage is one event with its duration, in the boot that it belongs to', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const { id } = addMachine(store, 1);
	const boot = trail.reached(mac(1), 'dhcp', {});
	for (const [ms, stage] of [
		[1500, 'loader'],
		[400, 'script'],
		[9000, 'kernel'],
	] as const) {
		clock.pass(ms);
		assert.equal(trail.reached(mac(1), stage, { ipxe: true }).id, boot.id);
	}
	assert.deepEqual(told(store, boot.id), [
		'stage dhcp: Got an address (0 ms)',
		'stage loader: Took the boot loader (1500 ms)',
		'stage script: Read its boot script (400 ms)',
		'stage kernel: Loaded the kernel (9000 ms)',
	]);
	assert.deepEqual([store.boots.byId(boot.id)?.nodeId, store.boots.byId(boot.id)?.deadlineAt], [id, '2026-01-02T03:08:15.900Z']);
});

test('a stage that the firmware repeats is told once, and is given its time again', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const boot = trail.reached(mac(1), 'dhcp', {});
	clock.pass(30_000);
	trail.reached(mac(1), 'dhcp', {});
	assert.deepEqual(told(store, boot.id), ['stage dhcp: Got an address (0 ms)']);
	assert.equal(store.boots.byId(boot.id)?.deadlineAt, '2026-01-02T03:05:35.000Z');
});

test('a machine that starts over begins another boot, and the one before has ended', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const first = trail.reached(mac(1), 'agent', {});
	const second = trail.reached(mac(1), 'dhcp', {});
	assert.notEqual(second.id, first.id);
	assert.deepEqual([store.boots.byId(first.id)?.state, store.boots.byId(second.id)?.state], ['done', 'running']);
});

test('a boot begins with the power, and goes on through whichever card answers', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const machine = addMachine(store, 1);
	store.inventory.addMacs(machine.id, [mac(2)]);
	trail.poweredOn(machine, 'commission', 'Powered on, proven');
	clock.pass(8000);
	const boot = trail.reached(mac(2), 'dhcp', {});
	assert.deepEqual(told(store, boot.id), ['stage power: Powered on, proven (null ms)', 'stage dhcp: Got an address (8000 ms)']);
	assert.deepEqual([boot.nodeId, boot.purpose], [machine.id, 'commission']);
});

test('powering on ends what was running, and a machine without a known card has no boot to begin', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const machine = addMachine(store, 1);
	const first = trail.reached(mac(1), 'kernel', {});
	trail.poweredOn(machine, 'deploy', 'Powered on');
	assert.equal(store.boots.byId(first.id)?.state, 'done');
	assert.equal(store.boots.runningOf(machine.id).length, 1);
	trail.poweredOn({ id: machine.id, bootMac: null }, 'deploy', 'Powered on');
	assert.equal(store.boots.runningOf(machine.id).length, 1);
});

test('the events of a stranger become the machine’s once it has said who it is', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const boot = trail.reached(mac(9), 'dhcp', {});
	assert.equal(boot.nodeId, null);
	const { id } = addMachine(store, 1);
	trail.belongsTo(boot, id);
	assert.deepEqual(
		store.events.ofMachine(id).map(({ text }) => text),
		['Got an address'],
	);
});

test('a machine that was switched on and boots through an unknown card has one boot, not one more that nothing comes of', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const machine = addMachine(store, 1);
	trail.poweredOn(machine, 'commission', 'Powered on, proven');
	const boot = trail.reached(mac(9), 'dhcp', {});
	trail.belongsTo(boot, machine.id);
	assert.deepEqual(
		store.boots.runningOf(machine.id).map(({ id }) => id),
		[boot.id],
	);
});

test('a token is good for its boot: the next one replaces it, a failure ends it, five minutes after a good end it is over', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const find = (token: string) => store.boots.byToken(token, new Date(clock.now().getTime() - 300_000).toISOString())?.id;
	const boot = trail.reached(mac(1), 'script', {});
	const old = trail.giveToken(boot);
	const token = trail.giveToken(boot);
	assert.deepEqual([find(old), find(token)], [undefined, boot.id]);
	trail.done(boot, 'Commissioned and tested');
	clock.pass(299_000);
	assert.equal(find(token), boot.id);
	clock.pass(2000);
	assert.equal(find(token), undefined);

	const other = trail.reached(mac(2), 'script', {});
	const failing = trail.giveToken(other);
	trail.failed(other, { text: 'It went silent.', nextStep: 'Look at it.' });
	assert.equal(find(failing), undefined);
});

test('what ended stays ended: a verdict after the end changes nothing', (t) => {
	const { store, clock } = makeStore(t);
	const trail = createBootTrail(store, clock.now);
	const boot = trail.reached(mac(1), 'agent', {});
	trail.done(boot, 'Commissioned and tested');
	trail.failed(boot, { text: 'It went silent.', nextStep: 'Look at it.' });
	assert.deepEqual([store.boots.byId(boot.id)?.state, store.boots.byId(boot.id)?.verdict], ['done', null]);
});
