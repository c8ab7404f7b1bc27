import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fillNetworks, plugIn } from '../../../controller/flows/demoNetworks.ts';
import { createSubnet } from '../../../controller/flows/network/changeSubnet.ts';
import { makeHardware } from '../../../controller/simulation/hardware/hardware.ts';
import { bootNetwork } from '../../../controller/simulation/places.ts';
import type { Store } from '../../../controller/store/store.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { makeStore } from '../../support/makeStore.ts';

const networksOf = ({ network }: Store) =>
	network.subnets.all().map(({ cidr, name, vlanId, gatewayIp }) => {
		const vlan = network.vlans.byId(vlanId);
		const space = network.spaces.all().find(({ id }) => id === vlan?.spaceId);
		return [name, cidr, vlan?.vid, space?.name, gatewayIp];
	});

const filled = [
	['boot', '10.77.0.0/19', 0, 'machines', '10.77.0.2'],
	['storage', '10.78.0.0/19', 20, 'storage', null],
	['public', '198.51.100.0/24', 30, 'public', '198.51.100.1'],
];

test('three subnets on one fabric, each in a space of its own', (t) => {
	const { store } = makeStore(t);
	assert.equal(fillNetworks(store, bootNetwork), 'filled');
	assert.deepEqual(networksOf(store), filled);
	assert.equal(
		new Set(
			store.network.vlans
				.all()
				.filter(({ spaceId }) => spaceId !== null)
				.map(({ fabricId }) => fabricId),
		).size,
		1,
	);
	assert.deepEqual(
		store.network.ranges.all().map(({ type, startIp, endIp }) => [type, startIp, endIp]),
		[
			['reserved', '10.77.0.1', '10.77.0.15'],
			['reserved', '198.51.100.1', '198.51.100.9'],
		],
	);
});

test('a boot network that the controller has found already is the one', (t) => {
	const { store } = makeStore(t);
	createSubnet(store, { cidr: bootNetwork.cidr });
	assert.equal(fillNetworks(store, bootNetwork), 'filled');
	assert.deepEqual(networksOf(store), filled);
});

test('a machine’s other cables lead to the storage and the public network', async (t) => {
	const flows = await makeFlows(t);
	const { store } = flows;
	fillNetworks(store, bootNetwork);
	const { machine } = await flows.runThrough(makeHardware(1));
	plugIn(store, machine);
	const links = store.network.addresses.linksOf([machine.id]);
	assert.deepEqual(
		store.network.interfaces.ofNodes([machine.id]).map(({ id, name, vlanId }) => {
			const vlan = vlanId === null ? null : store.network.vlans.byId(vlanId)?.name;
			return [name, vlan, links.get(id)?.map(({ mode }) => mode) ?? []];
		}),
		[
			['eno1', null, ['dhcp']],
			['eno2', 'public', ['link_up']],
			['ens1f0np0', 'storage', ['auto']],
			['ens1f1np1', null, ['link_up']],
			['ens2f0np0', null, ['link_up']],
			['ens2f1np1', null, ['link_up']],
		],
	);
});

test('where this computer is in one of these networks, nothing is made, and it is said which', (t) => {
	const { store } = makeStore(t);
	createSubnet(store, { cidr: '10.0.0.0/8' });
	assert.deepEqual(fillNetworks(store, bootNetwork), { problem: '10.77.0.0/19 overlaps 10.0.0.0/8 (10.0.0.0/8).' });
	assert.deepEqual([networksOf(store).length, store.network.spaces.all().length], [1, 0]);
});
