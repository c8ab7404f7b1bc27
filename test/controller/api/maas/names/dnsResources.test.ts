import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';

interface Shown {
	id: number;
	fqdn: string;
	address_ttl: number | null;
	ip_addresses: { ip: string; alloc_type: number; alloc_type_name: string; owner: { username: string } }[] | null;
	resource_records: { id: number; rrtype: string; rrdata: string; ttl: number | null }[];
	resource_uri: string;
}

test('names: made with addresses that are reserved for them, changed, and gone with these', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const made = (
		await ann.post('dnsresources/', null, { fqdn: 'WWW.maas', address_ttl: 60, ip_addresses: '198.51.100.1,2001:DB8::0:1' })
	).json<Shown>();
	assert.deepEqual(
		[made.id, made.fqdn, made.address_ttl, made.resource_records, made.resource_uri],
		[1, 'www.maas', 60, [], '/MAAS/api/2.0/dnsresources/1/'],
	);
	assert.deepEqual(
		made.ip_addresses?.map(({ ip, alloc_type, alloc_type_name, owner }) => [ip, alloc_type, alloc_type_name, owner.username]),
		[
			['198.51.100.1', 4, 'User reserved', 'ann'],
			['2001:db8::1', 4, 'User reserved', 'ann'],
		],
	);
	assert.deepEqual((await bob.get('dnsresources/1/')).json(), { ...made });
	assert.deepEqual((await bob.get('dnsresources/')).json(), [{ ...made }]);

	const moved = (
		await ann.put('dnsresources/1/', { name: 'web', ip_addresses: ['198.51.100.2', '198.51.100.1'], address_ttl: '' })
	).json<Shown>();
	assert.deepEqual(
		[moved.fqdn, moved.address_ttl, moved.ip_addresses?.map(({ ip }) => ip)],
		['web.maas', null, ['198.51.100.1', '198.51.100.2']],
	);
	assert.equal(store.network.addresses.byIp('2001:db8::1'), undefined, 'an address that the name has given up is free');
	// as Terraform's provider changes a name without a TTL
	assert.equal((await ann.put('dnsresources/1/', { fqdn: 'web.maas', address_ttl: 0 })).json<Shown>().address_ttl, 0);
	assert.equal((await ann.delete('dnsresources/1/')).status, 204);
	assert.equal(store.network.addresses.byIp('198.51.100.1'), undefined);
	assert.equal((await ann.get('dnsresources/1/')).text, 'No DNSResource matches the given query.');
});

test('names: an address that somebody has is linked, not taken, and stays when the name goes', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const mine = store.network.addresses.insert({ ip: '198.51.100.7', allocType: 4, userId: bob.user.id });
	const made = (await bob.post('dnsresources/', null, { name: 'bobs', domain: 0, ip_addresses: String(mine.id) })).json<Shown>();
	assert.deepEqual([made.fqdn, made.ip_addresses?.map(({ ip }) => ip)], ['bobs.maas', ['198.51.100.7']]);
	assert.equal((await bob.put(`dnsresources/${made.id}/`, { name: 'ours' })).json<Shown>().fqdn, 'ours.maas');
	// two names of one address, of which the first has reserved it
	const one = (await ann.post('dnsresources/', null, { fqdn: 'one.maas', ip_addresses: '198.51.100.8' })).json<Shown>();
	await ann.post('dnsresources/', null, { fqdn: 'two.maas', ip_addresses: '198.51.100.8' });
	await ann.delete(`dnsresources/${one.id}/`);
	assert.ok(store.network.addresses.byIp('198.51.100.8'), 'the other name still has it');
	await ann.delete(`dnsresources/${one.id + 1}/`);
	assert.equal(store.network.addresses.byIp('198.51.100.8'), undefined);
	assert.equal((await bob.delete(`dnsresources/${made.id}/`)).status, 204);
	assert.ok(store.network.addresses.byIp('198.51.100.7'));
});

