import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Ipv4, parseCidr } from '../../../controller/domain/address.ts';
import { createLeaseAddress } from '../../../controller/flows/leaseAddress.ts';
import type { Store } from '../../../controller/store/store.ts';
import { type Clock, mac, makeStore } from '../../support/makeStore.ts';

const ip = (text: string) => text as Ipv4;

function serve(store: Store, clock: Clock, end = '192.168.77.103') {
	const network = parseCidr('192.168.77.0/24');
	assert.ok(network);
	return createLeaseAddress(
		{ interface: 'br0', server: ip('192.168.77.1'), network, pool: { start: ip('192.168.77.100'), end: ip(end) } },
		store.leases,
		clock.now,
	);
}

test('a machine gets the same address each time, also from a fresh process', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock);
	assert.equal((await leases.offer(mac(1), null))?.address, '192.168.77.100');
	assert.equal((await leases.offer(mac(2), null))?.address, '192.168.77.101');
	await leases.confirm(mac(2), ip('192.168.77.101'), 'two', 600);
	clock.pass(10_000_000);
	assert.equal((await serve(store, clock).offer(mac(2), null))?.address, '192.168.77.101');
});

test('two machines that discover at once never get one address', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock, '192.168.77.199');
	const all = await Promise.all(Array.from({ length: 100 }, (_, at) => leases.offer(mac(at), null)));
	assert.equal(new Set(all.map((lease) => lease?.address)).size, 100);
});

test('what is offered is on disk before the offer resolves', async (t) => {
	const { store, clock } = makeStore(t);
	const lease = await serve(store, clock).offer(mac(1), null);
	assert.deepEqual(store.leases.onInterface('br0'), [lease]);
	assert.deepEqual(
		store.leases.history(mac(1)).map(({ what }) => what),
		['offered'],
	);
});

test('a used-up pool gives null, until a lease runs out: the one that has been free longest goes first', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock);
	for (const [number, seconds] of [
		[1, 900],
		[2, 300],
		[3, 600],
		[4, 900],
	] as const) {
		const lease = await leases.offer(mac(number), null);
		assert.ok(lease);
		await leases.confirm(mac(number), lease.address, null, seconds);
	}
	assert.equal(await leases.offer(mac(9), null), null);
	clock.pass(700_000);
	assert.equal((await leases.offer(mac(9), null))?.address, '192.168.77.101');
});

test('the wish of a machine is granted where nobody else holds it', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock);
	assert.equal((await leases.offer(mac(1), ip('192.168.77.102')))?.address, '192.168.77.102');
	assert.equal((await leases.offer(mac(2), ip('192.168.77.102')))?.address, '192.168.77.100');
	assert.equal((await leases.offer(mac(3), ip('10.0.0.9')))?.address, '192.168.77.101');
});

test('confirm says no in words', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock);
	await leases.offer(mac(1), null);
	for (const [address, refused] of [
		['10.0.0.9', '10.0.0.9 is not on this network'],
		['192.168.77.9', '192.168.77.9 is not handed out here'],
		['192.168.77.100', '192.168.77.100 is in use by another machine'],
	])
		assert.deepEqual(await leases.confirm(mac(2), ip(address as string), null, 600), { refused });
});

test('a declined address is nobody’s for an hour, not even its decliner’s', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock);
	const lease = await leases.offer(mac(1), null);
	assert.ok(lease);
	await leases.decline(mac(1), lease.address);
	assert.equal((await leases.offer(mac(1), null))?.address, '192.168.77.101');
	assert.equal((await leases.offer(mac(2), lease.address))?.address, '192.168.77.102');
	clock.pass(3_601_000);
	assert.equal((await leases.offer(mac(3), lease.address))?.address, lease.address);
});

test('a machine can’t decline or release what is another’s', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock);
	const lease = await leases.offer(mac(1), null);
	assert.ok(lease);
	await leases.confirm(mac(1), lease.address, null, 600);
	await leases.decline(mac(2), lease.address);
	await leases.release(mac(2), lease.address);
	assert.equal((await leases.offer(mac(1), null))?.state, 'bound');
});

test('addresses that answered to the probe are kept out of the pool', async (t) => {
	const { store, clock } = makeStore(t);
	const leases = serve(store, clock);
	leases.avoid([100, 102].map((last) => ({ address: ip(`192.168.77.${last}`), mac: mac(99) })));
	assert.equal((await leases.offer(mac(1), ip('192.168.77.102')))?.address, '192.168.77.101');
});

test('a machine that runs while the controller restarts answers to the probe by its own address, and keeps it', async (t) => {
	const { store, clock } = makeStore(t);
	const before = serve(store, clock);
	const lease = await before.offer(mac(1), null);
	assert.ok(lease);
	await before.confirm(mac(1), lease.address, null, 600);
	const after = serve(store, clock);
	after.avoid([{ address: lease.address, mac: mac(1) }]);
	assert.equal((await after.offer(mac(1), null))?.address, lease.address);
	const renewed = await after.confirm(mac(1), lease.address, null, 600);
	assert.ok(!('refused' in renewed));
});
