import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formOf, makeMaasClient, startMaas } from '../../../support/maasClient.ts';

/** The parts of `consumer:token:secret`. */
const parts = (key: string | null) => {
	const [consumer = '', token = '', secret = ''] = (key ?? '').split(':');
	return { consumer, token, secret };
};

test('OAuth PLAINTEXT is taken as each client spells it, from header, query and form', async (t) => {
	const { nobody, ann } = await startMaas(t);
	const { consumer, token, secret } = parts(ann.key);
	const values: [string, string][] = [
		['oauth_consumer_key', consumer],
		['oauth_token', token],
		['oauth_signature_method', 'PLAINTEXT'],
		['oauth_signature', `&${secret}`],
		['oauth_timestamp', '1700000000'],
		['oauth_nonce', 'abc'],
		['oauth_version', '1.0'],
	];
	const header = (pairs: [string, string][], comma: string, quote: string) =>
		`OAuth ${pairs.map(([name, value]) => `${name}=${quote}${encodeURIComponent(value)}${quote}`).join(comma)}`;
	for (const [client, authorization] of [
		['oauthlib', header(values, ', ', '"')],
		['gomaasapi, in its random order', header([['realm', 'MAAS API'], ...values.toReversed()], ', ', '"')],
		['no blanks', header(values, ',', '"')],
		['no quotes', header(values, ', ', '')],
	] as const)
		assert.equal((await nobody.send('GET', 'zones/', { headers: { authorization } })).status, 200, client);
	assert.equal((await nobody.get('zones/', Object.fromEntries(values))).status, 200, 'query');
	assert.equal((await nobody.post('zones/', null, { ...Object.fromEntries(values), name: 'by-form' })).status, 200, 'form');
});

