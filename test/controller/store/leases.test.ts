import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import type { Ipv4 } from '../../../controller/domain/address.ts';
import { createLeaseAddress } from '../../../controller/flows/leaseAddress.ts';
import type { Lease } from '../../../controller/store/leases.ts';
import { served } from '../../support/makeFlows.ts';
import { mac, makeStore } from '../../support/makeStore.ts';

const lease = (change: Partial<Lease> = {}): Lease => ({
	address: '192.168.77.100' as Ipv4,
	mac: mac(1),
	hostname: null,
	interface: 'br0',
	state: 'bound',
	expiresAt: '2026-01-02T04:00:00.000Z',
	...change,
});

test('all that wait in one moment share a commit, and each resolves when it is on disk', async (t) => {
	const { store } = makeStore(t);
	const all = Array.from({ length: 50 }, (_, at) => lease({ address: `192.168.77.${100 + at}` as Ipv4, mac: mac(at) }));
	const saving = all.map((each) => store.leases.save(each));
	assert.deepEqual(store.leases.onInterface('br0'), []);
	await saving[0];
	assert.equal(store.leases.onInterface('br0').length, 50);
	await Promise.all(saving);
});

test('the history of a card tells what changed, not what was renewed', async (t) => {
	const { store, clock } = makeStore(t);
	for (const change of [{ state: 'offered' }, {}, {}, { state: 'released' }, { mac: mac(2) }] as Partial<Lease>[]) {
		await store.leases.save(lease(change));
		clock.pass(1000);
	}
	assert.deepEqual(
		store.leases.history(mac(1)).map(({ what, at }) => `${what} ${at.slice(17, 19)}`),
		['released 08', 'bound 06', 'offered 05'],
	);
	assert.equal(store.leases.macOf('192.168.77.100' as Ipv4), mac(2));
});

test('only what is bound and has not run out is counted', async (t) => {
	const { store } = makeStore(t);
	await store.leases.save(lease());
	await store.leases.save(lease({ address: '192.168.77.101' as Ipv4, state: 'offered', mac: mac(2) }));
	await store.leases.save(lease({ address: '192.168.77.102' as Ipv4, expiresAt: '2026-01-02T03:00:00.000Z', mac: mac(3) }));
	const now = '2026-01-02T03:04:05.000Z';
	assert.deepEqual([...store.leases.countBound(now)], [['br0', 1]]);
	assert.deepEqual([...store.leases.addresses(now)], [[mac(1), ['192.168.77.100']]]);
});

test('a lease that could not be written is not held: the next question gets a written one', async (t) => {
	const { store, clock } = makeStore(t);
	let full = false;
	const leases = createLeaseAddress(
		served,
		{ ...store.leases, save: (each) => (full ? Promise.reject(new Error('SQLITE_FULL')) : store.leases.save(each)) },
		clock.now,
	);
	full = true;
	await assert.rejects(leases.offer(mac(1), null), /SQLITE_FULL/);
	await assert.rejects(leases.confirm(mac(1), '192.168.77.100' as Ipv4, null, 600), /SQLITE_FULL/);
	full = false;
	const offered = await leases.offer(mac(1), null);
	assert.deepEqual(store.leases.onInterface('br0'), [offered]);
});

test('whatever was answered is there after kill -9', async (t) => {
	const { store, folder } = makeStore(t);
	store.close();
	const child = spawn(process.execPath, [path.join(import.meta.dirname, '../../support/leaseWriter.ts'), folder], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const answered: string[] = [];
	for await (const line of createInterface({ input: child.stdout })) {
		answered.push(line);
		if (answered.length === 200) child.kill('SIGKILL');
	}
	if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
	assert.equal(child.signalCode, 'SIGKILL');
	const { openStore } = await import('../../../controller/store/store.ts');
	const { dataPaths } = await import('../../../controller/store/dataDirectory.ts');
	const after = openStore(dataPaths(folder));
	t.after(after.close);
	const kept = new Set(after.leases.onInterface('br0').map((each) => `${each.mac} ${each.address}`));
	assert.deepEqual(
		answered.filter((line) => !kept.has(line)),
		[],
	);
});
