import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { mayAskFor } from '../../../../controller/api/metadata/anonymous.ts';
import type { Ipv4 } from '../../../../controller/domain/address.ts';
import type { LifecycleEvent } from '../../../../controller/domain/lifecycle.ts';
import { createAdvance } from '../../../../controller/flows/advance.ts';
import { addMachine, mac } from '../../../support/makeStore.ts';
import { startApi } from '../../../support/startApi.ts';

async function rack(t: TestContext, ...events: LifecycleEvent[]) {
	const api = await startApi(t);
	const machine = addMachine(api.store, 1);
	const advance = createAdvance(api.store, () => new Date());
	for (const event of events) advance(machine.id, event);
	const get = (where: string) => api.ask<string>('GET', `/MAAS/metadata/${where}`);
	const post = (where: string, form: Record<string, string> = {}) =>
		api.ask<string>('POST', `/MAAS/metadata/${where}`, { body: new URLSearchParams(form) });
	return {
		...api,
		machine,
		get,
		post,
		byId: `latest/by-id/${machine.systemId}/`,
		now: () => api.store.machines.byId(machine.id),
	};
}

test('a machine in memory learns its keys from its preseed, and signs with them', async (t) => {
	const { get, byId, url, ask, machine } = await rack(t, 'commission');
	const preseed = await get(`${byId}?op=get_preseed`);
	assert.deepEqual([preseed.status, preseed.headers.get('content-type')], [200, 'text/x-yaml; charset=utf-8']);
	const { datasource } = JSON.parse(preseed.body.replace('#cloud-config\n', ''));
	const { metadata_url, consumer_key, token_key, token_secret } = datasource.MAAS;
	assert.equal(metadata_url, `${url}/MAAS/metadata/`);
	const authorization = `OAuth oauth_consumer_key="${consumer_key}",oauth_token="${token_key}",oauth_signature_method="PLAINTEXT",oauth_signature="%26${token_secret}",oauth_timestamp="1",oauth_nonce="1",oauth_version="1.0"`;
	const path = `${new URL(metadata_url).pathname}2012-03-01/meta-data/instance-id`;
	assert.equal((await ask<string>('GET', path, { headers: { authorization } })).body, machine.systemId);
	const vendor = await ask<string>('GET', path.replace('instance-id', 'vendor-data'), { headers: { authorization } });
	assert.deepEqual(
		[vendor.headers.get('content-type'), JSON.parse(vendor.body)['cloud-init'].split('\n')[0]],
		['application/x-yaml', '#cloud-config'],
	);
	const scripts = await ask<string>('GET', path.replace('meta-data/instance-id', 'maas-scripts'), { headers: { authorization } });
	assert.equal(scripts.status, 204);
});

test('an unknown machine is sent to enlist', async (t) => {
	const { get, url } = await rack(t);
	const preseed = await get('latest/enlist-preseed/?op=get_enlist_preseed');
	assert.match(preseed.body, /^#cloud-config\n/);
	assert.ok(preseed.body.includes(`"metadata_url": "${url}/MAAS/metadata/enlist"`));
	for (const [where, status, body] of [
		['enlist/2012-03-01/', 200, 'meta-data\nuser-data'],
		['enlist/2012-03-01/meta-data/', 200, 'instance-id\nlocal-hostname'],
		['enlist/latest/meta-data/instance-id', 200, 'i-maas-enlistment'],
		['enlist/latest/meta-data/local-hostname', 200, 'maas-enlisting-node'],
		['enlist/latest/meta-data/public-keys', 404, 'No such metadata item: public-keys'],
		['enlist/1999-01-01/meta-data/', 404, 'Unknown metadata version: 1999-01-01'],
		['latest/by-mac/52:54:00:00:00:01/meta-data/', 403, 'Unauthenticated metadata access is not allowed on this MAAS.'],
		['latest/enlist-preseed/', 400, 'Unrecognised signature: method=GET op=undefined'],
	] as const) {
		const answer = await get(where);
		assert.deepEqual([answer.status, answer.body], [status, body], where);
	}
});

test('netboot is switched off and on by id while deploying, and only then', async (t) => {
	const { post, byId, now } = await rack(t, 'commission', 'commissioned', 'allocate', 'deploy');
	assert.deepEqual([(await post(byId, { op: 'netboot_off' })).body, now()?.netboot], ['OK', false]);
	assert.deepEqual([(await post(`${byId}?op=netboot_on`)).body, now()?.netboot], ['OK', true]);
	assert.equal((await post(byId, { op: 'explode' })).status, 400);
	const ready = await rack(t, 'commission', 'commissioned');
	assert.deepEqual([(await ready.post(ready.byId, { op: 'netboot_off' })).status, ready.now()?.netboot], [200, true]);
});

test('no preseed for a machine that starts from its disk, or that isn’t there; no keys for an idle one', async (t) => {
	const { get, store, byId } = await rack(t, 'commission', 'commissioned', 'allocate', 'deploy', 'deployed');
	assert.equal((await get(`${byId}?op=get_preseed`)).status, 404);
	assert.equal((await get('latest/by-id/nobody/?op=get_preseed')).body, 'No Node matches the given query.');
	assert.equal((await get(byId)).status, 400);
	const idle = await rack(t, 'commission', 'commissioned');
	const preseed = (await idle.get(`${idle.byId}?op=get_preseed`)).body;
	assert.match(preseed, /"mode": "poweroff"/);
	assert.doesNotMatch(preseed, /token_secret/);
	assert.equal(store.metadataKeys.current(1), undefined);
});

test('a machine that has an address of ours is asked for from there, or on the controller’s own computer', async (t) => {
	for (const [own, caller, may] of [
		[[], '192.0.2.7', true],
		[['192.168.77.100'], '192.168.77.100', true],
		[['192.168.77.100'], '::ffff:192.168.77.100', true],
		[['192.168.77.100', '192.168.77.101'], '192.168.77.101', true],
		[['192.168.77.100'], '192.168.77.10', false],
		[['192.168.77.100'], '192.0.2.7', false],
		[['192.168.77.100'], '127.0.0.1', true],
		[['192.168.77.100'], '::1', true],
	] as const)
		assert.equal(mayAskFor(own, caller), may, `${caller} for ${own}`);
	const { get, store, byId } = await rack(t, 'commission');
	await store.leases.save({
		...{ address: '192.168.77.100' as Ipv4, mac: mac(1), hostname: null, interface: 'br0', state: 'bound' },
		expiresAt: '9999-01-01T00:00:00.000Z',
	});
	assert.equal((await get(`${byId}?op=get_preseed`)).status, 200);
});
