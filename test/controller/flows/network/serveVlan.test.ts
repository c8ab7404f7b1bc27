import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { Ipv4, Mac } from '../../../../controller/domain/address.ts';
import { Refusal } from '../../../../controller/domain/errors.ts';
import { ensureController } from '../../../../controller/flows/ensureController.ts';
import type { LeaseAddress } from '../../../../controller/flows/leaseAddress.ts';
import { createRange, deleteRange, updateRange } from '../../../../controller/flows/network/changeRange.ts';
import { createSubnet, updateSubnet } from '../../../../controller/flows/network/changeSubnet.ts';
import { changeVlan } from '../../../../controller/flows/network/serveVlan.ts';
import { createServeInterface, type ProbeFinding, type RackNetwork } from '../../../../controller/flows/serveInterface.ts';
import { silentLog } from '../../../../controller/log.ts';
import type { Vlan } from '../../../../controller/store/network/vlans.ts';
import { mac, makeStore } from '../../../support/makeStore.ts';
import { plainHost } from '../../../support/plainHost.ts';

const clean: ProbeFinding = { foreignServers: [], addressesInUse: [] };
const foreign: ProbeFinding = {
	foreignServers: [{ address: '192.168.77.2' as Ipv4, mac: '52:54:00:00:00:99' as Mac, offered: '192.168.77.60' as Ipv4 }],
	addressesInUse: [],
};

/** A controller with the card br0 (192.168.77.1/24) on a network that answers as `told.finding` says. */
function make(t: TestContext) {
	const { store, clock } = makeStore(t);
	ensureController(store, plainHost, clock.now);
	const told = { finding: clean, prefix: 24 };
	const log: string[] = [];
	const served: LeaseAddress[] = [];
	const rack: RackNetwork = {
		interfaces: async () => [
			{
				name: 'br0',
				mac: '52:54:00:00:00:01' as Mac,
				ipv4: [{ address: '192.168.77.1' as Ipv4, prefix: told.prefix }],
				...{ up: true, carrier: true, loopback: false, defaultRoute: false, speed: 1000 },
			},
		],
		async probe() {
			log.push('probe');
			return told.finding;
		},
		async open({ pool }, leases) {
			log.push(`open ${pool.start} ${pool.end}`);
			served.push(leases);
			return { services: [], stop: async () => void log.push('close') };
		},
	};
	const interfaces = createServeInterface({ store, rack, log: silentLog, now: clock.now });
	t.after(interfaces.stop);
	const { network } = store;
	const first = () => network.vlans.byId(1) as Vlan;
	return {
		...{ store, network, interfaces, told, log, served, first, clock },
		change: (dhcpOn: boolean, change = {}) => changeVlan({ store, interfaces, by: 'ann' }, first(), change, dhcpOn),
		mode: async () => (await interfaces.list())[0]?.mode,
	};
}
const refused = (field: string, text: RegExp) => (error: unknown) =>
	error instanceof Refusal && error.field === field && text.test(error.message);
const subnetWith = ({ store }: ReturnType<typeof make>, startIp = '192.168.77.50', endIp = '192.168.77.59') => {
	const subnet = createSubnet(store, { cidr: '192.168.77.0/24' });
	return { subnet, range: createRange(store, { type: 'dynamic', startIp, endIp, subnet, comment: '', userId: null }) };
};

test('DHCP on in the API is serving in the window: probe, pool of the dynamic range, primary rack', async (t) => {
	const made = make(t);
	subnetWith(made);
	const vlan = await made.change(true, { mtu: 9000 });
	const rack = made.store.nodes.all('controller')[0];
	assert.deepEqual([vlan.dhcpOn, vlan.mtu, vlan.primaryRackId], [true, 9000, rack?.id]);
	assert.deepEqual(made.log, ['probe', 'open 192.168.77.50 192.168.77.59']);
	assert.equal(await made.mode(), 'full');
	const off = await made.change(false);
	assert.deepEqual([off.dhcpOn, await made.mode(), made.log.at(-1)], [false, 'off', 'close']);
});

