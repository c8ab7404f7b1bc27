import assert from 'node:assert/strict';
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { fileSource, memorySource, type TftpSource } from '../../../controller/services/tftpSource.ts';

const BYTES = Buffer.from(Array.from({ length: 1_600_000 }, (_, i) => (i ^ (i >> 8) ^ (i >> 16)) & 255));
let folder: string;
let file: string;
before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'source-'));
	file = path.join(folder, 'file');
	await writeFile(file, BYTES);
});
after(() => rm(folder, { recursive: true }));

const sources: [string, () => Promise<TftpSource>][] = [
	['a file', () => fileSource(file, BYTES.length)],
	['memory', async () => memorySource(BYTES)],
];
for (const [what, open] of sources) {
	test(`${what} is read forward, with windows that cross what is read ahead and go back over what was not acknowledged`, async () => {
		const source = await open();
		const window = 64 * 1468;
		// Every third window is asked for again from its middle, as after a lost packet.
		for (let at = 0, turn = 0; at < BYTES.length; turn++) {
			const got = await source.read(at, window);
			assert.ok(BYTES.subarray(at, at + window).equals(got), `at ${at}`);
			at += turn % 3 === 2 ? window / 2 : window;
		}
		await source.close();
	});
	test(`${what} may be asked for any place, and gives less only at its end`, async () => {
		const source = await open();
		for (const at of [1_500_000, 0, 524_288, 524_287, 10, BYTES.length - 5, BYTES.length]) {
			assert.ok(BYTES.subarray(at, at + 1000).equals(await source.read(at, 1000)), `at ${at}`);
		}
		await source.close();
	});
}

test('a file that is not there, or is shorter than announced, is an error', async () => {
	await assert.rejects(fileSource(path.join(folder, 'nothing'), 1), { code: 'ENOENT' });
	const short = path.join(folder, 'short');
	await writeFile(short, 'abc');
	await truncate(short, 2);
	const source = await fileSource(short, 3);
	await assert.rejects(async () => source.read(0, 3), /the file ends at 2 bytes/);
	await source.close();
});
