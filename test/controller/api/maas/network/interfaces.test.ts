import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MaasAnswer, type MaasClient, startMaas } from '../../../../support/maasClient.ts';
import { addMachine, mac } from '../../../../support/makeStore.ts';

interface Link {
	id: number;
	mode: string;
	ip_address?: string;
	subnet?: { id: number };
}
interface Shown {
	id: number;
	name: string;
	vlan: { id: number } | null;
	links: Link[];
	parents: string[];
	children: string[];
	params: Record<string, unknown>;
	effective_mtu: number;
	mac_address: string;
	tags: string[];
}
const at = 'nodes/abc001/interfaces/';
const brief = ({ links }: Shown) =>
	links.map(({ mode, ip_address, subnet }) => [mode, ip_address ?? '', subnet?.id ?? ''].join(' ').trim());

/** Two cards on the default VLAN, whose subnet has a gateway; a second VLAN (2, tag 10) with its own subnet. */
async function makeNetwork(t: Parameters<typeof startMaas>[0]) {
	const maas = await startMaas(t);
	const { store } = maas;
	const machine = addMachine(store, 1);
	store.inventory.addMacs(machine.id, [mac(1), mac(2)]);
	await maas.ann.post('fabrics/0/vlans/', null, { vid: 10 });
	await maas.ann.post('subnets/', null, { cidr: '192.0.2.0/24', vlan: 1, gateway_ip: '192.0.2.1' });
	await maas.ann.post('subnets/', null, { cidr: '198.51.100.0/24', vlan: 2 });
	return { ...maas, machine };
}
const op = async (client: MaasClient, path: string, name: string | null, form = {}) =>
	(await client.post(path, name, form)).json() as unknown as Shown;

test('one interface: every field, links without keys that have no value', async (t) => {
	const { ann, bob, store, machine } = await makeNetwork(t);
	const [first] = (await bob.get(at)).json<Shown[]>();
	const plain = {
		system_id: 'abc001',
		id: 1,
		name: 'eth0',
		type: 'physical',
		vlan: null,
		mac_address: mac(1),
		parents: [],
		children: [],
		tags: [],
		enabled: true,
		links: [] as unknown[],
		params: {},
		discovered: null as unknown,
		effective_mtu: 1500,
		vendor: null,
		product: null,
		firmware_version: null,
		link_connected: true,
		interface_speed: 0,
		link_speed: 0,
		numa_node: 0,
		sriov_max_vf: 0,
		resource_uri: '/MAAS/api/2.0/nodes/abc001/interfaces/1/',
	};
	assert.deepEqual(first, plain);
	const vlan = (await bob.get('vlans/1/')).json();
	const subnet = (await bob.get('subnets/1/')).json();
	const moved = await ann.put(`${at}eth0/`, {
		vlan: 1,
		tags: 'uplink,sriov',
		mtu: 1400,
		link_speed: 1000,
		interface_speed: 10000,
	});
	const now = {
		...plain,
		vlan,
		tags: ['uplink', 'sriov'],
		links: [{ id: 1, mode: 'link_up' }],
		params: { mtu: 1400 },
		effective_mtu: 1400,
		interface_speed: 10000,
		link_speed: 1000,
	};
	assert.deepEqual([moved.status, moved.json()], [200, now]);
	const linked = await ann.post(`${at}1/`, 'link_subnet', { mode: 'static', subnet: 1, ip_address: '192.0.2.9' });
	assert.deepEqual(linked.json(), { ...now, links: [{ id: 2, mode: 'static', ip_address: '192.0.2.9', subnet }] });

	await store.leases.save({
		...{ address: '192.0.2.77' as never, mac: mac(2), hostname: null, interface: 'br0', state: 'bound' },
		expiresAt: '2999-01-01T00:00:00.000Z',
	});
	const second = (await bob.get(`${at}2/`)).json<{ discovered: unknown }>();
	assert.deepEqual(second.discovered, [{ ip_address: '192.0.2.77', subnet }]);
	assert.deepEqual(
		(await bob.get('subnets/1/', { op: 'ip_addresses' }))
			.json<{ ip: string; alloc_type: number; node_summary: object }[]>()
			.map(({ ip, alloc_type, node_summary }) => [ip, alloc_type, node_summary]),
		[9, 77].map((last) => [
			`192.0.2.${last}`,
			last === 9 ? 1 : 5,
			{
				...{ system_id: 'abc001', node_type: 0, fqdn: 'node-1.maas', hostname: 'node-1', is_container: false },
				via: last === 9 ? 'eth0' : 'eth1',
			},
		]),
	);
	assert.equal(store.machines.byId(machine.id)?.status, 'new');
});