test('names: found by whole name, name, domain and type; those of nodes come with all=true', async (t) => {
	const { ann, store } = await startMaas(t);
	await ann.post('domains/', null, { name: 'example.org', ttl: 120 });
	await ann.post('dnsresources/', null, { fqdn: 'www.maas', ip_addresses: '198.51.100.1' });
	await ann.post('dnsresources/', null, { fqdn: 'www.example.org', ip_addresses: '2001:db8::2' });
	await ann.post('dnsresourcerecords/', null, { fqdn: 'example.org', rrtype: 'MX', rrdata: '10 mail' });
	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { domainId: 1 });
	const card = store.network.interfaces.ofNodes([machine.id])[0];
	store.network.addresses.insert({ ip: '198.51.100.9', allocType: 1, mode: 'static', interfaceId: card?.id ?? null });
	const names = async (query: Record<string, string>) =>
		(await ann.get('dnsresources/', query)).json<Shown[]>().map(({ fqdn }) => fqdn);
	for (const [query, expected] of [
		[{}, ['www.maas', 'example.org', 'www.example.org']],
		[{ fqdn: 'www.example.org' }, ['www.example.org']],
		[{ fqdn: 'www.example.net' }, []],
		[{ name: 'WWW' }, ['www.maas', 'www.example.org']],
		[{ domain: 'example.org' }, ['example.org', 'www.example.org']],
		[{ domain: '0', name: 'www' }, ['www.maas']],
		[{ rrtype: 'mx' }, ['example.org']],
		[{ rrtype: 'AAAA' }, ['www.example.org']],
		[{ rrtype: 'A', all: 'true' }, ['www.maas', 'node-1.example.org']],
		[{ domain: '1', name: 'node-1', all: '1' }, ['node-1.example.org']],
	] as const)
		assert.deepEqual(await names(query), expected, JSON.stringify(query));
	const record = { id: -1, fqdn: 'node-1.example.org', ttl: 120, rrtype: 'A', rrdata: '198.51.100.9', resource_uri: '' };
	assert.deepEqual((await ann.get('dnsresources/', { fqdn: 'node-1.example.org', all: true })).json(), [
		{ id: -1, fqdn: 'node-1.example.org', address_ttl: 120, ip_addresses: null, resource_records: [record], resource_uri: '' },
	]);
});

test('names: what is refused, and in which words', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	await ann.post('subnets/', null, { cidr: '192.0.2.0/24' });
	await ann.post('ipranges/', null, { type: 'dynamic', start_ip: '192.0.2.100', end_ip: '192.0.2.199' });
	await ann.post('dnsresources/', null, { fqdn: 'www.maas', ip_addresses: '198.51.100.1' });
	await ann.post('dnsresourcerecords/', null, { fqdn: 'alias.maas', rrtype: 'CNAME', rrdata: 'www' });
	const create = (form: Record<string, string>, client = ann) => client.post('dnsresources/', null, form);
	for (const [what, answer, status, text] of [
		['no name', await create({ domain: '0' }), 400, '{"name":["This field is required."]}'],
		['no domain', await create({ name: 'x' }), 400, '{"domain":["This field is required."]}'],
		[
			'a foreign name',
			await create({ fqdn: 'www.example.org' }),
			400,
			'{"fqdn":["www.example.org is in no domain of this region."]}',
		],
		['an unknown domain', await create({ name: 'x', domain: 'nowhere' }), 404, 'No Domain matches the given query.'],
		['a name that is none', await create({ name: 'a b', domain: '0' }), 400, /^\{"name":\["A name has labels/],
		[
			'a taken name',
			await create({ fqdn: 'www.maas', ip_addresses: '198.51.100.3' }),
			400,
			'{"name":["Labels must be unique in their zone."]}',
		],
		[
			'no address',
			await create({ fqdn: 'x.maas', ip_addresses: '300.1.1.1' }),
			400,
			'{"ip_addresses":["“300.1.1.1” is no IP address."]}',
		],
		[
			'a dynamic address',
			await create({ fqdn: 'x.maas', ip_addresses: '192.0.2.150' }),
			400,
			/is in the dynamic range 192\.0\.2\.100–192\.0\.2\.199/,
		],
		['an alias’s address', await create({ fqdn: 'alias.maas', ip_addresses: '198.51.100.4' }), 400, /cannot coexist/],
		['a TTL', await create({ fqdn: 'x.maas', address_ttl: '-1' }), 400, /^\{"address_ttl":/],
		[
			'a user and a free address',
			await create({ fqdn: 'x.maas', ip_addresses: '198.51.100.5' }, bob),
			403,
			/not an address of yours/,
		],
		['a user and no address', await create({ fqdn: 'x.maas' }, bob), 403, /not allowed/],
		['a user and what is another’s', await bob.put('dnsresources/1/', { name: 'y' }), 403, /not allowed/],
		['a user’s deletion', await bob.delete('dnsresources/1/'), 403, /not allowed/],
		['a type that is none', await ann.get('dnsresources/', { rrtype: 'HINFO' }), 400, /^\{"rrtype":/],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (typeof text === 'string') assert.equal(answer.text, text, what);
		else assert.match(answer.text, text, what);
	}
	assert.deepEqual(
		store.dnsResources.all().map(({ name }) => name),
		['alias', 'www'],
		'what was refused has left nothing behind',
	);
	assert.equal(store.network.addresses.byIp('198.51.100.4'), undefined);
});
