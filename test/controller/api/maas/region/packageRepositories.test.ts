import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';

const KEY = '-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmQENBF\n-----END PGP PUBLIC KEY BLOCK-----';

test('package repositories: Ubuntu’s two are there, others come and go', async (t) => {
	const { ann, bob } = await startMaas(t);
	const main = {
		id: 1,
		name: 'main_archive',
		url: 'http://archive.ubuntu.com/ubuntu',
		distributions: [],
		disabled_pockets: [],
		disabled_components: [],
		disable_sources: true,
		components: [],
		arches: ['amd64', 'i386'],
		key: '',
		enabled: true,
		resource_uri: '/MAAS/api/2.0/package-repositories/1/',
	};
	const listed = (await bob.get('package-repositories/')).json<unknown[]>();
	assert.deepEqual([listed[0], listed.length], [main, 2]);
	const changed = await ann.put('package-repositories/main_archive/', {
		disabled_pockets: 'backports,updates',
		disabled_components: ['multiverse', 'restricted'],
		disable_sources: 'false',
	});
	assert.deepEqual(changed.json(), {
		...main,
		disabled_pockets: ['backports', 'updates'],
		disabled_components: ['multiverse', 'restricted'],
		disable_sources: false,
	});
	const made = await ann.post('package-repositories/', null, {
		name: 'internal',
		url: 'https://apt.example.org/debian',
		distributions: 'stable',
		components: ['main', 'extra'],
		arches: 'amd64',
		key: KEY,
		enabled: 'false',
	});
	assert.deepEqual(made.json(), {
		...main,
		id: 3,
		name: 'internal',
		url: 'https://apt.example.org/debian',
		distributions: ['stable'],
		components: ['main', 'extra'],
		arches: ['amd64'],
		key: KEY,
		enabled: false,
		resource_uri: '/MAAS/api/2.0/package-repositories/3/',
	});
	assert.equal((await ann.delete('package-repositories/3/')).status, 204);
	assert.equal((await bob.get('package-repositories/3/')).text, 'No PackageRepository matches the given query.');
});

test('package repositories: what is refused, and in which words', async (t) => {
	const { ann, bob } = await startMaas(t);
	const good = { name: 'mine', url: 'http://apt.example.org/' };
	const create = (change: Record<string, string>) => ann.post('package-repositories/', null, { ...good, ...change });
	for (const [what, answer, status, body] of [
		[
			'no name and no URL',
			await ann.post('package-repositories/'),
			400,
			{ name: ['This field is required.'], url: ['This field is required.'] },
		],
		[
			'a taken name',
			await create({ name: 'main_archive' }),
			400,
			{ name: ['Package repository with this Name already exists.'] },
		],
		['no URL', await create({ url: 'apt.example.org' }), 400, { url: ['Enter a valid repository URL.'] }],
		['a line break in a URL', await create({ url: 'http://a/\ndeb http://b/' }), 400, { url: ['Enter a valid repository URL.'] }],
		[
			'a pocket that is none',
			await create({ disabled_pockets: 'proposed' }),
			400,
			{ disabled_pockets: ['“proposed” is none of updates, security, backports.'] },
		],
		[
			'components of a default one',
			await ann.put('package-repositories/1/', { components: 'main' }),
			400,
			/^\{"components":\["A default repository has/,
		],
		[
			'disabled components of another',
			await create({ disabled_components: 'universe' }),
			400,
			/^\{"disabled_components":\["Only default/,
		],
		['a key that is none', await create({ key: 'ssh-rsa AAAA' }), 400, { key: ['Enter an OpenPGP public key in ASCII armour.'] }],
		['the end of a default one', await ann.delete('package-repositories/2/'), 400, /cannot be deleted/],
		['a user', await bob.post('package-repositories/', null, good), 403, /not allowed/],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (body instanceof RegExp) assert.match(answer.text, body, what);
		else assert.deepEqual(answer.json(), body, what);
	}
});
