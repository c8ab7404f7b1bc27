import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine, mac } from '../../../../support/makeStore.ts';

interface Device {
	readonly system_id: string;
	readonly hostname: string;
	readonly interface_set: readonly { readonly id: number; readonly name: string; readonly mac_address: string }[];
	readonly [key: string]: unknown;
}

test('devices: added with one MAC they come back whole, with exactly one interface', async (t) => {
	const { bob, store } = await startMaas(t);
	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { ownerId: bob.user.id });
	const made = await bob.post('devices/', null, {
		hostname: 'juju-1.maas',
		mac_addresses: mac(9).toUpperCase(),
		parent: machine.systemId,
		description: 'a container',
	});
	assert.equal(made.status, 200, made.text);
	const device = made.json<Device>();
	const id = device.system_id;
	const uri = `/MAAS/api/2.0/devices/${id}/`;
	assert.deepEqual(device, {
		system_id: id,
		hostname: 'juju-1',
		fqdn: 'juju-1.maas',
		description: 'a container',
		domain: {
			...{ id: 0, name: 'maas', ttl: null, authoritative: true, is_default: true, resource_record_count: 0 },
			resource_uri: '/MAAS/api/2.0/domains/0/',
		},
		zone: { id: 1, name: 'default', description: '', resource_uri: '/MAAS/api/2.0/zones/default/' },
		owner: 'bob',
		owner_data: {},
		workload_annotations: {},
		parent: machine.systemId,
		tag_names: [],
		address_ttl: null,
		ip_addresses: [],
		interface_set: device.interface_set,
		node_type: 1,
		node_type_name: 'Device',
		resource_uri: uri,
	});
	assert.deepEqual(
		device.interface_set.map(({ name, mac_address, resource_uri }: Record<string, unknown>) => [name, mac_address, resource_uri]),
		[['eth0', mac(9), `/MAAS/api/2.0/nodes/${id}/interfaces/${device.interface_set[0]?.id}/`]],
	);
	assert.deepEqual((await bob.get(uri)).json(), device);
	assert.deepEqual((await bob.get('devices/')).json(), [device]);
});

test('devices: the list has one’s own, all for administrators, and narrows', async (t) => {
	const { ann, bob, eve } = await startMaas(t);
	const add = async (client: typeof bob, hostname: string, ...macs: string[]) =>
		(await client.post('devices/', null, { hostname, mac_addresses: macs.join(',') })).json<Device>();
	const one = await add(bob, 'one', mac(1));
	await add(bob, 'two', mac(2), mac(3));
	await add(eve, 'three', mac(4));
	const names = async (client: typeof bob, query: Record<string, string | string[]> = {}) =>
		(await client.get('devices/', query)).json<Device[]>().map(({ hostname }) => hostname);
	assert.deepEqual(
		[await names(ann), await names(bob)],
		[
			['one', 'two', 'three'],
			['one', 'two'],
		],
	);
	for (const [query, expected] of [
		[{ hostname: ['one', 'three'] }, ['one', 'three']],
		[{ id: one.system_id }, ['one']],
		[{ mac_address: mac(3) }, ['two']],
		[{ domain: 'maas', zone: 'default' }, ['one', 'two', 'three']],
		[{ agent_name: 'juju' }, []],
	] as const)
		assert.deepEqual(await names(ann, query as Record<string, string | string[]>), expected, JSON.stringify(query));
	const unknown = await ann.get('devices/', { colour: 'red' });
	assert.deepEqual([unknown.status, unknown.json()], [400, { colour: ['No such constraint.'] }]);
});

test('devices: changed, annotated, restored and deleted by their owner', async (t) => {
	const { bob, ann, store } = await startMaas(t);
	const machine = addMachine(store, 1);
	await ann.post('zones/', null, { name: 'row-1' });
	const { system_id: id } = (await bob.post('devices/', null, { mac_addresses: mac(5) })).json<Device>();
	const path = `devices/${id}/`;
	const changed = await bob.put(path, { hostname: 'two', zone: 'row-1', description: 'x', parent: machine.systemId });
	const { hostname, zone, description, parent, resource_uri } = changed.json<Device & { zone: { name: string } }>();
	assert.deepEqual(
		[hostname, zone.name, description, parent, resource_uri],
		['two', 'row-1', 'x', machine.systemId, `/MAAS/api/2.0/devices/${id}/`],
	);
	assert.equal((await bob.put(path, { parent: '' })).json<Device>().parent, null);
	await bob.post(path, 'set_owner_data', { role: 'db', 'juju-model': 'm' });
	const noted = await bob.post(path, 'set_workload_annotations', { role: '' });
	assert.deepEqual(noted.json<Device>().owner_data, { 'juju-model': 'm' });
	assert.deepEqual(noted.json<Device>().workload_annotations, { 'juju-model': 'm' });
	for (const op of ['restore_networking_configuration', 'restore_default_configuration'])
		assert.equal((await bob.post(path, op)).json<Device>().interface_set.length, 1);
	assert.deepEqual([(await bob.delete(path)).status, (await bob.get(path)).status], [204, 404]);
	assert.equal(store.network.interfaces.byMac(mac(5)), undefined);
});

test('devices: what is refused, and to whom', async (t) => {
	const { ann, bob, eve, nobody, store } = await startMaas(t);
	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { ownerId: bob.user.id });
	const { system_id: id } = (await bob.post('devices/', null, { hostname: 'one', mac_addresses: mac(5) })).json<Device>();
	for (const [what, answer, status, body] of [
		['no MAC', await bob.post('devices/'), 400, { mac_addresses: ['This field is required.'] }],
		[
			'no MAC but commas',
			await bob.post('devices/', null, { mac_addresses: ' , ' }),
			400,
			{ mac_addresses: ['This field is required.'] },
		],
		[
			'a bad MAC',
			await bob.post('devices/', null, { mac_addresses: 'x' }),
			400,
			{ mac_addresses: ["'x' is not a valid MAC address."] },
		],
		[
			'a taken MAC',
			await bob.post('devices/', null, { mac_addresses: mac(5) }),
			400,
			{ mac_addresses: [`MAC address ${mac(5)} already in use on one.`] },
		],
		[
			'a taken name',
			await bob.post('devices/', null, { mac_addresses: mac(6), hostname: 'node-1' }),
			400,
			{ hostname: ['Node with this Hostname already exists.'] },
		],
		[
			'somebody else’s parent',
			await eve.post('devices/', null, { mac_addresses: mac(6), parent: machine.systemId }),
			400,
			{ parent: [`Select a valid choice. ${machine.systemId} is not one of the available choices.`] },
		],
		[
			'a zone that isn’t there',
			await bob.put(`devices/${id}/`, { zone: 'x' }),
			400,
			{ zone: ['Select a valid choice. x is not one of the available choices.'] },
		],
		['another’s device', await eve.get(`devices/${id}/`), 403, ''],
		['another’s device, to delete', await eve.delete(`devices/${id}/`), 403, ''],
		['a machine', await ann.get(`devices/${machine.systemId}/`), 404, 'No Device matches the given query.'],
		['nobody', await nobody.get('devices/'), 401, 'Authorization Required'],
	] as const) {
		assert.equal(answer.status, status, what);
		assert.deepEqual(typeof body === 'string' ? answer.text : answer.json(), body, what);
	}
	assert.equal((await ann.delete(`devices/${id}/`)).status, 204);
});
