import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';

const maas = {
	id: 0,
	name: 'maas',
	ttl: null,
	authoritative: true,
	is_default: true,
	resource_record_count: 0,
	resource_uri: '/MAAS/api/2.0/domains/0/',
};

test('domains: added, changed, made the default, deleted', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	assert.deepEqual((await bob.get('domains/')).json(), [maas]);
	const made = await ann.post('domains/', null, {
		name: 'Example.org.',
		authoritative: 'false',
		ttl: 600,
		forward_dns_servers: '192.0.2.1, [2001:db8::1]:5353',
	});
	const example = {
		...maas,
		id: 1,
		name: 'example.org',
		ttl: 600,
		authoritative: false,
		is_default: false,
		resource_uri: '/MAAS/api/2.0/domains/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, example]);
	assert.deepEqual(store.domains.byId(1)?.forwardDnsServers, ['192.0.2.1', '[2001:db8::1]:5353']);
	assert.deepEqual((await ann.put('domains/1/', { ttl: '', authoritative: true })).json(), {
		...example,
		ttl: null,
		authoritative: true,
	});
	assert.deepEqual((await ann.post('domains/1/', 'set_default')).json(), {
		...example,
		ttl: null,
		authoritative: true,
		is_default: true,
	});
	assert.deepEqual((await bob.get('domains/example.org/')).json<{ is_default: boolean }>().is_default, true);
	assert.equal((await bob.get('domains/0/')).json<{ is_default: boolean }>().is_default, false);
	await ann.post('domains/0/', 'set_default');
	assert.equal((await ann.delete('domains/1/')).status, 204);
	assert.equal(store.domains.byId(1), undefined);
});

test('domains: each counts the addresses and records that it has', async (t) => {
	const { ann, store } = await startMaas(t);
	await ann.post('dnsresources/', null, { fqdn: 'www.maas', ip_addresses: '198.51.100.1 198.51.100.2' });
	await ann.post('dnsresourcerecords/', null, { fqdn: 'www.maas', rrtype: 'TXT', rrdata: 'x' });
	const machine = addMachine(store, 1);
	const card = store.network.interfaces.ofNodes([machine.id])[0];
	store.network.addresses.insert({ ip: '198.51.100.9', allocType: 1, mode: 'static', interfaceId: card?.id ?? null });
	assert.equal((await ann.get('domains/0/')).json<{ resource_record_count: number }>().resource_record_count, 4);
	assert.equal((await ann.get('domains/')).json<{ resource_record_count: number }[]>()[0]?.resource_record_count, 4);
});

test('domains: what is refused, and in which words', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	await ann.post('domains/', null, { name: 'example.org' });
	store.machines.update(addMachine(store, 1).id, { domainId: 1 });
	await ann.post('domains/', null, { name: 'example.net' });
	await ann.post('dnsresourcerecords/', null, { name: '@', domain: 'example.net', rrtype: 'TXT', rrdata: 'x' });
	for (const [what, answer, status, text] of [
		['no name', await ann.post('domains/'), 400, '{"name":["This field is required."]}'],
		['a name that is none', await ann.post('domains/', null, { name: 'a b' }), 400, /^\{"name":\["A domain name has labels/],
		[
			'a taken name',
			await ann.post('domains/', null, { name: 'EXAMPLE.org' }),
			400,
			'{"name":["Domain with this Name already exists."]}',
		],
		[
			'a server that is none',
			await ann.post('domains/', null, { name: 'x', forward_dns_servers: '192.0.2.1:99999' }),
			400,
			/^\{"forward_dns_servers":\["“192/,
		],
		['a TTL of 0', await ann.put('domains/1/', { ttl: 0 }), 400, '{"ttl":["Ensure this value is greater than or equal to 1."]}'],
		['the default’s end', await ann.delete('domains/0/'), 400, 'This domain is the default domain, it cannot be deleted.'],
		['the end of one with nodes', await ann.delete('domains/1/'), 400, 'This domain cannot be deleted: nodes are in it.'],
		['the end of one with names', await ann.delete('domains/2/'), 400, 'This domain cannot be deleted: DNS resources are in it.'],
		['one that is not there', await ann.get('domains/77/'), 404, 'No Domain matches the given query.'],
		['a user', await bob.post('domains/1/', 'set_default'), 403, 'User is not allowed access to this API.'],
		[
			'the serial number',
			await ann.post('domains/', 'set_serial', { serial: 7 }),
			501,
			/^No DNS server of Metaldesk’s own runs yet/,
		],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (typeof text === 'string') assert.equal(answer.text, text, what);
		else assert.match(answer.text, text, what);
	}
});
