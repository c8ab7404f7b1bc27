import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeFlows } from '../../support/makeFlows.ts';
import { addMachine } from '../../support/makeStore.ts';

test('each reading is recorded with its time, each change is one event', async (t) => {
	const { store, clock, power, givePower } = await makeFlows(t);
	const { id } = givePower(addMachine(store, 1));
	const seen = async () => {
		const { state, provenAt } = store.machines.byId(id)?.power ?? {};
		return `${state} at ${provenAt?.slice(11, 19)}`;
	};
	await power.check(id);
	assert.equal(await seen(), 'off at 03:04:05');
	clock.pass(60_000);
	await power.check(id);
	assert.equal(await seen(), 'off at 03:05:05');
	await power.on(id);
	await power.on(id);
	assert.equal(await seen(), 'on at 03:05:05');
	await power.off(id);
	assert.deepEqual(
		store.events
			.ofMachine(id)
			.filter(({ kind }) => kind === 'power')
			.map(({ text }) => text),
		['Power is off', 'Power is on', 'Power is off'],
	);
});

test('turning on begins a boot, once: a machine that is on already has not begun another', async (t) => {
	const { store, power, givePower } = await makeFlows(t);
	const { id } = givePower(addMachine(store, 1));
	await power.on(id);
	await power.on(id);
	assert.deepEqual(
		store.boots.latest(id, 9).map(({ stage, purpose }) => [stage, purpose]),
		[['power', 'enlist']],
	);
});

test('booting from the network switches off first, sets the boot device for the machine’s firmware, and proves that it is on', async (t) => {
	const { store, power, givePower, drivers } = await makeFlows(t);
	const { id, systemId } = givePower(addMachine(store, 1));
	store.machines.update(id, { firmware: 'uefi' });
	await power.on(id);
	assert.deepEqual(await power.bootFromNetwork(id), { ok: true, value: 'on' });
	assert.equal(store.boots.latest(id, 9).length, 2);
	assert.ok(drivers.find('fake'), systemId);
});

test('a failure is one event, also when it is met each minute, and ends with the next good reading', async (t) => {
	const { store, power, givePower } = await makeFlows(t);
	const machine = givePower(addMachine(store, 1), 'unreachable');
	for (let minute = 0; minute < 3; minute++) {
		const result = await power.check(machine.id);
		assert.deepEqual([result.ok, result.ok || result.code], [false, 'unreachable']);
	}
	assert.equal(store.machines.byId(machine.id)?.power.state, 'error');
	const failures = () => store.events.ofMachine(machine.id).filter(({ level }) => level === 'error');
	assert.equal(failures().length, 1);
	assert.match(failures()[0]?.nextStep ?? '', /^Clear Failure/);

	store.bmcs.update(machine.bmcId ?? 0, 'fake', null, { power_id: 'abc001', delay: '0', failure: '' });
	await power.check(machine.id);
	assert.deepEqual(store.machines.byId(machine.id)?.power.problem, null);
});

test('an order that a BMC accepts and doesn’t carry out is a failure with its own words', async (t) => {
	const { store, power, givePower } = await makeFlows(t, { powerTimeLimit: 50 });
	const { id } = givePower(addMachine(store, 1), 'did-not-act');
	const result = await power.on(id);
	assert.deepEqual(
		[result.ok || result.code, result.ok || result.text],
		['did-not-act', 'The simulated BMC abc001 accepted power on once but still reports off.'],
	);
	assert.deepEqual(store.boots.latest(id, 9), []);
});

test('no BMC, an unknown driver, a machine that is gone: sentences, not exceptions', async (t) => {
	const { store, power } = await makeFlows(t);
	const machine = addMachine(store, 1);
	const text = async () => {
		const result = await power.check(machine.id);
		return result.ok ? 'ok' : result.text;
	};
	assert.equal(await text(), 'node-1 has no BMC.');
	store.machines.update(machine.id, { bmcId: store.bmcs.insert('redfish', null, {}) });
	assert.equal(await text(), 'There is no power driver “redfish”.');
	store.machines.delete(machine.id);
	assert.equal(await text(), 'The machine has been deleted.');
});

test('a machine that is to switch itself off is watched until it has, or until the time is over', async (t) => {
	const { store, power, givePower } = await makeFlows(t);
	const { id } = givePower(addMachine(store, 1));
	await power.on(id);
	assert.deepEqual(await power.expectOff(id, 10), { ok: true, value: 'on' });
	const waiting = power.expectOff(id, 10_000);
	await power.off(id);
	assert.deepEqual(await waiting, { ok: true, value: 'off' });
});

test('by hand: orders are accepted, and the state is unknown', async (t) => {
	const { store, power } = await makeFlows(t);
	const { id } = addMachine(store, 1);
	store.machines.update(id, { bmcId: store.bmcs.insert('manual', null, {}) });
	assert.deepEqual(await power.bootFromNetwork(id), { ok: true, value: 'unknown' });
	assert.deepEqual(await power.expectOff(id, 10_000), { ok: true, value: 'unknown' });
	const [boot] = store.boots.latest(id, 1);
	assert.equal(store.events.ofBoots([boot?.id ?? 0])[0]?.text, 'Waits to be powered on by hand');
});
