import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LifecycleEvent } from '../../../../controller/domain/lifecycle.ts';
import { createAdvance } from '../../../../controller/flows/advance.ts';
import { addMachine } from '../../../support/makeStore.ts';
import { startApi } from '../../../support/startApi.ts';

/** A deploying machine and its cloud-init, which signs each request with the keys of this deployment. */
async function deployed(t: TestContext) {
	const api = await startApi(t);
	const { store } = api;
	const { id, systemId } = addMachine(store, 1);
	const advance = createAdvance(store, () => new Date());
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy'] as LifecycleEvent[]) advance(id, event);
	const { consumerKey, tokenKey, tokenSecret } = store.metadataKeys.renew(id);
	const authorization =
		`OAuth oauth_nonce="1", oauth_timestamp="2", oauth_version="1.0", oauth_signature_method="PLAINTEXT", ` +
		`oauth_consumer_key="${consumerKey}", oauth_token="${tokenKey}", oauth_signature="%26${tokenSecret}"`;
	const get = (where: string, headers: Record<string, string> = { authorization }) =>
		api.ask<string>('GET', `/MAAS/metadata/${where}`, { headers });
	return { ...api, id, systemId, authorization, get, status: () => store.machines.byId(id)?.status };
}

test('paths and texts are those that cloud-init’s MAAS datasource reads, doubled slashes and all', async (t) => {
	const { get, systemId, store, id } = await deployed(t);
	assert.equal((await get('2012-03-01/meta-data/instance-id')).body, systemId);
	assert.equal((await get('/2012-03-01/meta-data/local-hostname')).body, 'node-1.maas');
	assert.equal((await get('latest/meta-data/')).body, 'instance-id\nlocal-hostname\nvendor-data');
	assert.equal((await get('')).body, '2012-03-01\nlatest');
	for (const [where, status] of [
		['2012-03-01/meta-data/public-keys', 404],
		['2012-03-01/meta-data/constructor', 404],
		['1999-01-01/meta-data/', 404],
		['2012-03-01/user-data', 404],
	] as const)
		assert.equal((await get(where)).status, status, where);
	store.machines.update(id, { userData: Buffer.from([0x1f, 0x8b, 0x00, 0xff]) });
	const data = await get('2012-03-01/user-data');
	assert.deepEqual([data.status, data.headers.get('content-type')], [200, 'application/octet-stream']);
	assert.ok(data.headers.get('date'));
});

test('the question for user data makes the machine Deployed', async (t) => {
	const { get, status } = await deployed(t);
	await get('2012-03-01/meta-data/instance-id');
	assert.equal(status(), 'deploying');
	await get('2012-03-01/user-data');
	assert.equal(status(), 'deployed');
});

test('no signature, keys of nobody, and keys of an earlier deployment', async (t) => {
	const { get, authorization, store, id, status } = await deployed(t);
	assert.deepEqual([(await get('2012-03-01/user-data', {})).status, status()], [401, 'deploying']);
	const wrong = { authorization: authorization.replace('%26', '%26x') };
	assert.deepEqual([(await get('2012-03-01/user-data', wrong)).status, status()], [403, 'deploying']);
	store.metadataKeys.renew(id);
	assert.deepEqual([(await get('2012-03-01/user-data')).status, status()], [403, 'deploying']);
});

test('status lines are taken as cloud-init posts them: JSON without a content type', async (t) => {
	const { ask, authorization, systemId, store, id, status } = await deployed(t);
	const post = (body: unknown, headers: Record<string, string> = { authorization }) =>
		ask<string>('POST', `/MAAS/metadata/status/${systemId}`, {
			headers,
			// bytes, so that fetch adds no content type of its own
			body: new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body)),
		});
	const line = {
		origin: 'cloudinit',
		name: 'modules-final',
		description: 'running',
		event_type: 'finish',
		result: 'SUCCESS',
		timestamp: 1,
	};
	assert.equal((await post(line)).status, 204);
	assert.equal((await post(line, { authorization, 'content-type': 'application/json' })).status, 204);
	assert.equal(store.events.ofMachine(id).filter(({ stage }) => stage === 'cloud-init').length, 2);
	assert.equal((await post(line, {})).status, 401);
	assert.equal((await post(line, { authorization: authorization.replace('%26', '%26x') })).status, 204);
	for (const body of ['', 'no json', '[]', { ...line, name: 7 }])
		assert.equal((await post(body)).status, 400, JSON.stringify(body));
	assert.equal((await post('x'.repeat(9 << 20))).status, 413);
	await post({ ...line, result: 'FAIL', description: 'no network' });
	assert.deepEqual(
		[status(), store.machines.byId(id)?.statusText],
		['failed_deployment', 'cloud-init: modules-final: no network'],
	);
});

test('netboot_off hands the next boot to the disk; an operation that nobody knows is refused', async (t) => {
	const { ask, authorization, store, id } = await deployed(t);
	const post = (query: string, init: RequestInit = {}) =>
		ask<string>('POST', `/MAAS/metadata/latest/${query}`, { headers: { authorization }, ...init });
	const multipart = new FormData();
	multipart.set('op', 'netboot_off');
	assert.deepEqual([(await post('?op=netboot_off', { body: multipart })).body, store.machines.byId(id)?.netboot], ['OK', false]);
	const refused = await post('?op=explode%00');
	assert.deepEqual([refused.status, refused.headers.get('content-type')], [400, 'text/plain; charset=utf-8']);
});
