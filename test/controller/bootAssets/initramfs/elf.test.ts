import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { ElfError, neededLibraries, readSection } from '../../../../controller/bootAssets/initramfs/elf.ts';
import { elfModule } from './elfModule.ts';

/** What the loader itself says that a program needs directly is a subset of ldd's list, so names are compared with that. */
test('the libraries of real programs are those that the loader loads', () => {
	for (const program of ['/bin/ls', '/usr/bin/apt-get', '/bin/bash']) {
		const loaded = execFileSync('ldd', [program]).toString();
		const needed = neededLibraries(readFileSync(program));
		assert.ok(needed.includes('/lib64/ld-linux-x86-64.so.2'), `${program}: ${needed.join(' ')}`);
		assert.ok(needed.includes('libc.so.6') || needed.length > 1);
		for (const name of needed) assert.ok(loaded.includes(name), `${program} does not load ${name}`);
	}
});

test('a script, an empty file and a static program need nothing', () => {
	assert.deepEqual(neededLibraries(Buffer.from('#!/bin/sh\n')), []);
	assert.deepEqual(neededLibraries(Buffer.alloc(0)), []);
	assert.deepEqual(neededLibraries(elfModule({})), []);
});

test('a section is found by its name', () => {
	const file = elfModule({ depends: 'crc16,mbcache' });
	assert.equal(readSection(file, '.modinfo')?.toString(), 'depends=crc16,mbcache\0');
	assert.equal(readSection(file, '.text'), null);
});

test('a damaged file is an ElfError, wherever it is damaged', () => {
	const program = readFileSync('/bin/ls');
	const head = 4096;
	fc.assert(
		fc.property(fc.nat(head), fc.uint8Array({ minLength: 1, maxLength: 32 }), fc.nat(program.length), (at, noise, length) => {
			const damaged = Buffer.from(program.subarray(0, length));
			damaged.set(noise.subarray(0, Math.max(0, damaged.length - at)), Math.min(at, damaged.length));
			for (const read of [() => neededLibraries(damaged), () => readSection(damaged, '.dynamic')]) {
				try {
					read();
				} catch (error) {
					assert.ok(error instanceof ElfError, String(error));
				}
			}
		}),
		{ numRuns: 200 },
	);
});
