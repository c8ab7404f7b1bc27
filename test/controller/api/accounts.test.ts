import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { formOf, makeMaasClient, startMaas } from '../../support/maasClient.ts';

async function accounts(t: TestContext) {
	const maas = await startMaas(t);
	const post = (path: string, form: Record<string, string> = {}, headers: Record<string, string> = {}) =>
		maas.nobody.send('POST', `/MAAS/${path}`, { body: formOf(form), headers });
	/** The headers of a new session: its cookie, and its CSRF token. */
	const session = async (username: string) => {
		const { headers } = await post('accounts/login/', { username, password: maas.password });
		const cookie = (headers.get('set-cookie') ?? '').split(';')[0] ?? '';
		const { csrf } = (await post('account/csrf/', {}, { cookie })).json<{ csrf: string }>();
		return { cookie, csrf };
	};
	return { ...maas, post, session };
}

test('MAAS’s accounts', async (t) => {
	// one controller for all: starting it, with three users, is what takes time here
	const maas = await accounts(t);

	await t.test('the page signs in by a form: 204 with a cookie, or the form’s errors', async () => {
		const { nobody, post, password } = maas;
		const state = async (headers: Record<string, string> = {}) =>
			(await nobody.send('GET', '/MAAS/accounts/login/', { headers })).json();
		assert.deepEqual(await state(), { authenticated: false, external_auth_url: null, no_users: false });
		for (const [form, body] of [
			[{}, { username: ['This field is required.'], password: ['This field is required.'] }],
			[{ username: 'ann' }, { password: ['This field is required.'] }],
			[{ username: 'ann', password: 'wrong' }, { __all__: ['Wrong user name or password.'] }],
			[{ username: 'nobody\u0000', password: 'wrong' }, { __all__: ['Wrong user name or password.'] }],
		] as const) {
			const refused = await post('accounts/login/', form);
			assert.deepEqual([refused.status, refused.json(), refused.headers.get('set-cookie')], [400, body, null]);
		}
		const elsewhere = await post('accounts/login/', { username: 'ann', password }, { 'sec-fetch-site': 'cross-site' });
		assert.deepEqual([elsewhere.status, elsewhere.headers.get('set-cookie')], [403, null]);
		const signedIn = await post('accounts/login/', { username: 'ann', password });
		assert.deepEqual([signedIn.status, signedIn.text], [204, '']);
		const cookie = (signedIn.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
		assert.deepEqual(await state({ cookie }), { authenticated: true, external_auth_url: null, no_users: false });
		assert.equal((await post('accounts/login/', {}, { cookie })).status, 204, 'who is in already needs no password');
	});

	await t.test('a session lasts as long as session_length says', async () => {
		const { post, password, store } = maas;
		store.config.set('session_length', 90);
		const { headers } = await post('accounts/login/', { username: 'ann', password });
		const [, token = ''] = /metaldesk_session=([^;]+);.*Max-Age=90$/.exec(headers.get('set-cookie') ?? '') ?? [];
		const after = (seconds: number) => new Date(Date.now() + seconds * 1000).toISOString();
		assert.deepEqual(
			[store.users.bySession(token, after(80))?.username, store.users.bySession(token, after(91))],
			['ann', undefined],
		);
	});

	await t.test('a client gets a key for a password, and the same one again for the same consumer', async () => {
		const { url, post, nobody, password, store, bob } = maas;
		const form = { username: 'bob', password, consumer: 'bob@desk' };
		const { status, json } = await post('accounts/authenticate/', form);
		const { consumer_key, token_key, token_secret, name } = json<Record<string, string>>();
		assert.deepEqual([status, name], [200, 'bob@desk']);
		const me = await makeMaasClient(url, `${consumer_key}:${token_key}:${token_secret}`).get('users/?op=whoami');
		assert.equal(me.json().username, 'bob');

		store.users.createApiToken(bob.user.id, 'bob@desk');
		assert.equal((await post('accounts/authenticate', form)).json().token_key, token_key, 'the oldest of that name');
		const unnamed = await post('accounts/authenticate/', { username: 'bob', password });
		assert.equal(unnamed.json().name, 'MAAS consumer');

		const wrong = await post('accounts/authenticate/', { ...form, password: 'wrong' });
		assert.deepEqual([wrong.status, wrong.text], [403, '']);
		assert.equal((await nobody.send('GET', '/MAAS/accounts/authenticate/')).status, 405);
	});

	await t.test('a session’s changes need its CSRF token; an API key’s don’t', async () => {
		const { nobody, session, ann } = maas;
		const mine = await session('ann');
		const other = await session('ann');
		const add = (name: string, headers: Record<string, string>) =>
			nobody.send('POST', 'zones/', { body: formOf({ name }), headers });
		assert.equal((await nobody.send('GET', 'zones/', { headers: { cookie: mine.cookie } })).status, 200);
		for (const token of [undefined, '', 'guess', other.csrf]) {
			const refused = await add('row-1', { cookie: mine.cookie, ...(token === undefined ? {} : { 'x-csrftoken': token }) });
			assert.equal(refused.status, 403);
			assert.match(refused.text, /^CSRF verification failed/);
		}
		assert.equal((await add('row-1', { cookie: mine.cookie, 'x-csrftoken': mine.csrf })).status, 200);
		assert.equal((await ann.post('zones/', null, { name: 'row-2' })).status, 200);
	});

	await t.test('signing out ends the session, for whoever has its CSRF token', async () => {
		const { nobody, post, session } = maas;
		const { cookie, csrf } = await session('ann');
		const signedIn = async () => (await nobody.send('GET', 'zones/', { headers: { cookie } })).status === 200;
		assert.deepEqual([(await post('accounts/logout/', {}, { cookie })).status, await signedIn()], [403, true]);
		assert.deepEqual(
			[(await post('accounts/logout/', {}, { cookie, 'x-csrftoken': csrf })).status, await signedIn()],
			[204, false],
		);
		assert.equal((await post('accounts/logout/')).status, 204);
		assert.equal((await nobody.send('GET', '/MAAS/accounts/logout/')).status, 405);
		assert.equal((await post('account/csrf/')).status, 403);
		assert.equal((await post('account/csrf/', {}, { cookie })).status, 403);
	});

	await t.test('hostile forms are refused, not stumbled over', async () => {
		const { nobody } = maas;
		for (const [type, body, status] of [
			['multipart/form-data', 'Content-Disposition: form-data', 400],
			['application/json', '{', 400],
			['application/json', '[1]', 400],
			['application/x-www-form-urlencoded', 'x'.repeat(100_000), 413],
			['application/x-www-form-urlencoded', `username=${'%00'.repeat(1000)}&password=x`, 400],
		] as const) {
			const answer = await nobody.send('POST', '/MAAS/accounts/login/', { headers: { 'content-type': type }, body });
			assert.equal(answer.status, status, `${type} ${body.slice(0, 30)}`);
		}
		const discharge = await nobody.send('GET', '/MAAS/accounts/discharge-request/');
		assert.equal(discharge.status, 404);
	});

	await t.test('a user who was switched off is refused, by key, by session and by password', async () => {
		const { nobody, post, session, store, bob, password } = maas;
		const { cookie } = await session('bob');
		store.users.setActive(bob.user.id, false);
		const byKey = await bob.get('zones/');
		assert.deepEqual([byKey.status, byKey.text], [403, 'User is not allowed access to this API.']);
		assert.equal((await nobody.send('GET', 'zones/', { headers: { cookie } })).status, 401);
		assert.equal((await post('accounts/login/', { username: 'bob', password })).status, 400);
		assert.equal((await post('accounts/authenticate/', { username: 'bob', password })).status, 403);
	});

	await t.test('who guesses has to wait, and is told so', async () => {
		const { post, password } = maas;
		for (let guess = 0; guess < 5; guess++) await post('accounts/login/', { username: 'ann', password: `guess ${guess}` });
		const refused = await post('accounts/login/', { username: 'ann', password });
		assert.match(JSON.stringify(refused.json()), /Too many wrong passwords for ann: try again in \d s/);
		const byApi = await post('accounts/authenticate/', { username: 'ann', password });
		assert.equal(byApi.status, 403);
		assert.match(byApi.text, /^Too many wrong passwords for ann/);
	});
});
