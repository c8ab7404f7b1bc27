import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

const untagged = {
	id: 1,
	vid: 0,
	name: 'untagged',
	fabric: 'fabric-0',
	fabric_id: 0,
	mtu: 1500,
	dhcp_on: false,
	external_dhcp: null,
	primary_rack: null,
	secondary_rack: null,
	relay_vlan: null,
	space: 'undefined',
	resource_uri: '/MAAS/api/2.0/vlans/1/',
};
const subnetOf = (id: number, cidr: string, vlan: unknown = untagged) => ({
	id,
	name: cidr,
	description: '',
	vlan,
	space: 'undefined',
	cidr,
	gateway_ip: null as string | null,
	dns_servers: [] as string[],
	rdns_mode: 2,
	active_discovery: false,
	allow_dns: true,
	allow_proxy: true,
	managed: true,
	disabled_boot_architectures: [],
	resource_uri: `/MAAS/api/2.0/subnets/${id}/`,
});

test('fabrics: the default one is there; others are added with an untagged VLAN, renamed, deleted', async (t) => {
	const { ann, bob } = await startMaas(t);
	const first = {
		id: 0,
		name: 'fabric-0',
		description: '',
		class_type: null,
		vlans: [untagged],
		resource_uri: '/MAAS/api/2.0/fabrics/0/',
	};
	assert.deepEqual((await bob.get('fabrics/')).json(), [first]);
	const made = await ann.post('fabrics/', null, { class_type: '10g' });
	const second = {
		id: 1,
		name: 'fabric-1',
		description: '',
		class_type: '10g',
		vlans: [{ ...untagged, id: 2, fabric: 'fabric-1', fabric_id: 1, resource_uri: '/MAAS/api/2.0/vlans/2/' }],
		resource_uri: '/MAAS/api/2.0/fabrics/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, second]);
	const renamed = await ann.put('fabrics/fabric-1/', { name: 'row 2', class_type: '' });
	assert.deepEqual(renamed.json(), {
		...second,
		name: 'row 2',
		class_type: null,
		vlans: [{ ...second.vlans[0], fabric: 'row 2' }],
	});
	assert.equal((await ann.put('fabrics/1/', { name: 'fabric-1' })).status, 200);
	assert.deepEqual([(await ann.delete('fabrics/1/')).status, (await ann.get('fabrics/1/')).status], [204, 404]);
});

test('VLANs: by tag within a fabric and by id, one and the same object', async (t) => {
	const { ann, bob } = await startMaas(t);
	await ann.post('spaces/', null, { name: 'dmz' });
	const made = await ann.post('fabrics/0/vlans/', null, { vid: 10, name: 'storage', mtu: 9000, space: 'dmz' });
	const vlan = { ...untagged, id: 2, vid: 10, name: 'storage', mtu: 9000, space: 'dmz', resource_uri: '/MAAS/api/2.0/vlans/2/' };
	assert.deepEqual([made.status, made.json()], [200, vlan]);
	for (const path of ['fabrics/0/vlans/10/', 'fabrics/fabric-0/vlans/10/', 'vlans/2/', 'vlans/vid:10/'])
		assert.deepEqual((await bob.get(path)).json(), vlan, path);
	assert.deepEqual((await bob.get('fabrics/0/vlans/')).json(), [untagged, vlan]);
	const changed = await ann.put('vlans/2/', { space: '', vid: 11, relay_vlan: 1 });
	assert.deepEqual(changed.json(), { ...vlan, vid: 11, space: 'undefined', relay_vlan: untagged });
	assert.deepEqual((await ann.put('vlans/2/', { relay_vlan: '' })).json(), { ...vlan, vid: 11, space: 'undefined' });
	await ann.post('subnets/', null, { cidr: '192.0.2.0/24', vlan: 2 });
	assert.equal((await ann.delete('fabrics/0/vlans/11/')).status, 204);
	assert.deepEqual((await bob.get('subnets/')).json(), [subnetOf(1, '192.0.2.0/24')]);
});

test('spaces: VLANs and subnets that are in none are in “undefined”, which can’t be changed', async (t) => {
	const { ann, bob } = await startMaas(t);
	await ann.post('subnets/', null, { cidr: '192.0.2.0/24' });
	const subnet = subnetOf(1, '192.0.2.0/24');
	const none = {
		id: -1,
		name: 'undefined',
		description: '',
		vlans: [untagged],
		subnets: [subnet],
		resource_uri: '/MAAS/api/2.0/spaces/undefined/',
	};
	assert.deepEqual((await bob.get('spaces/')).json(), [none]);
	assert.deepEqual((await bob.get('spaces/undefined/')).json(), none);
	const made = await ann.post('spaces/', null, { name: 'dmz', description: 'outside' });
	const space = {
		id: 1,
		name: 'dmz',
		description: 'outside',
		vlans: [],
		subnets: [],
		resource_uri: '/MAAS/api/2.0/spaces/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, space]);
	await ann.put('vlans/1/', { space: 'dmz' });
	const vlan = { ...untagged, space: 'dmz' };
	assert.deepEqual((await bob.get('spaces/')).json(), [
		{ ...space, vlans: [vlan], subnets: [{ ...subnet, vlan, space: 'dmz' }] },
	]);
	assert.equal((await ann.delete('spaces/dmz/')).status, 204);
	assert.deepEqual((await bob.get('spaces/')).json(), [none]);
	for (const answer of [await ann.put('spaces/undefined/', { name: 'x' }), await ann.delete('spaces/-1/')])
		assert.deepEqual([answer.status, answer.text], [400, 'Space cannot be modified.']);
});

test('subnets: every field kept, found by every specifier, both families', async (t) => {
	const { ann, bob } = await startMaas(t);
	await ann.post('fabrics/0/vlans/', null, { vid: 10 });
	const made = await ann.post('subnets/', null, {
		cidr: '192.0.2.77/24',
		name: 'rack one',
		description: 'first',
		fabric: 'fabric-0',
		vid: 10,
		gateway_ip: '192.0.2.1',
		rdns_mode: 1,
		allow_dns: 'False',
		allow_proxy: 0,
		dns_servers: '192.0.2.2, 2001:DB8::0:1',
		active_discovery: 'true',
		managed: false,
		disabled_boot_architectures: 'uefi_amd64_tftp',
	});
	const vlan = { ...untagged, id: 2, vid: 10, name: null, resource_uri: '/MAAS/api/2.0/vlans/2/' };
	const subnet = {
		...subnetOf(1, '192.0.2.0/24', vlan),
		name: 'rack one',
		description: 'first',
		gateway_ip: '192.0.2.1',
		dns_servers: ['192.0.2.2', '2001:db8::1'],
		rdns_mode: 1,
		allow_dns: false,
		allow_proxy: false,
		active_discovery: true,
		managed: false,
		disabled_boot_architectures: ['uefi_amd64_tftp'],
	};
	assert.deepEqual([made.status, made.json()], [200, subnet]);
	for (const name of ['1', 'id:1', '192.0.2.0%2F24', 'cidr:192.0.2.0%2F24', 'rack%20one', 'ip:192.0.2.9', 'vid:10', 'vlan:2'])
		assert.deepEqual((await bob.get(`subnets/${name}/`)).json(), subnet, name);

	const six = await ann.post('subnets/', null, { cidr: '2001:DB8:0::/64', gateway_ip: 'fe80::1' });
	assert.deepEqual(six.json(), { ...subnetOf(2, '2001:db8::/64'), gateway_ip: 'fe80::1' });
	assert.deepEqual(
		(await ann.put('subnets/2/', { gateway_ip: '', cidr: '2001:db8:1::/64' })).json(),
		subnetOf(2, '2001:db8:1::/64'),
	);
	assert.deepEqual([(await ann.delete('subnets/2/')).status, (await bob.get('subnets/2/')).status], [204, 404]);
	assert.deepEqual((await bob.get('networks/')).json(), [subnet]);
});

test('a subnet’s contents: taken, free, counted, suggested', async (t) => {
	const { ann, bob } = await startMaas(t);
	await ann.post('subnets/', null, { cidr: '192.0.2.0/28', gateway_ip: '192.0.2.1', dns_servers: '192.0.2.2' });
	await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.10', end_ip: '192.0.2.14' });
	await bob.post('ipranges/', null, { type: 'reserved', start_ip: '192.0.2.2', end_ip: '192.0.2.3' });
	const taken = [
		{ start: '192.0.2.1', end: '192.0.2.1', num_addresses: 1, purpose: ['gateway-ip'] },
		{ start: '192.0.2.2', end: '192.0.2.2', num_addresses: 1, purpose: ['dns-server', 'reserved'] },
		{ start: '192.0.2.3', end: '192.0.2.3', num_addresses: 1, purpose: ['reserved'] },
		{ start: '192.0.2.10', end: '192.0.2.14', num_addresses: 5, purpose: ['dynamic'] },
	];
	const free = [{ start: '192.0.2.4', end: '192.0.2.9', num_addresses: 6 }];
	assert.deepEqual((await bob.get('subnets/1/', { op: 'reserved_ip_ranges' })).json(), taken);
	assert.deepEqual((await bob.get('subnets/1/', { op: 'unreserved_ip_ranges' })).json(), free);
	const counted = {
		num_available: 6,
		largest_available: 6,
		num_unavailable: 8,
		total_addresses: 14,
		usage: 0.571428,
		usage_string: '57%',
		available_string: '43%',
		first_address: '192.0.2.1',
		last_address: '192.0.2.14',
		ip_version: 4,
	};
	assert.deepEqual((await bob.get('subnets/1/', { op: 'statistics' })).json(), counted);
	assert.deepEqual((await bob.get('subnets/1/', { op: 'statistics', include_ranges: 1, include_suggestions: 1 })).json(), {
		...counted,
		ranges: [...taken.slice(0, 3), { ...free[0], purpose: ['unused'] }, taken[3]],
		suggested_gateway: null,
		suggested_dynamic_range: { start: '192.0.2.7', end: '192.0.2.9', num_addresses: 3 },
	});
});

test('what is refused, and in which words', async (t) => {
	// without netport nothing can be served, wherever this test runs
	const { ann, bob, nobody } = await startMaas(t, { netport: ['/nowhere/netport'] });
	await ann.post('subnets/', null, { cidr: '192.0.2.0/24', gateway_ip: '192.0.2.1' });
	await ann.post('subnets/', null, { cidr: '198.51.100.0/24', name: 'far' });
	await ann.post('fabrics/', null, { name: 'other' });
	await ann.post('fabrics/0/vlans/', null, { vid: 10 });
	await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.100', end_ip: '192.0.2.199' });
	const before = (await ann.get('subnets/')).text + (await ann.get('ipranges/')).text + (await ann.get('fabrics/')).text;
	const invalid = 'Select a valid choice. That choice is not one of the available choices.';
	for (const [what, answer, status, body] of [
		[
			'a taken name',
			await ann.post('fabrics/', null, { name: 'other' }),
			400,
			{ name: ['Fabric with this Name already exists.'] },
		],
		['a name of ours', await ann.post('fabrics/', null, { name: 'fabric-7' }), 400, { name: ['Reserved fabric name.'] }],
		['the default fabric’s end', await ann.delete('fabrics/0/'), 400, /^This is the default Fabric, it cannot be deleted\.$/],
		['an unknown fabric', await ann.get('fabrics/77/'), 404, /^No Fabric matches the given query\.$/],
		['a huge id', await ann.get('fabrics/999999999999999999999/'), 404, /Fabric/],
		['no tag', await ann.post('fabrics/0/vlans/', null, {}), 400, { vid: ['This field is required.'] }],
		[
			'a tag twice',
			await ann.post('fabrics/0/vlans/', null, { vid: 10 }),
			400,
			{ vid: ['A VLAN with the specified VID already exists in the destination fabric.'] },
		],
		['the default VLAN’s end', await ann.delete('vlans/1/'), 400, /default VLAN in the fabric, it cannot be deleted/],
		['an unknown space', await ann.put('vlans/1/', { space: 'nowhere' }), 400, { space: [invalid] }],
		['an unknown rack', await ann.put('vlans/1/', { primary_rack: 'abc' }), 400, { primary_rack: [invalid] }],
		['its own relay', await ann.put('vlans/1/', { relay_vlan: 1 }), 400, { relay_vlan: ['A VLAN can’t be its own relay.'] }],
		[
			'DHCP without a range',
			await ann.put('vlans/3/', { dhcp_on: true, mtu: 9000 }),
			400,
			{ dhcp_on: ['dhcp can only be turned on when a dynamic IP range is defined.'] },
		],
		[
			'DHCP without a way to a port',
			await ann.put('vlans/1/', { dhcp_on: true, mtu: 9000 }),
			503,
			/^The interfaces of this computer can’t be read: /,
		],
		['no CIDR', await ann.post('subnets/', null, {}), 400, { cidr: ['This field is required.'] }],
		['no network', await ann.post('subnets/', null, { cidr: '192.0.2.0/33' }), 400, /is not a network/],
		[
			'everything',
			await ann.post('subnets/', null, { cidr: '0.0.0.0/0' }),
			400,
			{ cidr: ['Prefix length must be greater than 0.'] },
		],
		[
			'the same again',
			await ann.post('subnets/', null, { cidr: '192.0.2.0/24' }),
			400,
			{ cidr: ['Subnet with this Cidr already exists.'] },
		],
		[
			'a part of one',
			await ann.post('subnets/', null, { cidr: '198.51.100.128/25' }),
			400,
			{ cidr: ['198.51.100.128/25 overlaps 198.51.100.0/24 (far).'] },
		],
		[
			'a gateway outside',
			await ann.put('subnets/1/', { gateway_ip: '192.0.3.1' }),
			400,
			{ gateway_ip: ['Gateway IP must be within CIDR range.'] },
		],
		[
			'a gateway in the dynamic range',
			await ann.put('subnets/1/', { gateway_ip: '192.0.2.150' }),
			400,
			{
				gateway_ip: ['Requested dynamic range conflicts with an existing IP address or range: 192.0.2.150 is the gateway.'],
			},
		],
		[
			'a CIDR that loses a range',
			await ann.put('subnets/1/', { cidr: '192.0.2.0/25' }),
			400,
			{ cidr: ['IP addresses must be within subnet: 192.0.2.0/25.'] },
		],
		['an unknown VLAN', await ann.put('subnets/1/', { vlan: 99 }), 400, { vlan: [invalid] }],
		['two at once', await ann.get('subnets/fabric:0/'), 400, /^“fabric:0” means 2 Subnets: 1, 2\.$/],
		[
			'ranges that overlap',
			await bob.post('ipranges/', null, { type: 'reserved', start_ip: '192.0.2.190', end_ip: '192.0.2.210' }),
			400,
			{
				__all__: [
					'Requested dynamic range conflicts with an existing IP address or range: 192.0.2.100 to 192.0.2.199 and 192.0.2.190 to 192.0.2.210 overlap.',
				],
			},
		],
		[
			'a range backwards',
			await bob.post('ipranges/', null, { type: 'reserved', start_ip: '192.0.2.9', end_ip: '192.0.2.8' }),
			400,
			{ end_ip: ['End IP address must not be less than Start IP address.'] },
		],
		[
			'a range of nowhere',
			await bob.post('ipranges/', null, { type: 'reserved', start_ip: '203.0.113.9', end_ip: '203.0.113.9' }),
			400,
			{ subnet: ['No subnet holds 203.0.113.9: make one first, or name it.'] },
		],
		[
			'a user’s dynamic range',
			await bob.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.9', end_ip: '192.0.2.9' }),
			403,
			/^Unable to create dynamic IP range\. You don't have sufficient privileges\.$/,
		],
		['another’s range', await bob.put('ipranges/1/', { comment: 'mine' }), 403, /You don't own the IP range/],
		['another’s range’s end', await bob.delete('ipranges/1/'), 403, /You don't own the IP range/],
		['a user’s subnet', await bob.post('subnets/', null, { cidr: '203.0.113.0/24' }), 403, /./],
		['nobody', await nobody.get('subnets/'), 401, /./],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (body instanceof RegExp) assert.match(answer.text, body, what);
		else assert.deepEqual(answer.json(), body, what);
	}
	const after = (await ann.get('subnets/')).text + (await ann.get('ipranges/')).text + (await ann.get('fabrics/')).text;
	assert.equal(after, before, 'a refused change leaves everything as it was');
});
