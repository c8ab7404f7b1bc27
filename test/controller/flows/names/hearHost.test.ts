import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bios, kernel, makeFlows } from '../../../support/makeFlows.ts';
import { addMachine, mac } from '../../../support/makeStore.ts';

test('a stranger who takes an address is noted; machines that boot, and known ones, are not', async (t) => {
	const { store, lease, clock } = await makeFlows(t);
	addMachine(store, 1);
	await lease(mac(1), kernel);
	await lease(mac(2), bios);
	const address = await lease(mac(3), kernel);
	assert.deepEqual(
		store.discoveries.all().map(({ ip, mac, interfaceName }) => [ip, mac, interfaceName]),
		[[address, mac(3), 'br0']],
	);
	clock.pass(60_000);
	await lease(mac(3), kernel);
	assert.deepEqual(
		store.discoveries.all().map(({ lastSeen }) => lastSeen),
		['2026-01-02T03:05:05.000Z'],
		'one host, seen again',
	);
});

test('nothing is noted while discovery is switched off', async (t) => {
	const { store, lease } = await makeFlows(t);
	store.config.set('network_discovery', 'disabled');
	await lease(mac(3), kernel);
	assert.deepEqual(store.discoveries.all(), []);
});
