import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Machine } from '../../../controller/domain/machine.ts';
import { createDemoRack, DEMO_IMAGE } from '../../../controller/flows/demoRack.ts';
import { silentLog } from '../../../controller/log.ts';
import { makeHardware as makeSimulatedHardware } from '../../../controller/simulation/hardware/hardware.ts';
import { bootNetwork } from '../../../controller/simulation/places.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { makeHardware } from '../../support/plainHardware.ts';

async function demo(t: TestContext, goal: 'new' | 'ready' | 'deployed') {
	const flows = await makeFlows(t);
	const { store, actions, clock } = flows;
	const rack = createDemoRack({
		...{ store, actions, goal, log: silentLog, now: clock.now, bootNetwork },
		placeOf: (mac) => ({ row: 1, rack: 2, unit: Number.parseInt(mac.slice(-2), 16), kind: 'storage' }),
	});
	await rack.fill();
	/** A machine that has introduced itself, with the fake BMC that it told of. */
	const newMachine = async (number: number): Promise<Machine> =>
		flows.givePower((await flows.runThrough(makeHardware(number))).machine);
	const status = (machine: Machine) => store.machines.byId(machine.id)?.status;
	return { ...flows, rack, newMachine, status };
}

test('it comes up with zones, pools, tags, networks and an image, once', async (t) => {
	const { store, rack } = await demo(t, 'new');
	const what = () => ({
		zones: store.zones.all().map(({ name }) => name),
		pools: store.pools.all().map(({ name }) => name),
		images: store.images.list().map(({ name, format, diskSize }) => [name, format, diskSize]),
		configureBmcs: store.settings.get().configureBmcs,
		tags: store.tags.all().map(({ name }) => name),
		subnets: store.network.subnets.all().map(({ name }) => name),
	});
	const first = what();
	assert.deepEqual(first, {
		zones: ['default', 'row-a', 'row-b', 'row-c'],
		pools: ['default', 'compute', 'storage'],
		images: [[DEMO_IMAGE, 'raw', 4 * 2 ** 20]],
		configureBmcs: true,
		tags: ['fast-network', 'nvme'],
		subnets: ['boot', 'storage', 'public'],
	});
	await rack.fill();
	assert.deepEqual(what(), first);
});

test('a new machine is put where it stands, and left New when that is the goal', async (t) => {
	const { store, rack, newMachine, status } = await demo(t, 'new');
	const machine = await newMachine(7);
	rack.look();
	const { zoneId, poolId, description } = store.machines.byId(machine.id) as Machine;
	assert.deepEqual(
		[store.zones.byId(zoneId)?.name, store.pools.byId(poolId)?.name, description, status(machine)],
		['row-b', 'storage', 'Rack 2, unit 7', 'new'],
	);
});

test('it gets the tags that say what it has', async (t) => {
	const { store, runThrough } = await demo(t, 'new');
	for (const number of [1, 2, 4, 6]) {
		const hardware = makeSimulatedHardware(number);
		const { machine } = await runThrough(hardware);
		const expected = [
			...(hardware.cards.some(({ speed }) => speed >= 25_000) ? ['fast-network'] : []),
			...(hardware.disks.some(({ type }) => type === 'nvme') ? ['nvme'] : []),
		];
		assert.deepEqual(store.tags.namesOf([machine.id]).get(machine.id) ?? [], expected);
	}
});

test('people may move a machine elsewhere: it is placed once', async (t) => {
	const { store, rack, newMachine } = await demo(t, 'new');
	const machine = await newMachine(7);
	rack.look();
	store.machines.update(machine.id, { description: 'the one by the door', zoneId: 1 });
	rack.look();
	const { zoneId, description } = store.machines.byId(machine.id) as Machine;
	assert.deepEqual([zoneId, description], [1, 'the one by the door']);
});

test('it is commissioned when its introduction is over, and only once', async (t) => {
	const { rack, newMachine, status, bootKernel, reportAs, givePower, machineOf, actions, admin } = await demo(t, 'ready');
	const boot = await bootKernel(makeHardware(1).macs[0] as never);
	reportAs(boot, makeHardware(1));
	const booting = givePower(machineOf(makeHardware(1)));
	const machine = await newMachine(2);
	rack.look();
	assert.deepEqual([status(booting), status(machine)], ['new', 'commissioning']);
	actions.abort(machine, await admin());
	rack.look();
	assert.equal(status(machine), 'new');
});

test('no more than twelve are under way at once', async (t) => {
	const { rack, newMachine, store } = await demo(t, 'ready');
	for (let number = 1; number <= 14; number++) await newMachine(number);
	rack.look();
	rack.look();
	assert.deepEqual([store.machines.inStatus(['commissioning']).length, store.machines.inStatus(['new']).length], [12, 2]);
});

test('a ready machine is deployed as soon as there is somebody to own it', async (t) => {
	const { rack, newMachine, status, runThrough, store, admin } = await demo(t, 'deployed');
	const machine = await newMachine(1);
	rack.look();
	await runThrough(makeHardware(1));
	assert.equal(status(machine), 'ready');
	rack.look();
	assert.equal(status(machine), 'ready');
	const owner = await admin();
	rack.look();
	const { imageId, ownerId } = store.machines.byId(machine.id) as Machine;
	assert.deepEqual([status(machine), ownerId, store.images.byId(imageId ?? 0)?.name], ['deploying', owner.id, DEMO_IMAGE]);
});
