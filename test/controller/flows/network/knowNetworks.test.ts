import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ensureController } from '../../../../controller/flows/ensureController.ts';
import { type HostCard, knowNetworks } from '../../../../controller/flows/network/knowNetworks.ts';
import { makeStore } from '../../../support/makeStore.ts';
import { plainHost } from '../../../support/plainHost.ts';

const card = (name: string, last: number, ...addresses: string[]) => ({ name, mac: `52:54:00:aa:00:0${last}`, addresses });

function make(t: TestContext, cards: HostCard[]) {
	const { store, clock } = makeStore(t);
	const learn = (found: HostCard[]) => {
		ensureController(store, { ...plainHost, cards: found.map((each) => ({ ...each, mac: each.mac ?? '' })) }, clock.now);
		knowNetworks(store, found);
	};
	learn(cards);
	const { network } = store;
	/** `cidr @ fabric vid` of each subnet, and the controller's interfaces with their addresses. */
	const shown = () => {
		const fabrics = new Map(network.fabrics.all().map(({ id, name }) => [id, name]));
		const vlans = new Map(network.vlans.all().map((vlan) => [vlan.id, `${fabrics.get(vlan.fabricId)} ${vlan.vid}`]));
		const controller = store.nodes.all('controller')[0]?.id ?? -1;
		const links = network.addresses.linksOf([controller]);
		return {
			subnets: network.subnets.all().map(({ cidr, vlanId }) => `${cidr} @ ${vlans.get(vlanId)}`),
			interfaces: network.interfaces
				.ofNodes([controller])
				.map(
					({ id, name, vlanId }) => `${name} @ ${vlans.get(vlanId ?? -1)}: ${(links.get(id) ?? []).map(({ ip }) => ip).join()}`,
				),
		};
	};
	return { store, learn, shown };
}

test('the first network is on the default fabric, others on fabrics of their own; a tagged card is on its card’s fabric', (t) => {
	const { shown, learn } = make(t, [
		card('eth0.10', 1, '198.51.100.1/24'),
		card('eth0', 1, '192.0.2.2/24', '2001:db8::2/64', 'fe80::1/64'),
		card('eth1', 2, '203.0.113.1/25'),
		card('lo', 3, '127.0.0.1/8', '::1/128'),
	]);
	const known = {
		subnets: [
			'192.0.2.0/24 @ fabric-0 0',
			'2001:db8::/64 @ fabric-0 0',
			'203.0.113.0/25 @ fabric-1 0',
			'198.51.100.0/24 @ fabric-0 10',
		],
		interfaces: [
			'eth0.10 @ fabric-0 10: 198.51.100.1',
			'eth0 @ fabric-0 0: 192.0.2.2,2001:db8::2',
			'eth1 @ fabric-1 0: 203.0.113.1',
		],
	};
	assert.deepEqual({ ...shown(), interfaces: shown().interfaces.slice(0, 3) }, known);
	learn([card('eth0', 1, '192.0.2.3/24')]);
	assert.deepEqual(shown().subnets, known.subnets, 'what is known stays');
	assert.ok(shown().interfaces.includes('eth0 @ fabric-0 0: 192.0.2.3'), 'an address that has gone is free');
});

test('a served interface comes first; what people have arranged stays', (t) => {
	const { store, shown, learn } = make(t, []);
	store.interfaceModes.set({ name: 'rack0', mode: 'full', pool: null });
	learn([card('eth0', 1, '192.0.2.2/24'), card('rack0', 2, '198.51.100.1/24')]);
	assert.deepEqual(shown().subnets, ['198.51.100.0/24 @ fabric-0 0', '192.0.2.0/24 @ fabric-1 0']);
	const [first] = store.network.subnets.all();
	store.network.subnets.update(first?.id ?? 0, {
		name: 'rack',
		vlanId: store.network.vlans.insert({ fabricId: 0, vid: 7, name: null }).id,
	});
	learn([card('rack0', 2, '198.51.100.1/24')]);
	assert.deepEqual(shown().subnets, ['198.51.100.0/24 @ fabric-0 7', '192.0.2.0/24 @ fabric-1 0']);
	assert.equal(shown().interfaces.at(-1), 'rack0 @ fabric-0 7: 198.51.100.1');
	assert.equal(store.network.subnets.all()[0]?.name, 'rack');
});

test('an address whose mask says another network than the subnet that is there: said, and nothing is made', (t) => {
	const { store, shown, learn } = make(t, [card('eth0', 1, '192.0.2.2/25')]);
	const said: string[] = [];
	store.events.subscribe(({ text }) => said.push(text));
	learn([card('eth0', 1, '192.0.2.2/25'), card('eth1', 2, '192.0.2.200/24')]);
	assert.deepEqual(shown().subnets, ['192.0.2.0/25 @ fabric-0 0']);
	assert.deepEqual(said, ['This controller has an address in 192.0.2.0/24, which overlaps 192.0.2.0/25.']);
});
