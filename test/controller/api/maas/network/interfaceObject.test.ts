import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import { defaultGateways, interfaceObjects, ipAddressesOf } from '../../../../../controller/api/maas/network/interfaceObject.ts';
import { createSubnet } from '../../../../../controller/flows/network/changeSubnet.ts';
import { linkSubnet } from '../../../../../controller/flows/network/linkSubnet.ts';
import type { Store } from '../../../../../controller/store/store.ts';
import { addMachine, mac, makeStore } from '../../../../support/makeStore.ts';

/** Machines with one static address each in a subnet with a gateway. */
function addMachines(store: Store, count: number): number[] {
	const subnet = createSubnet(store, { cidr: '192.0.2.0/24', gatewayIp: '192.0.2.1' });
	return store.transaction(() =>
		Array.from({ length: count }, (_, at) => {
			const machine = addMachine(store, at + 1);
			const [card] = store.network.interfaces.ofNodes([machine.id]);
			assert.ok(card);
			linkSubnet(store, card, { mode: 'static', subnet, ipAddress: null, defaultGateway: false, force: false });
			return machine.id;
		}),
	);
}

/** How many statements run while `work` does. */
function counted(t: TestContext, work: () => void): number {
	const probe = new Sqlite(':memory:');
	const statement = Object.getPrototypeOf(probe.prepare('select 1'));
	probe.close();
	let count = 0;
	const mocks = (['all', 'get'] as const).map((name) => {
		const real = statement[name];
		return t.mock.method(statement, name, function (this: unknown, ...given: unknown[]) {
			count++;
			return real.apply(this, given);
		});
	});
	work();
	for (const mock of mocks) mock.mock.restore();
	return count;
}

test('any number of nodes takes the same number of statements', (t) => {
	const { store } = makeStore(t);
	const ids = addMachines(store, 60);
	for (const read of [interfaceObjects, ipAddressesOf, defaultGateways]) {
		const one = counted(t, () => read(store, ids.slice(0, 1)));
		assert.ok(one > 0 && one < 15, `${read.name}: ${one}`);
		assert.equal(
			counted(t, () => read(store, ids)),
			one,
			read.name,
		);
		assert.equal(read(store, ids).size, 60);
	}
});

test('addresses of links and leases, once each; the boot interface’s gateway, or the chosen one', async (t) => {
	const { store } = makeStore(t);
	const [id] = addMachines(store, 1) as [number];
	store.inventory.addMacs(id, [mac(1), mac(2)]);
	const second = createSubnet(store, { cidr: '198.51.100.0/24', gatewayIp: '198.51.100.1' });
	const six = createSubnet(store, { cidr: '2001:db8::/64', gatewayIp: '2001:db8::ffff:0:1' });
	const [, other] = store.network.interfaces.ofNodes([id]);
	assert.ok(other);
	const link = (subnet: typeof second, defaultGateway: boolean) =>
		linkSubnet(store, other, { mode: 'static', subnet, ipAddress: null, defaultGateway, force: false });
	for (const [card, address] of [
		[mac(1), '192.0.2.2'],
		[mac(2), '198.51.100.77'],
	] as const)
		await store.leases.save({
			...{ address: address as never, mac: card, hostname: null, interface: 'br0', state: 'bound' },
			expiresAt: '2999-01-01T00:00:00.000Z',
		});
	assert.deepEqual(ipAddressesOf(store, [id]).get(id), ['192.0.2.2', '198.51.100.77']);
	link(six, false);
	const gateways = () => {
		const { ipv4, ipv6 } = defaultGateways(store, [id]).get(id) ?? {};
		return [ipv4?.gateway_ip, ipv6?.gateway_ip];
	};
	assert.deepEqual(gateways(), ['192.0.2.1', '2001:db8::ffff:0:1']);
	link(second, true);
	assert.deepEqual(gateways(), ['198.51.100.1', '2001:db8::ffff:0:1']);
	store.network.gateways.clear(id);
	assert.deepEqual(gateways(), ['192.0.2.1', '2001:db8::ffff:0:1']);
	assert.deepEqual(ipAddressesOf(store, [id]).get(id), ['192.0.2.2', '2001:db8::1:0:0', '198.51.100.2', '198.51.100.77']);
});
