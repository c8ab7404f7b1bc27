import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rootCertificates } from 'node:tls';
import { startMaas } from '../../../../support/maasClient.ts';

const path = 'account/prefs/sslkeys/';
const pem = rootCertificates[0] as string;

test('SSL keys: added, listed, shown and deleted by their owner alone', async (t) => {
	const { ann, bob } = await startMaas(t);
	const made = await bob.post(path, null, { key: `${pem}\n` });
	const object = { id: 1, key: pem, resource_uri: '/MAAS/api/2.0/account/prefs/sslkeys/1/' };
	assert.deepEqual([made.status, made.json()], [201, object]);
	assert.deepEqual([(await bob.get(path)).json(), (await ann.get(path)).json()], [[object], []]);
	assert.deepEqual((await bob.get(`${path}1/`)).json(), object);
	assert.deepEqual([(await ann.get(`${path}1/`)).status, (await ann.delete(`${path}1/`)).status], [403, 403]);
	assert.deepEqual([(await bob.delete(`${path}1/`)).status, (await bob.get(`${path}1/`)).status], [204, 404]);
});

test('SSL keys: what is no certificate is refused by its field', async (t) => {
	const { bob } = await startMaas(t);
	await bob.post(path, null, { key: pem });
	for (const [key, why] of [
		['', 'This field is required.'],
		[pem, 'You have added this SSL key already.'],
		['x', 'This is no certificate: it begins with -----BEGIN CERTIFICATE-----.'],
		[pem.slice(0, 400), 'This certificate can’t be read: was a part of it lost while copying?'],
		[
			'-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----',
			'This holds a private key, which nobody but you should have: paste the certificate alone.',
		],
	] as const) {
		const refused = await bob.post(path, null, { key });
		assert.deepEqual([refused.status, refused.json()], [400, { key: [why] }]);
	}
});
