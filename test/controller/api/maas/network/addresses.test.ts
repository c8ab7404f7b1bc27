import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine, mac } from '../../../../support/makeStore.ts';

test('ranges: their owner and administrators change them, everybody sees them', async (t) => {
	const { ann, bob } = await startMaas(t);
	await ann.post('subnets/', null, { cidr: '192.0.2.0/24' });
	const subnet = (await bob.get('subnets/1/')).json();
	const made = await bob.post('ipranges/', null, {
		...{ type: 'reserved', start_ip: '192.0.2.10', end_ip: '192.0.2.19', subnet: 'cidr:192.0.2.0/24', comment: 'printers' },
	});
	const user = (await bob.get('users/', { op: 'whoami' })).json();
	const range = {
		id: 1,
		type: 'reserved',
		start_ip: '192.0.2.10',
		end_ip: '192.0.2.19',
		comment: 'printers',
		user,
		subnet,
		resource_uri: '/MAAS/api/2.0/ipranges/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, range]);
	assert.deepEqual((await ann.get('ipranges/')).json(), [range]);
	assert.deepEqual((await bob.put('ipranges/1/', { end_ip: '192.0.2.29', comment: '' })).json(), {
		...range,
		end_ip: '192.0.2.29',
		comment: '',
	});
	assert.deepEqual((await ann.put('ipranges/1/', { comment: 'ours' })).json(), {
		...range,
		end_ip: '192.0.2.29',
		comment: 'ours',
	});
	assert.deepEqual([(await bob.delete('ipranges/1/')).status, (await bob.get('ipranges/1/')).status], [204, 404]);
});

test('addresses of users: the lowest free, a given one, their list, given back', async (t) => {
	const { ann, bob, eve, store } = await startMaas(t);
	await ann.post('subnets/', null, { cidr: '192.0.2.0/29', gateway_ip: '192.0.2.1' });
	await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.4', end_ip: '192.0.2.5' });
	const subnet = (await bob.get('subnets/1/')).json();
	const owner = (await bob.get('users/', { op: 'whoami' })).json();
	const first = await bob.post('ipaddresses/', 'reserve', { subnet: '192.0.2.0/29', hostname: 'printer' });
	const { created, ...rest } = first.json<{ created: string }>();
	const address = {
		alloc_type: 4,
		alloc_type_name: 'User reserved',
		ip: '192.0.2.2',
		owner,
		interface_set: [],
		subnet,
		resource_uri: '/MAAS/api/2.0/ipaddresses/',
	};
	assert.deepEqual([first.status, rest], [200, address]);
	assert.match(created, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
	assert.equal((await bob.post('ipaddresses/', 'reserve', { ip: '192.0.2.6' })).json<{ ip: string }>().ip, '192.0.2.6');
	assert.deepEqual(
		(await bob.get('subnets/1/', { op: 'ip_addresses' })).json<object[]>().map((each) => ({ ...each, created: '', updated: '' })),
		['192.0.2.2', '192.0.2.6'].map((ip) => ({ ip, alloc_type: 4, created: '', updated: '', user: 'bob' })),
	);
	const machine = addMachine(store, 1);
	const [card] = store.network.interfaces.ofNodes([machine.id]);
	await ann.put(`nodes/abc001/interfaces/${card?.id}/`, { vlan: 1 });
	await ann.post(`nodes/abc001/interfaces/${card?.id}/`, 'link_subnet', { mode: 'STATIC', subnet: 1 });

	const ips = async (client: typeof ann, query = {}) =>
		(await client.get('ipaddresses/', query)).json<{ ip: string; interface_set: { name: string }[] }[]>().map(({ ip }) => ip);
	assert.deepEqual(await ips(bob), ['192.0.2.2', '192.0.2.6']);
	assert.deepEqual(await ips(eve), []);
	assert.deepEqual(await ips(ann, { owner: 'bob' }), ['192.0.2.2', '192.0.2.6']);
	assert.deepEqual(await ips(ann, { all: true }), ['192.0.2.2', '192.0.2.6', '192.0.2.3']);
	assert.deepEqual(await ips(bob, { ip: '192.0.2.6' }), ['192.0.2.6']);
	const all = (await ann.get('ipaddresses/', { all: true })).json<{ interface_set: { name: string }[] }[]>();
	assert.deepEqual(
		all.at(-1)?.interface_set.map(({ name }) => name),
		['eth0'],
	);

	for (const [what, answer, status, text] of [
		['all by a user', await bob.get('ipaddresses/', { all: 1 }), 403, /requires admin privileges/],
		['another user’s', await eve.get('ipaddresses/', { owner: 'bob' }), 403, /requires admin privileges/],
		['no subnet', await bob.post('ipaddresses/', 'reserve', {}), 404, /No subnet was named/],
		[
			'an unknown subnet',
			await bob.post('ipaddresses/', 'reserve', { subnet: '10.0.0.0/8' }),
			404,
			/^No Subnet matches the given query\.$/,
		],
		[
			'an address of nowhere',
			await bob.post('ipaddresses/', 'reserve', { ip: '10.0.0.1' }),
			404,
			/No known subnet matching 10\.0\.0\.1/,
		],
		[
			'a taken address',
			await eve.post('ipaddresses/', 'reserve', { ip: '192.0.2.2' }),
			409,
			/^The IP address 192\.0\.2\.2 is already in use\.$/,
		],
		['the gateway', await eve.post('ipaddresses/', 'reserve', { ip: '192.0.2.1' }), 409, /already in use/],
		['a dynamic address', await eve.post('ipaddresses/', 'reserve', { ip: '192.0.2.4' }), 409, /dynamic range/],
		[
			'nothing left',
			await eve.post('ipaddresses/', 'reserve', { subnet: 1 }),
			503,
			/^No more IPs available in subnet: 192\.0\.2\.0\/29\.$/,
		],
		['no address', await eve.post('ipaddresses/', 'reserve', { ip: 'x' }), 400, /“x” is not an IP address/],
		[
			'another’s address',
			await eve.post('ipaddresses/', 'release', { ip: '192.0.2.2' }),
			400,
			/^IP address 192\.0\.2\.2 does not exist, or is not one that you have reserved\.$/,
		],
		['by force', await eve.post('ipaddresses/', 'release', { ip: '192.0.2.2', force: true }), 403, /requires admin privileges/],
		['no address to release', await eve.post('ipaddresses/', 'release'), 400, /^No provided ip!$/],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		assert.match(answer.text, text, what);
		assert.equal(answer.headers.get('retry-after'), null, what);
	}
	assert.equal((await bob.post('ipaddresses/', 'release', { ip: '192.0.2.2' })).status, 204);
	assert.equal((await ann.post('ipaddresses/', 'release', { ip: '192.0.2.6', force: true })).status, 204);
	assert.deepEqual(await ips(bob), []);
});

test('reserved addresses: for one card, outside of dynamic ranges', async (t) => {
	const { ann, bob } = await startMaas(t);
	await ann.post('subnets/', null, { cidr: '192.0.2.0/24', gateway_ip: '192.0.2.1' });
	await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.100', end_ip: '192.0.2.199' });
	const subnet = (await bob.get('subnets/1/')).json();
	const made = await ann.post('reservedips/', null, { ip: '192.0.2.7', mac_address: '52-54-00-4C-00-01', comment: 'switch' });
	const reserved = {
		id: 1,
		ip: '192.0.2.7',
		mac_address: mac(1),
		comment: 'switch',
		subnet,
		resource_uri: '/MAAS/api/2.0/reservedips/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, reserved]);
	assert.deepEqual((await bob.get('reservedips/')).json(), [reserved]);
	assert.deepEqual((await ann.put('reservedips/1/', { ip: '192.0.2.8', comment: '' })).json(), {
		...reserved,
		ip: '192.0.2.8',
		comment: '',
	});
	const add = (ip: string, card: string) => ann.post('reservedips/', null, { ip, mac_address: card });
	for (const [what, answer, status, text] of [
		['the same address', await add('192.0.2.8', mac(2)), 400, /Reserved IP with this IP address already exists/],
		['the same card', await add('192.0.2.9', mac(1)), 400, /Reserved IP with this MAC address already exists/],
		['the gateway', await add('192.0.2.1', mac(2)), 400, /cannot be the default gateway IP address/],
		['a dynamic address', await add('192.0.2.150', mac(2)), 400, /dynamic range conflicts/],
		['an address of nowhere', await add('10.0.0.1', mac(2)), 400, /no suitable subnet/],
		['no MAC', await add('192.0.2.9', 'x'), 400, /“x” is not a MAC address/],
		[
			'a range over it',
			await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.5', end_ip: '192.0.2.9' }),
			400,
			/192\.0\.2\.8 is held by a reservation/,
		],
		['a user', await bob.post('reservedips/', null, { ip: '192.0.2.9', mac_address: mac(2) }), 403, /./],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		assert.match(answer.text, text, what);
	}
	assert.deepEqual([(await ann.delete('reservedips/1/')).status, (await ann.get('reservedips/1/')).status], [204, 404]);
});

test('static routes: from one subnet to another through a router of the first', async (t) => {
	const { ann, bob } = await startMaas(t);
	for (const cidr of ['192.0.2.0/24', '198.51.100.0/24', '2001:db8::/64']) await ann.post('subnets/', null, { cidr });
	const [source, destination] = (await bob.get('subnets/')).json<object[]>();
	const add = (form: Record<string, string | number>) =>
		ann.post('static-routes/', null, { source: 1, destination: 2, gateway_ip: '192.0.2.254', ...form });
	const made = await add({ metric: 7 });
	const route = {
		id: 1,
		source,
		destination,
		gateway_ip: '192.0.2.254',
		metric: 7,
		resource_uri: '/MAAS/api/2.0/static-routes/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, route]);
	assert.deepEqual((await bob.get('static-routes/')).json(), [route]);
	assert.deepEqual((await ann.put('static-routes/1/', { metric: 0 })).json(), { ...route, metric: 0 });
	for (const [what, answer, status, text] of [
		['the same again', await add({}), 400, /already exists/],
		['to itself', await add({ destination: 1 }), 400, /cannot be the same subnet/],
		['to the other family', await add({ destination: 3 }), 400, /must be the same IP version/],
		['a router elsewhere', await add({ gateway_ip: '198.51.100.1' }), 400, /must be with in the source subnet/],
		[
			'no router',
			await ann.post('static-routes/', null, { source: 1, destination: 2 }),
			400,
			/"gateway_ip":\["This field is required\."\]/,
		],
		['an unknown subnet', await add({ source: 'nowhere' }), 400, /"source":\["Select a valid choice/],
		['a source that loses the router', await ann.put('subnets/1/', { cidr: '192.0.2.0/25' }), 400, /gateway of a static route/],
		['a user', await bob.delete('static-routes/1/'), 403, /./],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		assert.match(answer.text, text, what);
	}
	assert.deepEqual([(await ann.delete('static-routes/1/')).status, (await ann.get('static-routes/1/')).status], [204, 404]);
});
