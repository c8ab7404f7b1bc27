import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeMaasClient, startMaas } from '../../../../support/maasClient.ts';

test('API keys: made, listed, renamed and revoked by their owner alone', async (t) => {
	const { url, bob, eve } = await startMaas(t);
	const made = await bob.post('account/', 'create_authorisation_token', { name: 'laptop' });
	const token = made.json<{ token_key: string; token_secret: string; consumer_key: string; name: string }>();
	assert.deepEqual(
		[made.status, Object.keys(token).sort(), token.name],
		[200, ['consumer_key', 'name', 'token_key', 'token_secret'], 'laptop'],
	);
	const key = `${token.consumer_key}:${token.token_key}:${token.token_secret}`;
	const laptop = makeMaasClient(url, key);
	const names = async () => (await laptop.get('account/?op=list_authorisation_tokens')).json<{ name: string; token: string }[]>();
	assert.deepEqual(await names(), [
		{ name: 'tests', token: bob.key },
		{ name: 'laptop', token: key },
	]);
	assert.equal((await bob.post('account/', 'create_authorisation_token')).json().name, 'MAAS consumer');

	const renamed = await bob.post('account/', 'update_token_name', { token: key, name: 'old laptop' });
	assert.equal(renamed.status, 202);
	assert.equal((await bob.post('account/', 'update_token_name', { token: token.token_key, name: 'older' })).status, 202);
	assert.equal((await names())[1]?.name, 'older');

	assert.equal((await eve.post('account/', 'update_token_name', { token: key, name: 'mine' })).status, 404);
	assert.equal((await eve.post('account/', 'delete_authorisation_token', { token_key: token.token_key })).status, 204);
	assert.equal((await laptop.get('users/?op=whoami')).status, 200, 'eve could not revoke it');
	assert.equal((await bob.post('account/', 'delete_authorisation_token', { token_key: token.token_key })).status, 204);
	assert.equal((await laptop.get('users/?op=whoami')).status, 401);
});

test('API keys: what is refused', async (t) => {
	const { ann, nobody } = await startMaas(t);
	for (const [answer, status, text] of [
		[await ann.post('account/', 'delete_authorisation_token'), 400, 'No provided token_key!'],
		[await ann.post('account/', 'update_token_name', { token: 'x' }), 400, 'No provided name!'],
		[await ann.post('account/', 'update_token_name', { token: 'a:b:c', name: 'x' }), 404, 'No Token matches the given query.'],
		[await ann.get('account/'), 400, 'Unrecognised signature: method=GET op=None'],
		// by this answer libmaas learns that there are no macaroons here
		[await nobody.post('account/', 'create_authorisation_token'), 401, 'Authorization Required'],
	] as const)
		assert.deepEqual([answer.status, answer.text], [status, text]);
});
