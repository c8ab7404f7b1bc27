import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Flows, makeFlows } from '../../support/makeFlows.ts';
import { makeHardware, type PlainDisk } from '../../support/plainHardware.ts';

const hardware = makeHardware(1);
const bmc = (parameters: Record<string, unknown>, driver = 'ipmi') => ({
	'30-maas-01-bmc-config': { result: JSON.stringify({ power_type: driver, power_parameters: parameters }) },
});
const warnings = ({ store, machineOf }: Flows) =>
	store.events
		.ofMachine(machineOf(hardware).id)
		.filter(({ level }) => level === 'warning')
		.map(({ text }) => text);

test('the inventory becomes rows', async (t) => {
	const flows = await makeFlows(t);
	const { machine } = await flows.runThrough(hardware);
	const { cpuCount, cpuModel, memory, vendor, product, serial, uuid, architecture } = machine;
	assert.deepEqual(
		{ cpuCount, cpuModel, memory, vendor, product, serial, uuid, architecture },
		{
			...{ cpuCount: 8, cpuModel: 'Example CPU E-2288 @ 3.70GHz', memory: 2 ** 35, vendor: 'Example Systems' },
			...{ product: 'Pizza 1U', serial: 'SIM00001', uuid: hardware.uuid, architecture: 'amd64' },
		},
	);
	assert.ok(machine.inventoryAt);
	assert.deepEqual(
		flows.store.inventory.interfaces(machine.id).map(({ name, mac, linkSpeed, driver }) => [name, mac, linkSpeed, driver]),
		[
			['eno1', hardware.macs[0], 1000, 'igb'],
			['eno2', hardware.macs[1], flows.store.inventory.interfaces(machine.id)[1]?.linkSpeed, 'igb'],
		],
	);
	assert.deepEqual(
		flows.store.inventory.blockDevices(machine.id).map(({ name, serial: number, size }) => [name, number, size]),
		hardware.disks.map((disk) => [disk.name, disk.serial, disk.size]),
	);
	assert.deepEqual(warnings(flows), []);
});

test('a machine of 500 disks with control characters in every name is read, and nothing of them reaches a row', async (t) => {
	const flows = await makeFlows(t);
	const nasty = '\u0000\u001b[2J\r\n\u202e"><script>';
	const disks: PlainDisk[] = Array.from({ length: 500 }, (_, at) => ({
		name: `sd${at}${nasty}`,
		model: `Model${nasty}${at}`,
		serial: `S${at}${nasty}`,
		size: 2 ** 40,
		rotational: false,
	}));
	const hostile = makeHardware(1, { vendor: `Evil${nasty}`, product: nasty, serial: `S${nasty}`, cpuModel: nasty, disks });
	const { machine } = await flows.runThrough(hostile, { 'maas-lshw': { stdout: `<list><node id="disk${nasty}"/></list>` } });
	const rows = JSON.stringify([
		machine,
		flows.store.inventory.blockDevices(machine.id),
		flows.store.inventory.components(machine.id),
		flows.store.events.ofMachine(machine.id),
	]);
	assert.doesNotMatch(rows, /\\u00[01]|\\r|\\n|\u202e/);
	assert.equal(machine.cpuCount, 8);
	const kept = flows.store.inventory.blockDevices(machine.id).length;
	assert.ok(kept === 500 || warnings(flows).length > 0, `${kept} disks without a word about the rest`);
});

test('the account that the agent has made on the BMC is kept sealed, and nowhere else', async (t) => {
	const flows = await makeFlows(t);
	const parameters = { power_address: '192.168.77.20', power_user: 'maas', power_pass: 'tops3cret', unheard_of: 'x' };
	const { machine } = await flows.runThrough(hardware, bmc(parameters));
	assert.deepEqual(flows.store.bmcs.byId(machine.bmcId ?? 0), { id: machine.bmcId, driver: 'ipmi', address: '192.168.77.20' });
	const { unheard_of: _, ...known } = parameters;
	assert.deepEqual(flows.store.bmcs.parameters(machine.bmcId ?? 0), known);
	const result = flows.store.results.latest(machine.id).find(({ name }) => name === '30-maas-01-bmc-config');
	assert.equal(flows.store.results.files(result?.id ?? 0).result?.length, 0);
	assert.ok(!JSON.stringify(flows.store.events.ofMachine(machine.id)).includes('tops3cret'));
});

test('settings that a person made are not overwritten', async (t) => {
	const flows = await makeFlows(t);
	await flows.runThrough(hardware);
	const { bmcId } = flows.givePower(flows.machineOf(hardware));
	await flows.runThrough(hardware, bmc({ power_address: '192.168.77.20' }));
	assert.equal(flows.machineOf(hardware).bmcId, bmcId);
	await flows.perMachine.idle();
});

test('power settings that can’t be used are said and left', async (t) => {
	for (const result of [
		'not json',
		'[]',
		'{}',
		'{"power_type":"ipmi"}',
		'{"power_type":7,"power_parameters":{}}',
		'{"power_type":"unheard of","power_parameters":{}}',
		JSON.stringify({ power_type: 'ipmi', power_parameters: { power_address: 'x'.repeat(70_000) } }),
	]) {
		const flows = await makeFlows(t);
		const { machine } = await flows.runThrough(hardware, { '30-maas-01-bmc-config': { result } });
		assert.equal(machine.bmcId, null, result.slice(0, 60));
		assert.deepEqual(warnings(flows), ['30-maas-01-bmc-config did not report usable power settings.'], result.slice(0, 60));
	}
});

test('a later inventory replaces the earlier one, and a card that was moved moves', async (t) => {
	const flows = await makeFlows(t);
	const [one, other] = [makeHardware(1), makeHardware(2)];
	await flows.runThrough(one);
	await flows.runThrough(other);
	const moved = makeHardware(1, { macs: [one.macs[0] as never, other.macs[1] as never], disks: one.disks.slice(0, 1) });
	await flows.runThrough(moved);
	const cards = (machineId: number) => flows.store.inventory.interfaces(machineId).map((card) => card.mac);
	assert.deepEqual(cards(flows.machineOf(one).id), moved.macs);
	assert.deepEqual(cards(flows.machineOf(other).id), [other.macs[0]]);
	assert.equal(flows.store.inventory.blockDevices(flows.machineOf(one).id).length, 1);
});
