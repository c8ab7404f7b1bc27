import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

interface Dated {
	readonly created: string;
	readonly updated: string;
}
const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/;

test('boot sources: the first start has images.maas.io, with the current LTS selected', async (t) => {
	const { bob } = await startMaas(t);
	const [{ created, updated, ...source }] = (await bob.get('boot-sources')).json<[Dated & Record<string, unknown>]>();
	assert.match(created, MOMENT);
	assert.match(updated, MOMENT);
	assert.deepEqual(source, {
		...{ id: 1, name: 'MAAS stable', url: 'http://images.maas.io/ephemeral-v3/stable/', priority: 1, enabled: true },
		...{ keyring_filename: '/usr/share/keyrings/ubuntu-cloudimage-keyring.gpg', keyring_data: '' },
		...{ skip_keyring_verification: false, resource_uri: '/MAAS/api/2.0/boot-sources/1/' },
	});
	assert.deepEqual((await bob.get('boot-sources/1/selections/')).json(), [
		{
			...{ boot_source_id: 1, id: 1, os: 'ubuntu', release: 'noble', arches: ['amd64'], subarches: ['*'], labels: ['*'] },
			resource_uri: '/MAAS/api/2.0/boot-sources/1/selections/1/',
		},
	]);
});

test('boot sources: added with a keyring, changed, deleted with their selections', async (t) => {
	const { ann } = await startMaas(t);
	const form = new FormData();
	form.append('url', 'http://mirror.example.org/images/');
	form.append('keyring_data', new Blob([Uint8Array.of(0x99, 1, 2, 255)]), 'keys.gpg');
	const made = await ann.send('POST', 'boot-sources/', { body: form });
	const { created, updated, ...source } = made.json<Dated & Record<string, unknown>>();
	const plain = {
		...{ id: 2, name: '', url: 'http://mirror.example.org/images/', priority: 0, enabled: true, keyring_filename: '' },
		...{ keyring_data: 'mQEC/w==', skip_keyring_verification: false, resource_uri: '/MAAS/api/2.0/boot-sources/2/' },
	};
	assert.equal(made.status, 201);
	assert.deepEqual([source, updated], [plain, created]);
	const changed = await ann.put('boot-sources/2/', { keyring_filename: '/etc/keys.gpg', priority: 7, enabled: 'false' });
	const { created: _, updated: __, ...now } = changed.json<Dated & Record<string, unknown>>();
	assert.deepEqual(now, { ...plain, keyring_filename: '/etc/keys.gpg', keyring_data: '', priority: 7, enabled: false });

	const selected = await ann.post('boot-sources/2/selections/', null, {
		os: 'ubuntu',
		release: 'jammy',
		arches: ['amd64', 'arm64'],
	});
	const selection = {
		...{ boot_source_id: 2, id: 2, os: 'ubuntu', release: 'jammy', arches: ['amd64', 'arm64'], subarches: ['*'], labels: ['*'] },
		resource_uri: '/MAAS/api/2.0/boot-sources/2/selections/2/',
	};
	assert.deepEqual([selected.status, selected.json()], [201, selection]);
	const narrowed = await ann.put('boot-sources/2/selections/2/', { subarches: 'ga-22.04', arches: '*' });
	assert.deepEqual(narrowed.json(), { ...selection, arches: ['*'], subarches: ['ga-22.04'] });
	assert.deepEqual((await ann.get('boot-sources/2/selections/2/')).json(), narrowed.json());
	assert.equal((await ann.delete('boot-sources/2/selections/2/')).status, 204);
	assert.deepEqual((await ann.get('boot-sources/2/selections/')).json(), []);
	assert.equal((await ann.delete('boot-sources/2/')).status, 204);
	assert.equal((await ann.get('boot-sources/2/selections/')).status, 404);
});

test('boot sources: what is refused, and in which words', async (t) => {
	const { ann, bob } = await startMaas(t);
	const url = 'http://images.maas.io/ephemeral-v3/stable/';
	const sources = 'boot-sources/';
	const selections = 'boot-sources/1/selections/';
	const required = ['This field is required.'];
	for (const [what, answer, status, body] of [
		['no address', await ann.post(sources), 400, { url: required }],
		['no address of the web', await ann.post(sources, null, { url: 'file:///etc' }), 400, { url: ['Enter a valid URL.'] }],
		['a known address', await ann.post(sources, null, { url }), 400, { url: ['Boot source with this Url already exists.'] }],
		[
			'two keyrings',
			await ann.post(sources, null, { url: 'http://example.org', keyring_filename: '/a', keyring_data: 'b' }),
			400,
			{ keyring_data: ['Only one of keyring_filename or keyring_data can be specified.'] },
		],
		['nothing selected', await ann.post(selections), 400, { os: required, release: required }],
		[
			'a selection that is there',
			await ann.post(selections, null, { os: 'ubuntu', release: 'noble' }),
			400,
			{ release: ['ubuntu/noble is selected from this boot source already.'] },
		],
		['an unknown source', await ann.get('boot-sources/9/'), 404, /^No BootSource matches the given query\.$/],
		['an unknown selection', await ann.get('boot-sources/1/selections/9/'), 404, /^No BootSourceSelection matches/],
		['a user', await bob.post(sources, null, { url: 'http://example.org' }), 403, /./],
		['a user’s selection', await bob.delete('boot-sources/1/selections/1/'), 403, /./],
	] as const) {
		assert.equal(answer.status, status, what);
		if (body instanceof RegExp) assert.match(answer.text, body, what);
		else assert.deepEqual(answer.json(), body, what);
	}
});
