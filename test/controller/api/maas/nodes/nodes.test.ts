import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine, mac } from '../../../../support/makeStore.ts';

interface Shown {
	readonly system_id: string;
	readonly hostname: string;
	readonly resource_uri: string;
	readonly zone: { readonly name: string };
}

test('nodes: all kinds in one list, each with its own address and its own keys', async (t) => {
	const { ann, bob, eve, store } = await startMaas(t);
	const machine = addMachine(store, 1);
	await bob.post('devices/', null, { hostname: 'phone', mac_addresses: mac(5) });
	const list = (await ann.get('nodes/')).json<Shown[]>();
	assert.deepEqual(
		list.map(({ hostname, resource_uri }) => [hostname, resource_uri.split('/')[4]]),
		[
			['rack', 'rackcontrollers'],
			['node-1', 'machines'],
			['phone', 'devices'],
		],
	);
	for (const each of list) assert.deepEqual((await ann.get(`nodes/${each.system_id}/`)).json(), each);
	for (const each of list) assert.deepEqual((await ann.get(each.resource_uri)).json(), each, 'the same as its own kind’s');
	const hostnames = async (client: typeof ann, query = {}) =>
		(await client.get('nodes/', query)).json<Shown[]>().map(({ hostname }) => hostname);
	assert.deepEqual(await hostnames(eve), ['rack', 'node-1'], 'without others’ devices');
	assert.deepEqual(await hostnames(ann, { id: machine.systemId }), ['node-1']);
	assert.deepEqual(await hostnames(ann, { mac_address: mac(5) }), ['phone']);
});

test('nodes: put into a zone, all or none', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const machine = addMachine(store, 1);
	const device = (await bob.post('devices/', null, { mac_addresses: mac(5) })).json<Shown>();
	await ann.post('zones/', null, { name: 'row-1' });
	const nodes = [machine.systemId, device.system_id];
	const refused = await ann.post('nodes/', 'set_zone', { zone: 'row-1', nodes: [...nodes, 'nobody'] });
	assert.deepEqual([refused.status, refused.json()], [400, { nodes: ['There is no node nobody.'] }]);
	const zones = async () => (await ann.get('nodes/', { id: nodes })).json<Shown[]>().map(({ zone }) => zone.name);
	assert.deepEqual(await zones(), ['default', 'default']);
	const moved = await ann.post('nodes/', 'set_zone', { zone: 'row-1', nodes });
	assert.deepEqual([moved.status, moved.text, await zones()], [200, 'null', ['row-1', 'row-1']]);
	assert.equal((await bob.post('nodes/', 'set_zone', { zone: 'row-1', nodes })).status, 403);
});

test('nodes: anybody may ask whether a MAC address is known', async (t) => {
	const { nobody, store } = await startMaas(t);
	addMachine(store, 1);
	const known = async (mac_address: string) => (await nobody.get('nodes/', { op: 'is_registered', mac_address })).text;
	assert.deepEqual(
		[await known(mac(1)), await known(mac(1).replaceAll(':', '-')), await known(mac(2)), await known('x')],
		['true', 'true', 'false', 'false'],
	);
	assert.equal((await nobody.get('nodes/', { op: 'is_registered' })).text, 'No provided mac_address!');
	assert.equal((await nobody.get('nodes/')).status, 401);
});

test('nodes: a machine is deleted by administrators, a device by its owner, the controller by nobody', async (t) => {
	const { ann, bob, eve, store } = await startMaas(t);
	const machine = addMachine(store, 1);
	const device = (await bob.post('devices/', null, { mac_addresses: mac(5) })).json<Shown>();
	const controller = store.nodes.all('controller')[0]?.systemId;
	for (const [client, id, status] of [
		[bob, machine.systemId, 403],
		[eve, device.system_id, 403],
		[ann, controller, 400],
		[ann, 'nobody', 404],
		[ann, machine.systemId, 204],
		[bob, device.system_id, 204],
	] as const)
		assert.equal((await client.delete(`nodes/${id}/`)).status, status, `${id}`);
	assert.deepEqual(
		store.nodes.all().map(({ kind }) => kind),
		['controller'],
	);
});
