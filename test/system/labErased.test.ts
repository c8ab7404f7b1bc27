import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { run } from '../lab/command.ts';
import { firstLeftover } from '../lab/drive/erased.ts';

describe('firstLeftover', () => {
	const mebibyte = 1024 * 1024;
	const size = 16 * mebibyte;
	let folder: string | undefined;
	after(() => folder && rm(folder, { recursive: true }));

	for (const [name, at, quick, full] of [
		['nothing at all', null, null, null],
		['the first byte', 0, 0, 0],
		['the last byte of the first 2 MiB', 2 * mebibyte - 1, 2 * mebibyte - 1, 2 * mebibyte - 1],
		['a byte in the middle, which only a full erase promises to zero', 5_000_000, null, 5_000_000],
		['the last byte', size - 1, size - 1, size - 1],
	] as const) {
		it(`finds ${name}`, async () => {
			folder ??= await mkdtemp(join(tmpdir(), 'metaldesk-erased-'));
			const file = join(folder, 'disk.raw');
			await writeFile(file, '');
			await truncate(file, size);
			if (at !== null) {
				await writeFile(join(folder, 'byte'), 'x');
				await run(['dd', `if=${join(folder, 'byte')}`, `of=${file}`, 'bs=1', `seek=${at}`, 'conv=notrunc', 'status=none']);
			}
			assert.deepEqual({ quick: await firstLeftover(file, 'quick'), full: await firstLeftover(file, 'full') }, { quick, full });
		});
	}
});
