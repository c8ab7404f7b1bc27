import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { storedXz } from '../../../controller/domain/storedXz.ts';
import { needs } from '../../support/needs.ts';

for (const size of [0, 1, 127, 128, 65_535, 65_536, 65_537, 300_001])
	test(`xz reads ${size} bytes back`, { skip: needs('xz', 'xz-utils') }, () => {
		const bytes = Buffer.from(Array.from({ length: size }, (_, at) => (at * 31) % 251));
		const { status, stdout, stderr } = spawnSync('xz', ['-dc'], { input: storedXz(bytes), maxBuffer: 1 << 22 });
		assert.deepEqual([status, stderr.toString()], [0, '']);
		assert.deepEqual(stdout, bytes);
	});
