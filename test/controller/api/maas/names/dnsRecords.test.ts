import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';

test('records: added with their names, changed, listed, and the last one takes its name along', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const made = await ann.post('dnsresourcerecords/', null, {
		name: 'mail',
		domain: 'maas',
		rrtype: 'mx',
		rrdata: ' 10   mx1.example.org ',
		ttl: 90,
	});
	const record = {
		id: 1,
		fqdn: 'mail.maas',
		ttl: 90,
		rrtype: 'MX',
		rrdata: '10 mx1.example.org',
		resource_uri: '/MAAS/api/2.0/dnsresourcerecords/1/',
	};
	assert.deepEqual([made.status, made.json()], [200, record]);
	const text = (await ann.post('dnsresourcerecords/', null, { fqdn: 'mail.maas', rrtype: 'TXT', rrdata: 'v=spf1  -all' })).json();
	assert.deepEqual(text, {
		id: 2,
		fqdn: 'mail.maas',
		ttl: null,
		rrtype: 'TXT',
		rrdata: 'v=spf1  -all',
		resource_uri: '/MAAS/api/2.0/dnsresourcerecords/2/',
	});
	assert.deepEqual((await bob.get('dnsresourcerecords/', { domain: 'maas' })).json(), [record, text]);
	assert.deepEqual((await bob.get('dnsresourcerecords/', { rrtype: 'TXT' })).json(), [text]);
	assert.deepEqual((await bob.get('dnsresourcerecords/', { name: 'other' })).json(), []);
	assert.deepEqual((await ann.get('dnsresources/1/')).json<{ resource_records: unknown }>().resource_records, [record, text]);
	assert.deepEqual((await ann.put('dnsresourcerecords/1/', { ttl: 0 })).json(), { ...record, ttl: 0 });
	const changed = { ...record, ttl: null, rrdata: '20 mx2.example.org' };
	assert.deepEqual((await ann.put('dnsresourcerecords/1/', { rrdata: '20 mx2.example.org', ttl: '' })).json(), changed);
	assert.equal((await ann.delete('dnsresourcerecords/1/')).status, 204);
	assert.equal(store.dnsResources.all().length, 1);
	assert.equal((await ann.delete('dnsresourcerecords/2/')).status, 204);
	assert.equal(store.dnsResources.all().length, 0);
	assert.equal((await ann.get('dnsresourcerecords/2/')).text, 'No DNSData matches the given query.');
});

test('records: what is refused, and in which words', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	addMachine(store, 1);
	await ann.post('dnsresources/', null, { fqdn: 'www.maas', ip_addresses: '198.51.100.1' });
	await ann.post('dnsresourcerecords/', null, { fqdn: 'txt.maas', rrtype: 'TXT', rrdata: 'x' });
	await ann.post('dnsresourcerecords/', null, { fqdn: 'alias.maas', rrtype: 'CNAME', rrdata: 'www.maas' });
	const create = (fqdn: string, rrtype: string, rrdata: string) =>
		ann.post('dnsresourcerecords/', null, { fqdn, rrtype, rrdata });
	for (const [what, answer, status, text] of [
		[
			'no type and no data',
			await ann.post('dnsresourcerecords/', null, { fqdn: 'x.maas' }),
			400,
			'{"rrtype":["This field is required."],"rrdata":["This field is required."]}',
		],
		[
			'an address',
			await create('x.maas', 'A', '198.51.100.2'),
			400,
			'{"rrtype":["Addresses belong to the name itself: send ip_addresses to dnsresources."]}',
		],
		['a strange type', await create('x.maas', 'HINFO', 'x'), 400, '{"rrtype":["Use one of CNAME, MX, NS, SRV, SSHFP, TXT."]}'],
		[
			'wrong data',
			await create('x.maas', 'SRV', 'x'),
			400,
			'{"rrdata":["Invalid SRV: Should be \'<priority> <weight> <port> <server>\'."]}',
		],
		[
			'an alias beside an address',
			await create('www.maas', 'CNAME', 'x'),
			400,
			/^\{"__all__":\["CNAME records for a name cannot coexist/,
		],
		['an alias beside a record', await create('txt.maas', 'CNAME', 'x'), 400, /cannot coexist/],
		['a second alias', await create('alias.maas', 'CNAME', 'x'), 400, /^\{"__all__":\["Only one CNAME/],
		['a record beside an alias', await create('alias.maas', 'TXT', 'x'), 400, /cannot coexist/],
		['an alias of a node’s name', await create('node-1.maas', 'CNAME', 'x'), 400, /^\{"name":\["node-1 is the name of a node/],
		['the same twice', await create('txt.maas', 'TXT', 'x'), 400, '{"__all__":["This name has the same record already."]}'],
		['data of another type', await ann.put('dnsresourcerecords/1/', { rrtype: 'MX' }), 400, /^\{"rrdata":\["Invalid MX/],
		[
			'a user',
			await bob.post('dnsresourcerecords/', null, { fqdn: 'x.maas', rrtype: 'TXT', rrdata: 'x' }),
			403,
			'User is not allowed access to this API.',
		],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (typeof text === 'string') assert.equal(answer.text, text, what);
		else assert.match(answer.text, text, what);
	}
	assert.deepEqual(
		store.dnsResources.all().map(({ name }) => name),
		['alias', 'txt', 'www'],
		'no name was left behind',
	);
});