test('serving in the window makes fabric, VLAN and subnet known, with the pool as the dynamic range', async (t) => {
	const { network, interfaces, first, store } = make(t);
	await interfaces.setMode('br0', 'full', { start: '192.168.77.10' as Ipv4, end: '192.168.77.19' as Ipv4 }, 'ann');
	assert.deepEqual(
		network.subnets.all().map(({ cidr, vlanId }) => [cidr, vlanId]),
		[['192.168.77.0/24', 1]],
	);
	const ranges = () => network.ranges.all().map(({ type, startIp, endIp }) => `${type} ${startIp} ${endIp}`);
	assert.deepEqual(ranges(), ['dynamic 192.168.77.10 192.168.77.19']);
	assert.equal(first().dhcpOn, true);
	assert.equal(network.addresses.byIp('192.168.77.1')?.allocType, 1);
	await interfaces.setMode('br0', 'full', { start: '192.168.77.20' as Ipv4, end: '192.168.77.29' as Ipv4 }, 'ann');
	assert.deepEqual(ranges(), ['dynamic 192.168.77.20 192.168.77.29']);
	await interfaces.setMode('br0', 'off', null, 'ann');
	assert.equal(first().dhcpOn, false);
	assert.deepEqual(store.interfaceModes.all()[0]?.pool, { start: '192.168.77.20', end: '192.168.77.29' });
});

test('a pool that does not fit into its subnet is served to nobody', async (t) => {
	const made = make(t);
	const { subnet } = subnetWith(made);
	updateSubnet(made.store, subnet, { gatewayIp: '192.168.77.254' });
	const pool = { start: '192.168.77.250' as Ipv4, end: '192.168.77.254' as Ipv4 };
	await assert.rejects(made.interfaces.setMode('br0', 'full', pool, 'ann'), refused('pool', /192\.168\.77\.254 is the gateway/));
	assert.deepEqual([made.first().dhcpOn, await made.mode(), made.log], [false, 'off', ['probe']]);
	assert.equal(made.network.ranges.all()[0]?.startIp, '192.168.77.50');
});

test('refused without a range, without a card, and where another server answers: then all is as it was', async (t) => {
	const made = make(t);
	await assert.rejects(made.change(true), refused('dhcp_on', /when a dynamic IP range is defined/));
	const far = createSubnet(made.store, { cidr: '10.9.0.0/24' });
	createRange(made.store, { type: 'dynamic', startIp: '10.9.0.9', endIp: '10.9.0.9', subnet: far, comment: '', userId: null });
	await assert.rejects(made.change(true), refused('dhcp_on', /this controller has no address in 10\.9\.0\.0\/24/));
	assert.deepEqual(made.log, [], 'nobody has been asked anything');
	subnetWith(made);
	made.told.finding = foreign;
	await assert.rejects(made.change(true, { mtu: 9000 }), /Another DHCP server answers on br0: 192\.168\.77\.2/);
	assert.deepEqual([made.first().dhcpOn, made.first().mtu, made.first().externalDhcp], [false, 1500, '192.168.77.2']);
	assert.deepEqual([await made.mode(), made.log], ['off', ['probe']]);
	await assert.rejects(made.change(true, { relayVlanId: 1 }), refused('relay_vlan', /its own relay/));
});

test('a dynamic range of any size is served, but none that the card’s own network does not hold', async (t) => {
	const made = make(t);
	const { network, store } = made;
	const subnet = createSubnet(store, { cidr: '192.168.64.0/18' });
	const range = createRange(store, {
		...{ type: 'dynamic', startIp: '192.168.78.0', endIp: '192.168.120.0', subnet, comment: '', userId: null },
	});
	await assert.rejects(made.change(true), refused('pool', /192\.168\.78\.0 lies outside 192\.168\.77\.0\/24/));
	assert.deepEqual([made.first().dhcpOn, made.log], [false, []]);
	made.told.prefix = 18;
	await made.change(true);
	assert.deepEqual(made.log, ['probe', 'open 192.168.78.0 192.168.120.0']);
	assert.equal(network.ranges.byId(range.id)?.endIp, '192.168.120.0');
});

test('a range that is changed while it is served is served at once; the last one stays', async (t) => {
	const made = make(t);
	const { range } = subnetWith(made);
	await made.change(true);
	const [leases] = made.served;
	assert.equal((await leases?.offer(mac(1), null))?.address, '192.168.77.50');
	updateRange(made.store, range, { startIp: '192.168.77.200', endIp: '192.168.77.209' });
	assert.equal((await leases?.offer(mac(2), null))?.address, '192.168.77.200');
	assert.deepEqual(await leases?.confirm(mac(1), '192.168.77.50' as Ipv4, null, 60), {
		refused: '192.168.77.50 is not handed out here',
	});
	assert.throws(() => deleteRange(made.store, range), /turn DHCP off on its VLAN first/);
	assert.deepEqual((await made.interfaces.list())[0]?.pool, { start: '192.168.77.200', end: '192.168.77.209' });
});
