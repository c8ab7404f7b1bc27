import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../../controller/domain/errors.ts';
import { createSubnet } from '../../../../controller/flows/network/changeSubnet.ts';
import { copyInterfaces } from '../../../../controller/flows/network/copyInterfaces.ts';
import { linkSubnet } from '../../../../controller/flows/network/linkSubnet.ts';
import type { Interface } from '../../../../controller/store/network/interfaces.ts';
import type { Store } from '../../../../controller/store/store.ts';
import { addMachine, mac, makeStore } from '../../../support/makeStore.ts';

/** `name type parents: links` of each interface; `mac` of those that are no cards. */
const outline = (store: Store, nodeId: number) => {
	const { interfaces, addresses } = store.network;
	const rows = interfaces.ofNodes([nodeId]);
	const links = addresses.linksOf([nodeId]);
	const nameOf = (id: number) => rows.find((row) => row.id === id)?.name;
	const parents = Map.groupBy(interfaces.parenthoods([nodeId]), ({ interfaceId }) => interfaceId);
	return rows.map(({ id, name, type, vlanId, tags }) => {
		const below = (parents.get(id) ?? []).map(({ parentId }) => nameOf(parentId)).join('+');
		const linked = (links.get(id) ?? []).map(({ mode, ip }) => `${mode} ${ip ?? '-'}`).join(', ');
		return `${name} ${type}${below && ` on ${below}`} vlan ${vlanId} [${tags}]: ${linked}`;
	});
};

function addCards(store: Store, nodeId: number, names: readonly string[], from: number): Interface[] {
	return names.map((name, at) =>
		store.network.interfaces.insert({ nodeId, type: 'physical', name, mac: mac(from + at), vlanId: 1 }),
	);
}

test('cards by name, what is built on them, links; a static address becomes another one', (t) => {
	const { store } = makeStore(t);
	const subnet = createSubnet(store, { cidr: '192.168.77.0/24', gatewayIp: '192.168.77.1' });
	const [source, target] = [addMachine(store, 1), addMachine(store, 2)];
	const [one, two] = addCards(store, source.id, ['eno1', 'eno2'], 10) as [Interface, Interface];
	addCards(store, target.id, ['ens9', 'eno1'], 20);
	const { interfaces } = store.network;
	const bond = interfaces.insert(
		{ nodeId: source.id, type: 'bond', name: 'bond0', mac: one.mac, vlanId: 1, params: { bond_mode: '802.3ad' } },
		[one.id, two.id],
	);
	interfaces.insert({ nodeId: source.id, type: 'vlan', name: 'eno2.10', mac: two.mac, vlanId: 1, tags: ['storage'] }, [two.id]);
	const link = { defaultGateway: false, force: false };
	linkSubnet(store, bond, { ...link, mode: 'static', subnet, ipAddress: '192.168.77.50' });
	// the target had another life before
	const bridge = interfaces.insert({ nodeId: target.id, type: 'bridge', name: 'br0', mac: mac(20), vlanId: 1 }, []);
	linkSubnet(store, bridge, { ...link, mode: 'auto', subnet, ipAddress: null });

	copyInterfaces(store, source.id, target.id);
	const copy = outline(store, target.id);
	const own = copy.find((line) => line.startsWith('bond0'));
	assert.match(own ?? '', /^bond0 bond on ens9\+eno1 vlan 1 \[\]: static 192\.168\.77\.\d+$/);
	assert.ok(!own?.endsWith('.50'), 'nobody has an address twice');
	assert.deepEqual(
		copy.filter((line) => !line.startsWith('bond0')),
		[
			'eth0 physical vlan null []: ',
			'ens9 physical vlan 1 []: ',
			'eno1 physical vlan 1 []: ',
			'ens9.10 vlan on ens9 vlan 1 [storage]: ',
		],
	);
});

test('a machine with fewer cards is refused, and keeps what it has', (t) => {
	const { store } = makeStore(t);
	const [source, target] = [addMachine(store, 1), addMachine(store, 2)];
	addCards(store, source.id, ['eno1'], 10);
	const before = outline(store, target.id);
	assert.throws(
		() => copyInterfaces(store, source.id, target.id),
		(error) => error instanceof Refusal && error.message === 'The machine has 1 network cards; the source has 2.',
	);
	assert.deepEqual(outline(store, target.id), before);
});
