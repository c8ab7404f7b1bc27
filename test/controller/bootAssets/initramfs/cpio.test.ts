import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type CpioEntry, writeCpio } from '../../../../controller/bootAssets/initramfs/cpio.ts';

const ENTRIES: CpioEntry[] = [
	{ kind: 'file', path: 'usr/bin/tool', mode: 0o755, data: Buffer.from('#!/bin/sh\n') },
	{ kind: 'file', path: 'etc/empty', mode: 0o644, data: new Uint8Array() },
	{ kind: 'link', path: 'bin', target: 'usr/bin' },
	{ kind: 'device', path: 'dev/console', major: 5, minor: 1 },
	{ kind: 'directory', path: 'proc' },
];

test('cpio itself lists the archive: parents first, owner root, fixed time, modes and device numbers', () => {
	const listing = execFileSync('cpio', ['-itv', '--numeric-uid-gid', '--quiet'], {
		input: writeCpio(ENTRIES),
		env: { ...process.env, TZ: 'UTC' },
	});
	const lines = listing.toString().trim().split('\n');
	const withoutDate = lines.map((line) => line.replace(/\s+Jan {2}1\s+2026/, '').replace(/ +/g, ' '));
	assert.deepEqual(withoutDate, [
		'lrwxrwxrwx 1 0 0 7 bin -> usr/bin',
		'drwxr-xr-x 2 0 0 0 dev',
		'crw------- 1 0 0 5, 1 dev/console',
		'drwxr-xr-x 2 0 0 0 etc',
		'-rw-r--r-- 1 0 0 0 etc/empty',
		'drwxr-xr-x 2 0 0 0 proc',
		'drwxr-xr-x 2 0 0 0 usr',
		'drwxr-xr-x 2 0 0 0 usr/bin',
		'-rwxr-xr-x 1 0 0 10 usr/bin/tool',
	]);
});

test('content comes out as it went in', () => {
	const data = Buffer.from(Array.from({ length: 1021 }, (_, index) => index % 256));
	const archive = writeCpio([{ kind: 'file', path: 'a', mode: 0o600, data }]);
	assert.deepEqual(execFileSync('cpio', ['-i', '--to-stdout', '--quiet', 'a'], { input: archive }), data);
});

test('the order of the entries does not change a byte', () => {
	assert.deepEqual(writeCpio([...ENTRIES].reverse()), writeCpio(ENTRIES));
});

for (const [name, entries, message] of [
	['two entries for one path', [ENTRIES[0], ENTRIES[0]], 'initramfs: two entries for usr/bin/tool'],
	[
		'a file below a link',
		[ENTRIES[2], { kind: 'directory', path: 'bin/x' }],
		'initramfs: bin/x lies below bin, which is no directory',
	],
] as [string, CpioEntry[], string][]) {
	test(`${name} is refused`, () => {
		assert.throws(() => writeCpio(entries), { message });
	});
}
