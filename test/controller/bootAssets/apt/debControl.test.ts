import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDepends, parsePackageRecords } from '../../../../controller/bootAssets/apt/debControl.ts';

const SHA = 'ab'.repeat(32);

test('a stanza of the package index', () => {
	const text = `Package: tool\nVersion: 1:2.0-3\nDepends: libc6 (>= 2.36), libx1 | libx2:any\nPre-Depends: dpkg\nSection: admin\nSize: 1234\nSHA256: ${SHA}\nDescription: x\n Package: not this\n\n`;
	assert.deepEqual(parsePackageRecords(text), [
		{
			name: 'tool',
			version: '1:2.0-3',
			section: 'admin',
			depends: [['dpkg'], ['libc6'], ['libx1', 'libx2']],
			sha256: SHA,
			size: 1234,
		},
	]);
	assert.deepEqual(parsePackageRecords(''), []);
});

test('a stanza without a hash is refused', () => {
	assert.throws(() => parsePackageRecords('Package: tool\nVersion: 1\n'), { message: 'package index: tool has no SHA256' });
});

for (const [text, groups] of [
	['', []],
	['a', [['a']]],
	['a (= 1:2), b [amd64] | c (<< 3) , d:any', [['a'], ['b', 'c'], ['d']]],
] as [string, string[][]][]) {
	test(`dependencies ${JSON.stringify(text)}`, () => assert.deepEqual(parseDepends(text), groups));
}
