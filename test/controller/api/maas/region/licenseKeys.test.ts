import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

test('licence keys: one for each release, for administrators alone', async (t) => {
	const { ann, bob } = await startMaas(t);
	const key = {
		osystem: 'windows',
		distro_series: 'win2022',
		license_key: 'AAAAA-BBBBB',
		resource_uri: '/MAAS/api/2.0/license-key/windows/win2022',
	};
	const { resource_uri, ...sent } = key;
	assert.deepEqual((await ann.post('license-keys/', null, sent)).json(), key);
	assert.deepEqual((await ann.get('license-keys/')).json(), [key]);
	assert.deepEqual((await ann.send('GET', resource_uri)).json(), key);
	const changed = {
		...key,
		license_key: 'CCCCC',
		distro_series: 'win2025',
		resource_uri: '/MAAS/api/2.0/license-key/windows/win2025',
	};
	assert.deepEqual(
		(await ann.put('license-key/windows/win2022', { license_key: 'CCCCC', distro_series: 'win2025' })).json(),
		changed,
	);
	assert.deepEqual((await ann.get('license-key/windows/win2025/')).json(), changed, 'with and without the last slash');
	for (const [what, answer, status, text] of [
		['an old name', await ann.get('license-key/windows/win2022'), 404, 'No LicenseKey matches the given query.'],
		['a second one', await ann.post('license-keys/', null, { ...sent, distro_series: 'win2025' }), 400, /already exists/],
		['a slash', await ann.post('license-keys/', null, { ...sent, osystem: 'a/b' }), 400, /^\{"osystem":\["Use letters/],
		[
			'no key',
			await ann.post('license-keys/', null, { osystem: 'a', distro_series: 'b' }),
			400,
			'{"license_key":["This field is required."]}',
		],
		['a user', await bob.get('license-keys/'), 403, 'User is not allowed access to this API.'],
		['its end', await ann.delete('license-key/windows/win2025'), 204, ''],
	] as const) {
		assert.equal(answer.status, status, what);
		if (typeof text === 'string') assert.equal(answer.text, text, what);
		else assert.match(answer.text, text, what);
	}
});
