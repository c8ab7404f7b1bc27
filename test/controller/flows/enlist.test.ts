import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lifecycle } from '../../../controller/domain/lifecycle.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { mac } from '../../support/makeStore.ts';
import { makeHardware } from '../../support/plainHardware.ts';

const texts = (events: readonly { text: string }[]) => events.map(({ text }) => text);

test('a stranger becomes a machine in status New, with what it said about itself', async (t) => {
	const { bootKernel, reportAs, machineOf, store } = await makeFlows(t);
	const hardware = makeHardware(7);
	const boot = await bootKernel(hardware.macs[0] as never);
	reportAs(boot, hardware);
	const machine = machineOf(hardware);
	const { architecture, firmware, secureBoot, bootMac, uuid, serial, vendor, product, memory, status } = machine;
	assert.deepEqual(
		{ architecture, firmware, secureBoot, bootMac, uuid, serial, vendor, product, memory, status: lifecycle[status].name },
		{
			...{ architecture: 'amd64', firmware: 'bios', secureBoot: false, bootMac: hardware.macs[0], uuid: hardware.uuid },
			...{ serial: 'SIM00007', vendor: 'Example Systems', product: 'Pizza 1U', memory: 2 ** 35, status: 'New' },
		},
	);
	assert.deepEqual(
		store.inventory.interfaces(machine.id).map((card) => card.mac),
		hardware.macs,
	);
	assert.ok(texts(store.events.ofMachine(machine.id)).includes('New machine: Example Systems Pizza 1U, 2 network cards'));
	assert.equal(store.boots.byId(boot.id)?.nodeId, machine.id);
});

test('the same machine through another of its cards is the same machine', async (t) => {
	const { bootKernel, reportAs, store } = await makeFlows(t);
	const hardware = makeHardware(1);
	for (const card of hardware.macs) reportAs(await bootKernel(card), hardware);
	assert.equal(store.machines.all().length, 1);
	assert.equal(store.machines.all()[0]?.bootMac, hardware.macs[1]);
});

test('a card that was never seen is the same machine when UUID and serial agree, and that is told', async (t) => {
	const { bootKernel, reportAs, store } = await makeFlows(t);
	reportAs(await bootKernel(mac(1)), makeHardware(1, { macs: [mac(1)] }));
	reportAs(await bootKernel(mac(2)), makeHardware(1, { macs: [mac(2)] }));
	const [machine, ...others] = store.machines.all();
	assert.ok(machine && others.length === 0);
	assert.deepEqual(
		store.inventory.interfaces(machine.id).map((card) => card.mac),
		[mac(1), mac(2)],
	);
	assert.ok(texts(store.events.ofMachine(machine.id)).includes(`Booted through another card, ${mac(2)}`));
});

test('boards of one series that share a UUID are told apart by their serials', async (t) => {
	const { bootKernel, reportAs, store } = await makeFlows(t);
	const uuid = makeHardware(1).uuid;
	reportAs(await bootKernel(mac(1)), makeHardware(1, { macs: [mac(1)], uuid }));
	reportAs(await bootKernel(mac(2)), makeHardware(2, { macs: [mac(2)], uuid }));
	reportAs(await bootKernel(mac(3)), makeHardware(3, { macs: [mac(3)], uuid, serial: 'To be filled by O.E.M.' }));
	assert.equal(store.machines.all().length, 3);
});

test('a report again changes nothing but its time', async (t) => {
	const { bootKernel, reportAs, store } = await makeFlows(t);
	const hardware = makeHardware(1);
	const boot = await bootKernel(hardware.macs[0] as never);
	reportAs(boot, hardware);
	const before = store.machines.all();
	reportAs(boot, hardware);
	assert.deepEqual(store.machines.all(), before);
});

test('the inventory’s memory is not overwritten by what the kernel of a later boot can use', async (t) => {
	const { bootKernel, reportAs, store } = await makeFlows(t);
	const hardware = makeHardware(1);
	reportAs(await bootKernel(hardware.macs[0] as never), hardware);
	reportAs(await bootKernel(hardware.macs[0] as never), hardware, { memory: 1024 ** 3 });
	assert.equal(store.machines.all()[0]?.memory, 2 ** 35);
});
