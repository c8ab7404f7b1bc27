import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Host, HostInterface } from '../../../controller/domain/host.ts';
import { ensureController } from '../../../controller/flows/ensureController.ts';
import { addMachine, mac, makeStore } from '../../support/makeStore.ts';
import { testHost } from '../../support/startApi.ts';

const card = (name: string, last: number): HostInterface => ({ name, mac: mac(last), addresses: [] });
const host = (...cards: HostInterface[]): Host => ({ ...testHost, cards });

test('the first start makes the controller a node, further ones keep it', (t) => {
	const { store, clock } = makeStore(t);
	const first = ensureController(store, host(card('eth0', 1), card('eth1', 2)), clock.now);
	assert.deepEqual([first.kind, first.hostname], ['controller', 'rack']);
	assert.deepEqual(store.nodes.all('controller'), [first]);
	const names = () => store.network.interfaces.ofNodes([first.id]).map(({ name, mac, type }) => [name, mac, type]);
	assert.deepEqual(names(), [
		['eth0', mac(1), 'physical'],
		['eth1', mac(2), 'physical'],
	]);

	store.nodes.update(first.id, { hostname: 'region' });
	const again = ensureController(store, host(card('eth0', 1), card('lan', 2)), clock.now);
	assert.deepEqual([again.id, again.hostname], [first.id, 'region'], 'a name that people gave it stays');
	assert.deepEqual(
		names().map(([name]) => name),
		['eth0', 'lan'],
		'a renamed card is known by its MAC',
	);
	ensureController(store, host(), clock.now);
	assert.deepEqual(names(), []);
});

test('cards of one MAC are one card and what is built on it', (t) => {
	const { store, clock } = makeStore(t);
	const { id } = ensureController(store, host(card('eth0', 1), card('br0', 1), card('eth0.10', 1)), clock.now);
	assert.deepEqual(
		store.network.interfaces.ofNodes([id]).map(({ name, type }) => [name, type]),
		[
			['eth0', 'physical'],
			['br0', 'bridge'],
			['eth0.10', 'vlan'],
		],
	);
});

test('a machine’s name and MAC stay the machine’s', (t) => {
	const { store, clock } = makeStore(t);
	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { hostname: 'rack' });
	assert.equal(ensureController(store, host(card('eth0', 1)), clock.now).hostname, 'rack-2');
	assert.equal(store.network.interfaces.byMac(mac(1))?.nodeId, machine.id);
	const { store: other } = makeStore(t);
	assert.equal(ensureController(other, { ...testHost, hostname: 'Bär & Sohn' }, clock.now).hostname, 'controller');
});

test('a card that has an address of a subnet stays known while it is away', (t) => {
	const { store, clock } = makeStore(t);
	const { id } = ensureController(store, host(card('eth0', 1)), clock.now);
	const [eth0] = store.network.interfaces.ofNodes([id]);
	store.network.addresses.insert({ ip: '192.168.77.1', allocType: 1, mode: 'static', interfaceId: eth0?.id ?? 0 });
	ensureController(store, host(), clock.now);
	assert.equal(store.network.interfaces.ofNodes([id]).length, 1);
});