test('wrong credentials: 401 in MAAS’s words, 400 for a timestamp that is no number', async (t) => {
	const { url, ann, nobody, store } = await startMaas(t);
	const { consumer, token, secret } = parts(ann.key);
	const signed = (change: Record<string, string>) => {
		const all = {
			oauth_consumer_key: consumer,
			oauth_token: token,
			oauth_signature: `&${secret}`,
			oauth_signature_method: 'PLAINTEXT',
			oauth_timestamp: '1',
			...change,
		};
		return `OAuth ${Object.entries(all)
			.map(([name, value]) => `${name}="${encodeURIComponent(value)}"`)
			.join(', ')}`;
	};
	for (const [what, authorization, status, text] of [
		['another consumer', signed({ oauth_consumer_key: 'x' }), 401, /^Authorization Error: Invalid API key\.$/],
		['another token', signed({ oauth_token: 'x' }), 401, /^Authorization Error: '/],
		['another secret', signed({ oauth_signature: '&x' }), 401, /^Authorization Error: '/],
		['a signed HMAC', signed({ oauth_signature_method: 'HMAC-SHA1' }), 401, /^Authorization Error: '/],
		['half a header', 'OAuth oauth_token="x"', 401, /^Authorization Error: '/],
		['no number of seconds', signed({ oauth_timestamp: 'now' }), 400, /^Bad Request:/],
	] as const) {
		const answer = await nobody.send('GET', 'zones/', { headers: { authorization } });
		assert.equal(answer.status, status, what);
		assert.match(answer.text, text, what);
		assert.ok(answer.headers.get('date'), 'clients correct their clocks by it');
	}
	const revoked = makeMaasClient(url, store.users.createApiKey(1, 'short'));
	assert.equal((await revoked.get('zones/')).status, 200);
});

test('the operation comes from the query, the form or the end of the path; an empty one is none', async (t) => {
	const { ann } = await startMaas(t);
	const whoami = async (path: string) => (await ann.get(path)).json<{ username: string }>().username;
	assert.equal(await whoami('users/?op=whoami'), 'ann');
	assert.equal(await whoami('users/op-whoami'), 'ann');
	assert.equal(await whoami('users?op=whoami'), 'ann');
	assert.ok(Array.isArray((await ann.get('users/?op=')).json()));
	const inForm = await ann.send('POST', 'account/', { body: formOf({ op: 'create_authorisation_token', name: 'x' }) });
	assert.equal(inForm.status, 200);
	assert.deepEqual(
		[(await ann.post('zones/', 'explode')).text, (await ann.get('zones/?op=explode')).text],
		['Unrecognised signature: method=POST op=explode', 'Unrecognised signature: method=GET op=explode'],
	);
	assert.match((await ann.send('PUT', 'zones/')).text, /^Unrecognised signature: method=PUT op=None$/);
});

test('multipart as python-libmaas and MAAS’s command line send it: base64 parts, quoted boundaries, no parts at all', async (t) => {
	const { ann } = await startMaas(t);
	const base64 = (name: string, value: string) =>
		`--=_b\r\nContent-Disposition: form-data; name="${name}"\r\nContent-Type: text/plain; charset="utf-8"\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(value).toString('base64')}\r\n`;
	const type = { 'content-type': 'multipart/form-data; boundary="=_b"' };
	const made = await ann.send('POST', 'zones/', {
		headers: type,
		body: `${base64('name', 'row-1')}${base64('description', 'première rangée')}--=_b--\r\n`,
	});
	assert.deepEqual([made.status, made.json<{ description: string }>().description], [200, 'première rangée']);
	// numbers, booleans and bytes come as octets, without a file's name
	const octets = base64('vid', '7').replace(/text\/plain[^\r]*/, 'application/octet-stream');
	const vlan = await ann.send('POST', 'fabrics/0/vlans/', { headers: type, body: `${octets}--=_b--\r\n` });
	assert.deepEqual([vlan.status, vlan.json<{ vid: number }>().vid], [200, 7]);
	const plain = new FormData();
	plain.set('description', 'second');
	assert.equal((await ann.send('PUT', 'zones/row-1/', { body: plain })).json<{ description: string }>().description, 'second');
	const gone = await ann.send('DELETE', 'zones/row-1/', { headers: type, body: '--=_b--\r\n' });
	assert.deepEqual([gone.status, gone.type, gone.text], [204, 'text/plain; charset=utf-8', '']);
	assert.equal((await ann.send('DELETE', 'zones/row-1/', { headers: type })).status, 204);
	for (const [what, body] of [
		['cut short', base64('name', 'x').slice(0, 60)],
		['never ended', base64('name', 'x')],
	] as const)
		assert.equal((await ann.send('POST', 'zones/', { headers: type, body })).status, 400, what);
	const unbounded = await ann.send('POST', 'zones/', {
		headers: { 'content-type': 'multipart/form-data' },
		body: base64('name', 'x'),
	});
	assert.deepEqual([unbounded.status, /multipart/i.test(unbounded.text)], [400, true]);
});

test('what is nowhere is said in the words that Juju compares; old versions are gone', async (t) => {
	const { ann, nobody } = await startMaas(t);
	const nowhere = await ann.get('no-such-thing/');
	assert.deepEqual([nowhere.status, nowhere.text], [404, 'Unknown API endpoint: /MAAS/api/2.0/no-such-thing/.']);
	assert.match(nowhere.type, /^text\/plain/);
	assert.equal((await nobody.get('/MAAS/api/1.0/nodes/')).status, 410);
	assert.deepEqual([(await nobody.get('/MAAS/api/version/')).text, (await nobody.get('/MAAS/api/version')).status], ['2.0', 200]);
});

test('every answer carries the hash of the API, which is the description’s own', async (t) => {
	const { ann, nobody } = await startMaas(t);
	const described = await nobody.get('describe/');
	const { hash } = described.json<{ hash: string }>();
	assert.match(hash, /^[0-9a-f]{40}$/);
	for (const path of ['/MAAS/api/openapi.json', '/MAAS/api/2.0/openapi.yaml'])
		assert.equal((await nobody.get(path)).json<{ openapi: string }>().openapi, '3.1.0');
	assert.equal(described.type, 'application/json');
	for (const answer of [await ann.get('zones/'), await nobody.get('zones/'), await ann.get('nowhere/'), described])
		assert.equal(answer.headers.get('x-maas-api-hash'), hash);
});

test('by the session of the page: reading is free, changing needs its CSRF token', async (t) => {
	const { nobody, cookie } = await startMaas(t);
	const send = (method: string, path: string, headers: Record<string, string> = {}) =>
		nobody.send(method, path, {
			headers: { cookie, ...headers },
			...(method === 'POST' ? { body: formOf({ name: 'row-1' }) } : {}),
		});
	assert.equal((await send('GET', 'zones/')).status, 200);
	assert.equal((await send('POST', 'zones/')).status, 403);
	assert.equal((await send('POST', 'zones/', { 'x-csrftoken': 'guessed' })).status, 403);
	const { csrf } = (await send('POST', '/MAAS/account/csrf/')).json<{ csrf: string }>();
	assert.equal((await send('POST', 'zones/', { 'x-csrftoken': csrf })).status, 200);
});

test('numbers, booleans, lists and choices: what forms send is understood, what is not is named by field', async (t) => {
	const { ann } = await startMaas(t);
	const long = 'x'.repeat(300);
	for (const [form, answer] of [
		[{}, { name: ['This field is required.'] }],
		[{ name: '' }, { name: ['This field is required.'] }],
		[{ name: long }, { name: ['Ensure this value has at most 256 characters (it has 300).'] }],
		[{ name: 'a\u0000b' }, { name: ['Null characters are not allowed.'] }],
	] as const)
		assert.deepEqual((await ann.post('zones/', null, form)).json(), answer);
	const json = { headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'by-json' }) };
	assert.equal((await ann.send('POST', 'zones/', json)).status, 200);
	for (const body of ['{', '[]', 'null', '"x"'])
		assert.equal((await ann.send('POST', 'zones/', { ...json, body })).status, 400, body);
});
