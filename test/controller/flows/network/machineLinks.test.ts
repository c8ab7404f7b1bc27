import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ipv4, Mac } from '../../../../controller/domain/address.ts';
import { Refusal } from '../../../../controller/domain/errors.ts';
import { createLeaseAddress } from '../../../../controller/flows/leaseAddress.ts';
import { createRange } from '../../../../controller/flows/network/changeRange.ts';
import { changeReservedIp } from '../../../../controller/flows/network/changeReservedIp.ts';
import { createSubnet, updateSubnet } from '../../../../controller/flows/network/changeSubnet.ts';
import { linkSubnet } from '../../../../controller/flows/network/linkSubnet.ts';
import { claimAddresses, releaseAddresses, setDefaultLinks } from '../../../../controller/flows/network/machineLinks.ts';
import { addressBook } from '../../../../controller/flows/network/serving.ts';
import type { Store } from '../../../../controller/store/store.ts';
import { makeFlows, served } from '../../../support/makeFlows.ts';
import { addMachine, mac, makeStore } from '../../../support/makeStore.ts';
import { makeHardware } from '../../../support/plainHardware.ts';

/** The rack's subnet with its pool, as serving it makes it. */
function addSubnet(store: Store) {
	const subnet = createSubnet(store, { cidr: '192.168.77.0/24', gatewayIp: '192.168.77.1' });
	const { start: startIp, end: endIp } = served.pool;
	createRange(store, { type: 'dynamic', startIp, endIp, subnet, comment: '', userId: null });
	return subnet;
}
const linksOf = (store: Store, nodeId: number) => {
	const links = store.network.addresses.linksOf([nodeId]);
	return store.network.interfaces
		.ofNodes([nodeId])
		.map(
			({ id, name, vlanId }) =>
				`${name}@${vlanId} ${(links.get(id) ?? []).map(({ mode, ip }) => `${mode} ${ip ?? '-'}`).join(', ')}`,
		);
};

test('a machine’s life: seen on a subnet, linked to it, given an address by deployment, which its release gives back', async (t) => {
	const flows = await makeFlows(t);
	const { store } = flows;
	addSubnet(store);
	const hardware = makeHardware(1);
	const { machine: found } = await flows.runThrough(hardware);
	assert.match(linksOf(store, found.id)[0] as string, /@1 auto -$/);
	const machine = flows.givePower(found);
	const by = await flows.admin();
	flows.actions.commission(machine, by);
	await flows.perMachine.idle();
	await flows.runThrough(hardware);
	assert.equal(flows.machineOf(hardware).status, 'ready');
	const links = linksOf(store, machine.id);
	assert.match(links[0] as string, /@1 auto -$/);
	for (const other of links.slice(1)) assert.doesNotMatch(other, /auto|dhcp|static/);

	claimAddresses(store, machine.id);
	assert.match(linksOf(store, machine.id)[0] as string, /auto 192\.168\.77\.2$/);
	claimAddresses(store, machine.id);
	assert.match(linksOf(store, machine.id)[0] as string, /auto 192\.168\.77\.2$/);
	releaseAddresses(store, machine.id);
	assert.match(linksOf(store, machine.id)[0] as string, /auto -$/);
});

test('addresses are claimed outside of ranges and of what somebody has; a used-up subnet gives nobody a part', (t) => {
	const { store } = makeStore(t);
	const subnet = createSubnet(store, { cidr: '192.0.2.0/29', gatewayIp: '192.0.2.1' });
	createRange(store, { type: 'dynamic', startIp: '192.0.2.4', endIp: '192.0.2.5', subnet, comment: '', userId: null });
	const machines = [1, 2, 3, 4].map((number) => addMachine(store, number));
	for (const { id } of machines) {
		const [row] = store.network.interfaces.ofNodes([id]);
		assert.ok(row);
		linkSubnet(store, row, { mode: 'auto', subnet, ipAddress: null, defaultGateway: false, force: false });
	}
	changeReservedIp(store, null, { ip: '192.0.2.6', mac: mac(2) });
	const claim = (number: number) => {
		claimAddresses(store, machines[number - 1]?.id ?? -1);
		return [...store.network.addresses.linksOf([machines[number - 1]?.id ?? -1]).values()].flat()[0]?.ip;
	};
	assert.deepEqual([claim(1), claim(2), claim(3)], ['192.0.2.2', '192.0.2.6', '192.0.2.3']);
	assert.throws(
		() => claim(4),
		(error) =>
			error instanceof Refusal &&
			error.code === 'unavailable' &&
			error.message === 'No more IPs available in subnet: 192.0.2.0/29.',
	);
	assert.throws(() => updateSubnet(store, subnet, { cidr: '192.0.2.0/30', gatewayIp: '192.0.2.1' }), /192\.0\.2\.0\/30/);
	releaseAddresses(store, machines[0]?.id ?? -1);
	assert.equal(claim(4), '192.0.2.2');
});

