import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bridgeAll, defaultBridges, dropAcquiredBridges } from '../../../controller/flows/acquiredBridges.ts';
import { ALLOC } from '../../../controller/store/network/addresses.ts';
import type { Interface, InterfaceType } from '../../../controller/store/network/interfaces.ts';
import type { Store } from '../../../controller/store/store.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

/** name, type, parents' ids, ids of links */
const shown = (store: Store, nodeId: number) => {
	const parents = store.network.interfaces.parenthoods([nodeId]);
	return store.network.interfaces
		.ofNodes([nodeId])
		.map(({ id, name, type }) => [
			...[name, type],
			parents.filter((each) => each.interfaceId === id).map((each) => each.parentId),
			store.network.addresses.ofInterface(id).map((link) => link.id),
		]);
};

function makeCards(t: Parameters<typeof makeStore>[0]) {
	const { store } = makeStore(t);
	const { id: nodeId } = addMachine(store, 1);
	const [first] = store.network.interfaces.ofNodes([nodeId]) as [Interface];
	const add = (type: InterfaceType, name: string, parents: number[] = [], more: Partial<Interface> = {}) =>
		store.network.interfaces.insert(
			{ nodeId, type, name, mac: type === 'physical' ? `02:00:00:00:00:0${name.length}` : null, ...more },
			parents,
		);
	const link = (interfaceId: number) =>
		store.network.addresses.insert({ allocType: ALLOC.automatic, mode: 'auto', interfaceId }).id;
	return { store, nodeId, first, add, link };
}

test('each interface gets a bridge that takes over its links, and the release undoes it', (t) => {
	const { store, nodeId, first, add, link } = makeCards(t);
	const tagged = add('vlan', 'eth0.10', [first.id], { vlanId: 1 });
	const links = [link(first.id), link(tagged.id), link(first.id)];
	const before = shown(store, nodeId);

	bridgeAll(store, nodeId, { type: 'ovs', stp: true, fd: 3 });
	assert.deepEqual(shown(store, nodeId), [
		['eth0', 'physical', [], []],
		['eth0.10', 'vlan', [first.id], []],
		['br-eth0', 'bridge', [first.id], [links[0], links[2]]],
		['br-eth0.10', 'bridge', [tagged.id], [links[1]]],
	]);
	const { mac, vlanId, acquired, params } = store.network.interfaces.ofNodes([nodeId])[2] as Interface;
	assert.deepEqual(
		{ mac, vlanId, acquired, params },
		{ mac: first.mac, vlanId: first.vlanId, acquired: true, params: { bridge_type: 'ovs', bridge_stp: true, bridge_fd: 3 } },
	);

	bridgeAll(store, nodeId, defaultBridges);
	assert.equal(shown(store, nodeId).length, 4, 'what has a bridge gets no second');

	dropAcquiredBridges(store, nodeId);
	assert.deepEqual(shown(store, nodeId), before);
});

test('bridges, members of bonds and disabled interfaces are left as they are', (t) => {
	const { store, nodeId, first, add } = makeCards(t);
	const second = add('physical', 'eth12');
	add('bond', 'bond0', [first.id, second.id]);
	const third = add('physical', 'eth345');
	add('bridge', 'br0', [third.id]);
	add('physical', 'off4567', [], { enabled: false });
	bridgeAll(store, nodeId, defaultBridges);
	assert.deepEqual(
		shown(store, nodeId).map(([name]) => name),
		['eth0', 'eth12', 'bond0', 'eth345', 'br0', 'off4567', 'br-bond0'],
	);
	dropAcquiredBridges(store, nodeId);
	assert.deepEqual(
		shown(store, nodeId).map(([name]) => name),
		['eth0', 'eth12', 'bond0', 'eth345', 'br0', 'off4567'],
	);
});

test('a bridge’s name has at most 15 characters, and is nobody else’s', (t) => {
	const { store, nodeId, add } = makeCards(t);
	add('physical', 'enp129s0f0np01');
	add('physical', 'xenp129s0f0np01', [], { mac: '02:00:00:00:01:00' });
	bridgeAll(store, nodeId, defaultBridges);
	assert.deepEqual(
		shown(store, nodeId)
			.slice(3)
			.map(([name]) => name),
		['br-eth0', 'br-p129s0f0np01', 'br-p129s0f0np-1'],
	);
});
