import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { type AptSource, renderSources, systemSources, withMirror } from '../../../controller/bootAssets/aptSources.ts';

const KEYS = '/usr/share/keyrings/debian-archive-keyring.gpg';

async function sourcesOf(t: { after(done: () => Promise<void>): void }, files: Record<string, string>): Promise<AptSource[]> {
	const etc = await mkdtemp(join(tmpdir(), 'metaldesk-apt-'));
	t.after(async () => await rm(etc, { recursive: true }));
	await mkdir(join(etc, 'sources.list.d'));
	for (const [name, text] of Object.entries(files)) await writeFile(join(etc, name), text);
	return await systemSources(etc);
}

test('one-line entries of bookworm are taken, foreign ones and comments left', async (t) => {
	const found = await sourcesOf(t, {
		'sources.list': [
			'# deb http://deb.example.org/debian bookworm main',
			'deb http://deb.example.org/debian bookworm main contrib # ours',
			`deb [arch=amd64 signed-by=${KEYS} trusted=yes] http://deb.example.org/security bookworm-security main`,
			'deb-src http://deb.example.org/debian bookworm main',
			'deb http://deb.example.org/debian trixie main',
			'deb http://deb.example.org/debian bookworm non-free',
		].join('\n'),
		'sources.list.d/cloud.list': 'deb https://packages.example.com/apt cloud-sdk-bookworm main\n',
	});
	assert.deepEqual(found, [
		{ uris: ['http://deb.example.org/debian'], suites: ['bookworm'], signedBy: null },
		{ uris: ['http://deb.example.org/security'], suites: ['bookworm-security'], signedBy: KEYS },
	]);
});

test('deb822 entries of bookworm are taken, foreign and disabled ones left', async (t) => {
	const found = await sourcesOf(t, {
		'sources.list.d/debian.sources': [
			`Types: deb deb-src\nURIs: http://a.example.org/debian http://b.example.org/debian\nSuites: bookworm bookworm-updates sid\nComponents: main non-free\nSigned-By: ${KEYS}`,
			'Enabled: no\nTypes: deb\nURIs: http://c.example.org\nSuites: bookworm\nComponents: main',
			'Types: deb\nURIs: https://deb.example.com/node_20.x\nSuites: nodistro\nComponents: main',
		].join('\n\n'),
	});
	assert.deepEqual(found, [
		{
			uris: ['http://a.example.org/debian', 'http://b.example.org/debian'],
			suites: ['bookworm', 'bookworm-updates'],
			signedBy: KEYS,
		},
	]);
});

test('a mirror takes the place of the main archive; security stays', () => {
	const system = [
		{ uris: ['http://deb.example.org/debian'], suites: ['bookworm', 'bookworm-updates'], signedBy: KEYS },
		{ uris: ['http://deb.example.org/security'], suites: ['bookworm-security'], signedBy: KEYS },
	];
	assert.equal(
		renderSources(withMirror(system, 'https://mirror.example.org/debian')),
		[
			`Types: deb\nURIs: https://mirror.example.org/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: ${KEYS}`,
			`Types: deb\nURIs: http://deb.example.org/security\nSuites: bookworm-security\nComponents: main\nSigned-By: ${KEYS}\n`,
		].join('\n\n'),
	);
});

for (const mirror of [
	'',
	'ftp://mirror.example.org',
	'http://mirror.example.org\nTrusted: yes',
	'http://mirror.example.org/a b',
	'/srv/debian',
]) {
	test(`mirror ${JSON.stringify(mirror)} is refused`, () => {
		assert.throws(() => withMirror([], mirror), /is not an http, https or file address/);
	});
}
