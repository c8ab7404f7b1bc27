import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernel, makeFlows } from '../../../support/makeFlows.ts';
import { addMachine, mac } from '../../../support/makeStore.ts';

const EVERYWHERE = { nodeId: null, subnetId: null, rangeId: null };

test('what snippets say reaches the machines’ DHCP, the most particular one first', async (t) => {
	const { ask, store } = await makeFlows(t);
	const machine = addMachine(store, 1);
	const subnet = store.network.subnets.insert({
		cidr: '192.168.77.0/24',
		name: 'rack',
		vlanId: 1,
		description: '',
		gatewayIp: null,
		dnsServers: [],
		rdnsMode: 2,
		allowDns: true,
		allowProxy: true,
		activeDiscovery: false,
		managed: true,
		disabledBootArchitectures: [],
	});
	const settings = async (card = mac(1)) => {
		const answer = await ask('discover', card, kernel);
		if (answer === 'silence' || answer.kind === 'nak') return answer;
		const { routers, dnsServers, domain } = answer;
		return { routers, dnsServers, domain };
	};
	assert.deepEqual(await settings(), { routers: undefined, dnsServers: undefined, domain: 'maas' });
	store.dhcpSnippets.create({
		name: 'host',
		value: 'option routers 192.168.77.3;',
		scope: { ...EVERYWHERE, nodeId: machine.id },
	});
	store.dhcpSnippets.create({
		name: 'net',
		value: 'option routers 192.168.77.2; option domain-name "lab";',
		scope: { ...EVERYWHERE, subnetId: subnet.id },
	});
	store.dhcpSnippets.create({
		name: 'all',
		value: 'option routers 192.168.77.1; option domain-name-servers 192.0.2.53;',
		scope: EVERYWHERE,
	});
	assert.deepEqual(await settings(), { routers: ['192.168.77.3'], dnsServers: ['192.0.2.53'], domain: 'lab' });
	assert.deepEqual(await settings(mac(2)), { routers: ['192.168.77.2'], dnsServers: ['192.0.2.53'], domain: 'lab' });
	store.dhcpSnippets.update(store.dhcpSnippets.byName('net')?.id ?? 0, { enabled: false });
	assert.deepEqual(await settings(mac(2)), { routers: ['192.168.77.1'], dnsServers: ['192.0.2.53'], domain: 'maas' });
});
