import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { Ipv4, Mac } from '../../../../../controller/domain/address.ts';
import { dataPaths } from '../../../../../controller/store/dataDirectory.ts';
import { openStore } from '../../../../../controller/store/store.ts';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMany } from '../../../../support/manyMachines.ts';

type Shown = { hostname: string; zone: { name: string }; ip_addresses: string[]; description: string }[];

test('a list that is asked for again is not made again, and is never an old one', async (t) => {
	const { ann, store, data } = await startMaas(t);
	const [first] = addMany(store, 20);
	assert.ok(first);
	const list = async () => {
		const before = store.statements();
		const shown = (await ann.get('machines/')).json<Shown>();
		return { shown, statements: store.statements() - before };
	};
	const made = await list();
	const again = await list();
	assert.deepEqual(again.shown, made.shown);
	assert.ok(again.statements < made.statements / 2, `${made.statements} statements, then ${again.statements}`);

	const row = store.zones.create('row-1', '');
	store.machines.update(first.id, { zoneId: row.id });
	assert.equal((await list()).shown[0]?.zone.name, 'row-1');
	store.zones.update(row.id, { name: 'row-one' });
	assert.equal((await list()).shown[0]?.zone.name, 'row-one');

	// a lease is shown, and runs out without anybody writing anything
	const lease = {
		address: '192.0.2.9' as Ipv4,
		mac: first.bootMac as Mac,
		hostname: null,
		interface: 'br0',
		state: 'bound',
	} as const;
	await store.leases.save({ ...lease, expiresAt: new Date(Date.now() + 1000).toISOString() });
	assert.deepEqual((await list()).shown[0]?.ip_addresses, ['192.0.2.9']);
	await pause(1100);
	assert.deepEqual((await list()).shown[0]?.ip_addresses, []);

	// by another process: `metaldesk` beside the controller
	const beside = openStore(dataPaths(data));
	beside.machines.update(first.id, { description: 'changed from outside' });
	beside.close();
	assert.equal((await list()).shown[0]?.description, 'changed from outside');
	store.machines.delete(first.id);
	assert.equal((await list()).shown.length, 19);
});

test('a list of more than one piece is one JSON list', async (t) => {
	const { ann, store } = await startMaas(t);
	addMany(store, 1203);
	const shown = (await ann.get('machines/')).json<Shown>();
	assert.equal(new Set(shown.map((machine) => machine.hostname)).size, 1203);
});
