import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nextVersion, resourceName, systemOf } from '../../../controller/domain/bootFile.ts';

for (const [sent, kept] of [
	['golden', 'golden'],
	['custom/golden', 'golden'],
	[' custom/golden ', 'golden'],
	['Debian 12 (cloud)', 'Debian 12 (cloud)'],
	['ubuntu/jammy', 'ubuntu/jammy'],
	['centos/8', 'centos/8'],
	['custom/ubuntu/jammy', 'ubuntu/jammy'],
	['nix/unstable', null],
	['ubuntu/a/b', null],
	['ubuntu/', null],
	['/x', null],
	['custom/', null],
	['', null],
	["it's", null],
	['a\nb', null],
	['a\u202eb', null],
	['x'.repeat(101), null],
] as const)
	test(`${JSON.stringify(sent.slice(0, 30))} is kept as ${JSON.stringify(kept)}`, () => assert.equal(resourceName(sent), kept));

test('a kept name is kept again as it is, and its system and series make it', () => {
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.string({ unit: 'grapheme' })), (sent) => {
			const name = resourceName(sent);
			if (name === null) return;
			assert.equal(resourceName(name), name);
			const { osystem, distroSeries } = systemOf(name);
			assert.equal(osystem === 'custom' ? distroSeries : `${osystem}/${distroSeries}`, name);
		}),
	);
});

test('versions of one day are numbered from the second one on', () => {
	assert.equal(nextVersion('20261122', []), '20261122');
	assert.equal(nextVersion('20261122', ['20261121', '20261122']), '20261122.1');
	assert.equal(nextVersion('20261122', ['20261122', '20261122.1', '20261122.2']), '20261122.3');
	assert.equal(nextVersion('20261122', ['20261122.2']), '20261122.3');
});

test('each version comes behind those before it in the order of text, by which clients find the newest', () => {
	const versions: string[] = [];
	for (let at = 0; at < 40; at++) versions.unshift(nextVersion('20261122', versions));
	assert.deepEqual(versions.toSorted().reverse(), versions);
	assert.equal(versions[0], '20261122.99993');
});
