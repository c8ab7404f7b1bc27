import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controllerObjects } from '../../../../../controller/api/maas/nodes/controllerObject.ts';
import { startMaas } from '../../../../support/maasClient.ts';
import { testHost } from '../../../../support/startApi.ts';

test('controllers: the one there is, as rack and as region', async (t) => {
	const { ann, bob, store, controller } = await startMaas(t);
	const node = store.nodes.all('controller')[0];
	const id = node?.systemId ?? '';
	const rack = (await bob.get(`rackcontrollers/${id}/`)).json();
	const { service_set: services, domain, zone, ...rest } = rack;
	assert.deepEqual(rest, {
		...{ system_id: id, hostname: 'rack', fqdn: 'rack.maas', description: '', owner: null, owner_data: {} },
		...{ workload_annotations: {}, tag_names: [], address_ttl: null, ip_addresses: [], interface_set: [] },
		...{ node_type: 4, node_type_name: 'Region and rack controller' },
		...{ resource_uri: `/MAAS/api/2.0/rackcontrollers/${id}/`, architecture: 'amd64/generic', cpu_count: 8, cpu_speed: 2400 },
		...{ memory: 16384, swap_size: null, osystem: 'debian', distro_series: 'bookworm', hardware_uuid: null },
		...{ hardware_info: { cpu_model: 'Test CPU @ 2.40GHz' }, status: 6, status_name: 'Deployed', status_action: '' },
		...{ power_type: '', power_state: 'unknown', version: controller.parts.version },
		...Object.fromEntries(Object.entries(rest).filter(([key]) => /_test|^(commissioning|testing)_status|^current_/.test(key))),
	});
	assert.deepEqual([(domain as { name: string }).name, (zone as { name: string }).name], ['maas', 'default']);
	assert.deepEqual(
		(services as { name: string; status: string }[]).filter(({ status }) => status === 'running').map(({ name }) => name),
		['rackd', 'regiond'],
		'nothing is served before somebody says so',
	);
	const region = { ...rack, resource_uri: `/MAAS/api/2.0/regioncontrollers/${id}/` };
	assert.deepEqual((await bob.get('rackcontrollers/')).json(), [rack]);
	assert.deepEqual((await bob.get('regioncontrollers/')).json(), [region]);
	assert.deepEqual((await ann.get(`regioncontrollers/${id}/`)).json(), region);
	assert.deepEqual((await ann.get('rackcontrollers/', { hostname: 'other' })).json(), []);
});

test('controllers: described and placed, never powered or deleted', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const path = `rackcontrollers/${store.nodes.all('controller')[0]?.systemId}/`;
	await ann.post('zones/', null, { name: 'row-1' });
	const changed = (await ann.put(path, { description: 'beside the door', zone: 'row-1' })).json();
	assert.deepEqual([changed.description, (changed.zone as { name: string }).name], ['beside the door', 'row-1']);
	for (const [answer, status, text] of [
		[await ann.put(path, { power_type: 'ipmi' }), 400, /power_type.*no power settings/],
		[await ann.put(path, { power_parameters_power_address: '192.0.2.1' }), 400, /power_parameters_power_address/],
		[await bob.put(path, { description: 'x' }), 403, /not allowed/],
		[await ann.delete(path, { force: true }), 400, /can’t be deleted/],
		[await ann.post(path, 'power_on'), 501, /not switched, tested or aborted by itself/],
		[await ann.get('rackcontrollers/nobody/'), 404, /^No RackController matches the given query\.$/],
		[await ann.get('regioncontrollers/nobody/'), 404, /^No RegionController matches the given query\.$/],
		[await ann.post('rackcontrollers/', 'import_boot_images'), 202, /nothing has to be transferred/],
		[await ann.post(path, 'import_boot_images'), 202, /nothing has to be transferred/],
	] as const) {
		assert.equal(answer.status, status, answer.text);
		assert.match(answer.text, text);
	}
	assert.deepEqual((await bob.get(`${path}?op=query_power_state`)).json(), { state: 'on' });
	assert.deepEqual((await ann.get(`${path}?op=power_parameters`)).json(), {});
	assert.deepEqual(Object.values((await ann.get('rackcontrollers/?op=power_parameters')).json()), [{}]);
	assert.deepEqual((await bob.get(`${path}?op=list_boot_images`)).json(), { images: [], connected: true, status: 'synced' });
	const details = await bob.get(`${path}?op=details`);
	assert.deepEqual([details.type, details.text], ['application/bson', '\x11\0\0\0\x0alshw\0\x0alldp\0\0']);
});

test('controllers: they are reached at the addresses of their cards', async (t) => {
	const { controller, store } = await startMaas(t);
	const addresses = ['192.168.77.1/24', '2001:db8::1/64', 'fe80::1/64', '169.254.3.4/16'];
	const host = { ...testHost, cards: [{ name: 'eth0', mac: '52:54:00:4c:00:01', addresses }] };
	const [shown] = controllerObjects({ ...controller.parts, host }, store.nodes.all('controller'));
	assert.deepEqual(shown?.ip_addresses, ['192.168.77.1', '2001:db8::1']);
});

test('power types are described as MAAS does', async (t) => {
	const { bob, controller } = await startMaas(t);
	const types = (await bob.get('rackcontrollers/?op=describe_power_types')).json<
		{ name: string; fields: Record<string, unknown>[]; [key: string]: unknown }[]
	>();
	assert.deepEqual(
		types.map(({ name }) => name),
		controller.parts.powerDrivers.map(({ name }) => name),
	);
	const { fields = [], ...ipmi } = types.find(({ name }) => name === 'ipmi') ?? {};
	assert.deepEqual(ipmi, {
		...{ driver_type: 'power', name: 'ipmi', description: 'IPMI', chassis: false, can_probe: false, queryable: true },
		missing_packages: [],
	});
	assert.deepEqual(
		(fields as Record<string, unknown>[]).find(({ name }) => name === 'power_address'),
		{
			...{ name: 'power_address', label: 'IP address', field_type: 'string', required: true, default: '', choices: [] },
			...{ scope: 'bmc', secret: false },
		},
	);
});