test('an address is not claimed where a BMC or a stranger is', (t) => {
	const { store } = makeStore(t);
	const subnet = createSubnet(store, { cidr: '192.0.2.0/24', gatewayIp: '192.0.2.1' });
	const machine = addMachine(store, 1);
	const [row] = store.network.interfaces.ofNodes([machine.id]);
	assert.ok(row);
	linkSubnet(store, row, { mode: 'auto', subnet, ipAddress: null, defaultGateway: false, force: false });
	store.bmcs.insert('ipmi', '192.0.2.2', {});
	store.bmcs.insert('ipmi', 'bmc.example.org', {});
	for (const [ip, card] of [
		['192.0.2.3', mac(77)],
		['192.0.2.4', mac(1)],
	] as const)
		store.discoveries.heard({ ip, mac: card, hostname: null, interfaceName: 'br0' });
	claimAddresses(store, machine.id);
	assert.equal(store.network.addresses.ofInterface(row.id)[0]?.ip, '192.0.2.4', 'where only the machine itself was heard');
});

test('what was configured before is replaced: bonds, bridges and links of an earlier commissioning', (t) => {
	const { store } = makeStore(t);
	const subnet = addSubnet(store);
	const machine = addMachine(store, 1);
	store.inventory.addMacs(machine.id, [mac(1), mac(2), mac(3)]);
	const { interfaces } = store.network;
	const [boot, other, unplugged] = interfaces.ofNodes([machine.id]);
	assert.ok(boot && other && unplugged);
	interfaces.update(boot.id, { vlanId: 1 });
	interfaces.update(other.id, { vlanId: 1 });
	interfaces.insert({ nodeId: machine.id, type: 'bond', name: 'bond0', mac: boot.mac, vlanId: 1 }, [boot.id, other.id]);
	linkSubnet(store, other, { mode: 'static', subnet, ipAddress: '192.168.77.9', defaultGateway: true, force: false });
	setDefaultLinks(store, machine.id);
	assert.deepEqual(linksOf(store, machine.id), ['eth0@1 auto -', 'eth1@1 link_up -', 'eth2@null ']);
	assert.deepEqual(store.network.gateways.of([machine.id]).get(machine.id)?.ipv4, null);
	for (const [wanted, link] of [
		['static', 'static 192.168.77.2'],
		['dhcp', 'dhcp -'],
		['link_up', 'link_up -'],
	] as const) {
		store.config.set('default_boot_interface_link_type', wanted);
		setDefaultLinks(store, machine.id);
		assert.equal(linksOf(store, machine.id)[0], `eth0@1 ${link}`);
	}
});

test('DHCP gives a card the address of its link or its reservation, and nobody else', async (t) => {
	const { store, clock } = makeStore(t);
	const subnet = addSubnet(store);
	const machine = addMachine(store, 1);
	const [row] = store.network.interfaces.ofNodes([machine.id]);
	assert.ok(row);
	const leases = createLeaseAddress(served, store.leases, clock.now, addressBook(store, subnet.id, served.pool));
	const ask = async (card: Mac) => (await leases.offer(card, null))?.address;
	const take = (card: Mac, address: string) => leases.confirm(card, address as Ipv4, null, 600);
	assert.equal(await ask(mac(1)), '192.168.77.100');
	await take(mac(1), '192.168.77.100');

	linkSubnet(store, row, { mode: 'static', subnet, ipAddress: '192.168.77.7', defaultGateway: false, force: false });
	assert.deepEqual(await take(mac(1), '192.168.77.100'), { refused: 'this machine’s address is 192.168.77.7' });
	assert.equal(await ask(mac(1)), '192.168.77.7');
	assert.ok(!('refused' in (await take(mac(1), '192.168.77.7'))));
	assert.deepEqual(store.leases.bound().get(mac(1)), ['192.168.77.7'], 'the earlier one is given back');
	assert.deepEqual(await take(mac(2), '192.168.77.7'), { refused: '192.168.77.7 is not handed out here' });
	changeReservedIp(store, null, { ip: '192.168.77.8', mac: mac(2) });
	assert.equal(await ask(mac(2)), '192.168.77.8');

	assert.deepEqual(leases.settings(), { routers: ['192.168.77.1'] });
	updateSubnet(store, subnet, { gatewayIp: '', dnsServers: ['192.168.77.3', '2001:db8::3'] });
	assert.deepEqual(leases.settings(), { dnsServers: ['192.168.77.3'] });

	// a stranger was found there: the card gets another one until somebody has looked
	await leases.decline(mac(1), '192.168.77.7' as Ipv4);
	assert.match((await ask(mac(1))) ?? '', /^192\.168\.77\.1\d\d$/);
	clock.pass(3_601_000);
	assert.equal(await ask(mac(1)), '192.168.77.7');
});
