import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Mac } from '../../../controller/domain/address.ts';
import { Refusal } from '../../../controller/domain/errors.ts';
import { addMachine } from '../../../controller/flows/addMachine.ts';
import type { PowerDriver } from '../../../controller/power/driver.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { mac } from '../../support/makeStore.ts';

test('a machine that somebody describes: its cards, its BMC, its place, and a name that is free', async (t) => {
	const { store, drivers, clock } = await makeFlows(t);
	const domain = store.domains.create({ name: 'rack.example' });
	store.domains.setDefault(domain.id);
	const power = { driver: drivers.find('manual') as PowerDriver, parameters: {} };
	const machine = addMachine(
		store,
		{ hostname: 'web-1', macs: [mac(1), mac(2)], facts: { architecture: 'arm64', description: 'the first' }, power },
		'ann',
		clock.now(),
	);
	const { hostname, status, architecture, description, bootMac, domainId, ownerId } = machine;
	assert.deepEqual(
		{ hostname, status, architecture, description, bootMac, domainId, ownerId },
		{
			...{ hostname: 'web-1', status: 'new', architecture: 'arm64', description: 'the first', bootMac: mac(1) },
			...{ domainId: domain.id, ownerId: null },
		},
	);
	assert.deepEqual(
		store.inventory.interfaces(machine.id).map((card) => card.mac),
		[mac(1), mac(2)],
	);
	assert.equal(store.bmcs.byId(machine.bmcId ?? 0)?.driver, 'manual');
	assert.match(addMachine(store, { macs: [], facts: {} }, null, clock.now()).hostname, /^[a-z]+-[a-z]+/);
});

test('one that runs a system already is its user’s, and is not booted into anything', async (t) => {
	const flows = await makeFlows(t);
	const user = await flows.admin();
	const { status, ownerId, netboot } = addMachine(
		flows.store,
		{ macs: [mac(1)], facts: {}, deployedFor: user },
		user.username,
		flows.clock.now(),
	);
	assert.deepEqual({ status, ownerId, netboot }, { status: 'deployed', ownerId: user.id, netboot: false });
});

test('a card that another machine has is refused, and no half of a machine stays', async (t) => {
	const { store, clock, drivers } = await makeFlows(t);
	addMachine(store, { hostname: 'first', macs: [mac(1)], facts: {} }, null, clock.now());
	const refused = (macs: Mac[], power?: { driver: PowerDriver; parameters: object }) =>
		assert.throws(
			() => addMachine(store, { macs, facts: {}, power: power as never }, null, clock.now()),
			(error) => error instanceof Refusal && error.code === 'bad-input',
		);
	refused([mac(2), mac(1)]);
	refused([mac(3)], { driver: drivers.find('ipmi') as PowerDriver, parameters: {} });
	assert.deepEqual(
		store.machines.all().map(({ hostname }) => hostname),
		['first'],
	);
});