test('links: automatic, DHCP, fixed, up; taken away again; the gateway of one is chosen', async (t) => {
	const { ann } = await makeNetwork(t);
	const one = `${at}1/`;
	const order = (name: string, form = {}) => op(ann, one, name, form);
	await ann.put(one, { vlan: 1 });
	assert.deepEqual(brief(await order('link_subnet', { mode: 'AUTO', subnet: 1 })), ['auto  1']);
	assert.deepEqual(brief(await order('link_subnet', { mode: 'static', subnet: 'cidr:192.0.2.0/24' })), [
		'auto  1',
		'static 192.0.2.2 1',
	]);
	const three = await order('link_subnet', { mode: 'dhcp' });
	assert.deepEqual(brief(three), ['auto  1', 'static 192.0.2.2 1', 'dhcp']);
	await ann.put(one, { vlan: 1 });
	await order('set_default_gateway', { link_id: three.links[1]?.id });
	assert.deepEqual(brief(await order('unlink_subnet', { id: three.links[0]?.id })), ['static 192.0.2.2 1', 'dhcp']);
	assert.deepEqual(brief(await order('link_subnet', { mode: 'link_up', force: true })), ['link_up']);
	assert.deepEqual(brief(await order('link_subnet', { mode: 'static', ip_address: '198.51.100.5', force: 1 })), [
		'static 198.51.100.5 2',
	]);
	assert.equal((await order('link_subnet', { mode: 'link_up', force: true })).vlan?.id, 2);
	const off = await order('disconnect');
	assert.deepEqual([off.vlan, off.links], [null, []]);
	assert.deepEqual((await order('add_tag', { tag: 'pxe' })).tags, ['pxe']);
	assert.deepEqual((await order('remove_tag', { tag: 'pxe' })).tags, []);
});

test('bond, VLAN on it, bridge: parents and children know each other, names and defaults are MAAS’s', async (t) => {
	const { ann } = await makeNetwork(t);
	for (const id of [1, 2]) await ann.put(`${at}${id}/`, { vlan: 1 });
	const bond = await op(ann, at, 'create_bond', { name: 'bond0', parents: [1, 2], bond_mode: '802.3ad', mtu: 1450 });
	assert.deepEqual(
		{ parents: bond.parents, params: bond.params, mac: bond.mac_address, vlan: bond.vlan?.id, mtu: bond.effective_mtu },
		{
			parents: ['eth0', 'eth1'],
			params: {
				bond_mode: '802.3ad',
				bond_miimon: 100,
				bond_downdelay: 0,
				bond_updelay: 0,
				bond_lacp_rate: 'fast',
				bond_xmit_hash_policy: 'layer2',
				bond_num_grat_arp: 1,
				mtu: 1450,
			},
			mac: mac(1),
			vlan: 1,
			mtu: 1450,
		},
	);
	const tagged = await op(ann, at, 'create_vlan', { parent: bond.id, vlan: 2 });
	assert.deepEqual([tagged.name, tagged.parents, tagged.vlan?.id], ['bond0.10', ['bond0'], 2]);
	// Terraform's provider says `parents` where others say `parent`
	await ann.delete(`${at}${tagged.id}/`);
	const again = await op(ann, at, 'create_vlan', { parents: bond.id, vlan: 2 });
	assert.deepEqual([again.name, again.parents, again.vlan?.id], ['bond0.10', ['bond0'], 2]);
	const bridge = await op(ann, at, 'create_bridge', { name: 'br0', parents: again.id, bridge_fd: 0 });
	assert.deepEqual([bridge.parents, bridge.params], [['bond0.10'], { bridge_type: 'standard', bridge_stp: false, bridge_fd: 0 }]);
	const all = (await ann.get(at)).json<Shown[]>();
	assert.deepEqual(
		all.map(({ name, children, links }) => [name, children, links.map(({ mode }) => mode)]),
		[
			['eth0', ['bond0'], []],
			['eth1', ['bond0'], []],
			['bond0', ['bond0.10'], ['link_up']],
			['bond0.10', ['br0'], []],
			['br0', [], ['link_up']],
		],
	);
	await ann.put(`${at}br0/`, { mtu: 9000 });
	assert.deepEqual(
		(await ann.get(at)).json<Shown[]>().map(({ effective_mtu }) => effective_mtu),
		[9000, 9000, 9000, 9000, 9000],
		'what is below lets the packets through',
	);
	const circle = await ann.put(`${at}bond0.10/`, { parent: 'br0' });
	assert.deepEqual(
		[circle.status, circle.json()],
		[400, { parents: ['bond0.10 can’t be built on br0, which is built on bond0.10.'] }],
	);
	assert.equal((await ann.delete(`${at}br0/`)).status, 204);
	assert.equal((await ann.put(`${at}bond0/`, { bond_miimon: 50, name: 'b0' })).json<Shown>().params.bond_miimon, 50);
});

