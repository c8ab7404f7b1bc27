import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { dropPowerSettings, setPowerSettings } from '../../../controller/flows/powerSettings.ts';
import type { PowerDriver } from '../../../controller/power/driver.ts';
import type { BmcParameters } from '../../../controller/store/bmcs.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { addMachine } from '../../support/makeStore.ts';

test('settings are kept by field: what is not sent stays, a secret that is empty too, another driver begins anew', async (t) => {
	const { store, drivers } = await makeFlows(t);
	const { id } = addMachine(store, 1);
	const machine = () => store.machines.byId(id) as Machine;
	const set = (driver: string, parameters: BmcParameters) =>
		setPowerSettings(store, machine(), { driver: drivers.find(driver) as PowerDriver, parameters }, 'ann');
	const kept = () => {
		const { bmcId } = machine();
		return bmcId === null
			? null
			: [store.bmcs.byId(bmcId)?.driver, store.bmcs.byId(bmcId)?.address, store.bmcs.parameters(bmcId)];
	};
	set('ipmi', { power_address: '192.0.2.7', power_user: 'root', power_pass: 'secret', colour: 'red' });
	assert.deepEqual(kept(), ['ipmi', '192.0.2.7', { power_address: '192.0.2.7', power_user: 'root', power_pass: 'secret' }]);
	set('ipmi', { power_address: '192.0.2.8', power_pass: '' });
	assert.deepEqual(kept(), ['ipmi', '192.0.2.8', { power_address: '192.0.2.8', power_user: 'root', power_pass: 'secret' }]);
	set('manual', {});
	assert.deepEqual(kept(), ['manual', null, {}]);
	const [event] = store.events.ofMachine(id);
	assert.deepEqual([event?.text, event?.by], ['Power settings: Manual', 'ann']);
});

test('what is missing is refused and nothing changes, unless it shall be taken as it is', async (t) => {
	const { store, drivers } = await makeFlows(t);
	const machine = addMachine(store, 1);
	const driver = drivers.find('ipmi') as PowerDriver;
	assert.throws(
		() => setPowerSettings(store, machine, { driver, parameters: { power_user: 'root' } }, null),
		(error) => error instanceof Refusal && error.field === 'power_parameters' && /power_address/.test(error.message),
	);
	assert.equal(store.machines.byId(machine.id)?.bmcId, null);
	setPowerSettings(store, machine, { driver, parameters: { power_user: 'root' }, skipCheck: true }, null);
	assert.notEqual(store.machines.byId(machine.id)?.bmcId, null);
});

test('a BMC goes with the last machine behind it', async (t) => {
	const { store, drivers, actions, admin } = await makeFlows(t);
	const [one, two] = [addMachine(store, 1), addMachine(store, 2)];
	setPowerSettings(store, one, { driver: drivers.find('manual') as PowerDriver, parameters: {} }, null);
	const { bmcId } = store.machines.byId(one.id) as Machine;
	store.machines.update(two.id, { bmcId });
	dropPowerSettings(store, store.machines.byId(one.id) as Machine, 'ann');
	assert.deepEqual([store.machines.byId(one.id)?.bmcId, store.bmcs.all().size], [null, 1]);
	actions.delete(store.machines.byId(two.id) as Machine, await admin());
	assert.equal(store.bmcs.all().size, 0);
});
