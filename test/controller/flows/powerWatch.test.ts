import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPowerWatch } from '../../../controller/flows/powerWatch.ts';
import { silentLog } from '../../../controller/log.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { addMachine } from '../../support/makeStore.ts';

test('asks the machines whose state is oldest, ten at a time, until all are fresh', async (t) => {
	const { store, clock, power, drivers, perMachine, givePower } = await makeFlows(t);
	const watch = createPowerWatch({ store, power, drivers, perMachine, log: silentLog, now: clock.now });
	for (let number = 1; number <= 12; number++) givePower(addMachine(store, number));
	const proven = () => store.machines.all().filter((machine) => machine.power.provenAt !== null).length;
	await watch.look();
	assert.equal(proven(), 10);
	await watch.look();
	assert.equal(proven(), 12);
	const before = store.machines.all().map((machine) => machine.power.provenAt);
	await watch.look();
	assert.deepEqual(
		store.machines.all().map((machine) => machine.power.provenAt),
		before,
	);
	clock.pass(60_000);
	await watch.look();
	assert.equal(store.machines.all().filter((machine) => machine.power.provenAt === clock.now().toISOString()).length, 10);
});

test('a dead BMC does not take the turn of the others', async (t) => {
	const { store, clock, power, drivers, perMachine, givePower } = await makeFlows(t);
	const watch = createPowerWatch({ store, power, drivers, perMachine, log: silentLog, now: clock.now });
	for (let number = 1; number <= 10; number++) givePower(addMachine(store, number), 'unreachable');
	const alive = givePower(addMachine(store, 11));
	await watch.look();
	await watch.look();
	assert.equal(store.machines.byId(alive.id)?.power.state, 'off');
	assert.equal(store.machines.byId(1)?.power.state, 'error');
});

test('a machine without a BMC, or whose power nobody can read, is left alone', async (t) => {
	const { store, clock, power, drivers, perMachine } = await makeFlows(t);
	const watch = createPowerWatch({ store, power, drivers, perMachine, log: silentLog, now: clock.now });
	const byHand = addMachine(store, 2);
	addMachine(store, 1);
	store.machines.update(byHand.id, { bmcId: store.bmcs.insert('manual', null, {}) });
	await watch.look();
	assert.deepEqual(
		store.machines.all().map((machine) => machine.power.provenAt),
		[null, null],
	);
});
