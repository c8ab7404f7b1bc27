import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import { createDeviceActions, deleteDevicesOf } from '../../../controller/flows/deviceActions.ts';
import type { User } from '../../../controller/store/users.ts';
import { addMachine, mac, makeStore } from '../../support/makeStore.ts';

async function devices(t: TestContext) {
	const { store, clock } = makeStore(t);
	const user = (await store.users.create({ username: 'ann', password: 'x', isAdmin: true, at: '2026' })) as User;
	return { store, user, actions: createDeviceActions(store, clock.now), machine: addMachine(store, 1) };
}
const refused = (field: string, text: RegExp) => (error: unknown) =>
	error instanceof Refusal && error.code === 'bad-input' && error.field === field && text.test(error.message);

test('one interface a MAC, in their order, and a name of two words when none is given', async (t) => {
	const { store, user, actions } = await devices(t);
	const device = actions.create(user, { macs: [mac(7), mac(6)] });
	assert.match(device.hostname, /^[a-z]+-[a-z]+$/);
	assert.deepEqual([device.ownerId, device.kind, device.parentId, device.domainId], [user.id, 'device', null, 0]);
	assert.deepEqual(
		store.network.interfaces.ofNodes([device.id]).map(({ name, mac: own, type }) => [name, own, type]),
		[
			['eth0', mac(7), 'physical'],
			['eth1', mac(6), 'physical'],
		],
	);
});

test('a refused device leaves nothing behind', async (t) => {
	const { store, user, actions } = await devices(t);
	for (const [what, field, text] of [
		[{ macs: [mac(5), mac(1)] }, 'mac_addresses', /^MAC address .*01 already in use on node-1\.$/],
		[{ hostname: 'node-1', macs: [mac(5)] }, 'hostname', /already exists/],
		[{ hostname: '-x', macs: [mac(5)] }, 'hostname', /letters, digits/],
	] as const)
		assert.throws(() => actions.create(user, what), refused(field, text));
	assert.deepEqual([store.nodes.all('device'), store.network.interfaces.byMac(mac(5))], [[], undefined]);
});

test('a device hangs below others, but never below itself', async (t) => {
	const { user, actions, machine } = await devices(t);
	const above = actions.create(user, { macs: [mac(5)], parentId: machine.id });
	const below = actions.create(user, { macs: [mac(6)], parentId: above.id });
	for (const parentId of [above.id, below.id])
		assert.throws(() => actions.update(above, { parentId }), refused('parent', /itself/));
	assert.equal(actions.update(above, { parentId: null, hostname: above.hostname, description: 'x' }).description, 'x');
});

test('with the release of its machine a device goes, and what hangs below it', async (t) => {
	const { store, user, actions, machine } = await devices(t);
	const above = actions.create(user, { hostname: 'vm-1', macs: [mac(5)], parentId: machine.id });
	actions.create(user, { macs: [mac(6)], parentId: above.id });
	const alone = actions.create(user, { macs: [mac(7)] });
	deleteDevicesOf(store, machine.id);
	assert.deepEqual(store.nodes.all('device'), [alone]);
	assert.equal(store.events.ofMachine(machine.id)[0]?.text, 'Device vm-1 went with the release');
});

test('restored networking has the cards and nothing else', async (t) => {
	const { store, user, actions } = await devices(t);
	const device = actions.create(user, { macs: [mac(5)] });
	const { interfaces, addresses } = store.network;
	const [eth0] = interfaces.ofNodes([device.id]);
	const parent = eth0?.id ?? 0;
	addresses.insert({ ip: '192.168.77.9', allocType: 1, mode: 'static', interfaceId: parent });
	interfaces.insert({ nodeId: device.id, type: 'bridge', name: 'br0', mac: mac(5) }, [parent]);
	actions.restoreNetworking(device);
	assert.deepEqual([interfaces.ofNodes([device.id]), addresses.all()], [[eth0], []]);
});