test('what is refused, and in which words', async (t) => {
	const { ann, bob, store, machine } = await makeNetwork(t);
	await ann.put(`${at}1/`, { vlan: 1 });
	await ann.put(`${at}2/`, { vlan: 2 });
	await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.100', end_ip: '192.0.2.199' });
	await ann.post(`${at}2/`, 'link_subnet', { mode: 'static', subnet: 2, ip_address: '198.51.100.7' });
	const before = (await ann.get(at)).text;
	const link = (form: Record<string, string | number | boolean>) => ann.post(`${at}1/`, 'link_subnet', form);
	const invalid = 'Select a valid choice. That choice is not one of the available choices.';
	const cases: [string, MaasAnswer, number, RegExp | object][] = [
		['no mode', await link({}), 400, { mode: ['This field is required.'] }],
		['an unknown mode', await link({ mode: 'magic' }), 400, /Select a valid choice\. magic/],
		['no subnet', await link({ mode: 'AUTO' }), 400, { subnet: ['This field is required.'] }],
		['an unknown subnet', await link({ mode: 'AUTO', subnet: 99 }), 400, { subnet: [invalid] }],
		['a subnet elsewhere', await link({ mode: 'AUTO', subnet: 2 }), 400, /is on another VLAN than eth0/],
		[
			'an address for AUTO',
			await link({ mode: 'AUTO', subnet: 1, ip_address: '192.0.2.5' }),
			400,
			/Cannot use ip_address with mode AUTO/,
		],
		[
			'no address',
			await link({ mode: 'STATIC', subnet: 1, ip_address: 'five' }),
			400,
			{ ip_address: ['“five” is not an IP address.'] },
		],
		[
			'an address outside',
			await link({ mode: 'STATIC', subnet: 1, ip_address: '10.0.0.1' }),
			400,
			{ ip_address: ["IP address is not in the given subnet '192.0.2.0/24'."] },
		],
		['the gateway', await link({ mode: 'STATIC', subnet: 1, ip_address: '192.0.2.1' }), 400, /is the gateway of its subnet/],
		[
			'a dynamic address',
			await link({ mode: 'STATIC', subnet: 1, ip_address: '192.0.2.150' }),
			400,
			/conflicts with an existing IP address/,
		],
		[
			'the broadcast address',
			await link({ mode: 'STATIC', subnet: 1, ip_address: '192.0.2.255' }),
			400,
			/is the broadcast address/,
		],
		[
			'another’s address',
			await link({ mode: 'STATIC', subnet: 2, ip_address: '198.51.100.7', force: true }),
			400,
			{ ip_address: ['IP address is already in use by node-1 (eth1).'] },
		],
		[
			'no gateway there',
			await ann.post(`${at}2/`, 'set_default_gateway'),
			400,
			{ link_id: ['This interface has no usable gateways.'] },
		],
		['another’s link', await ann.post(`${at}1/`, 'unlink_subnet', { id: 2 }), 400, { id: [invalid] }],
		['a taken MAC', await ann.post(at, 'create_physical', { mac_address: mac(2) }), 400, /already in use by node-1/],
		['no MAC', await ann.post(at, 'create_physical', { mac_address: 'zz' }), 400, /is not a MAC address/],
		[
			'a taken name',
			await ann.post(at, 'create_physical', { mac_address: mac(9), name: 'eth0' }),
			400,
			/already has an interface named 'eth0'/,
		],
		[
			'a bond over two VLANs',
			await ann.post(at, 'create_bond', { name: 'b', parents: '1,2' }),
			400,
			/must belong to the same VLAN/,
		],
		[
			'a bond over nothing',
			await ann.post(at, 'create_bond', { name: 'b', parents: '77' }),
			400,
			/has no interface “77” to build on/,
		],
		['no parent', await ann.post(at, 'create_vlan', { vlan: 2 }), 400, /^\{"parent":/],
		['two parents', await ann.post(at, 'create_vlan', { parents: [1, 2], vlan: 2 }), 400, /can only have one parent/],
		['an untagged VLAN', await ann.post(at, 'create_vlan', { parent: 1, vlan: 1 }), 400, /can only belong to a tagged VLAN/],
		['a long name', await ann.put(`${at}1/`, { name: 'a-name-that-is-too-long' }), 400, /is no interface name/],
		['an unknown interface', await ann.get(`${at}eth7/`), 404, /^No Interface matches the given query\.$/],
		['an unknown node', await ann.get('nodes/nobody/interfaces/'), 404, /^No Node matches the given query\.$/],
		['a user', await bob.put(`${at}1/`, { name: 'x' }), 403, /^$/],
	];
	store.machines.writeStatus(machine.id, {
		status: 'deploying',
		at: '2026-01-01T00:00:00.000Z',
		text: null,
		previousStatus: null,
		deadlineAt: null,
	});
	cases.push([
		'a machine at work',
		await ann.put(`${at}1/`, { name: 'x' }),
		409,
		/^Cannot update interface because the machine is not New, Ready, Allocated, or Broken\.$/,
	]);
	for (const [what, answer, status, body] of cases) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (body instanceof RegExp) assert.match(answer.text, body, what);
		else assert.deepEqual(answer.json(), body, what);
	}
	assert.equal((await ann.get(at)).text, before);
});
