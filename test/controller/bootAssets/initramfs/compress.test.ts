import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { compress } from '../../../../controller/bootAssets/initramfs/compress.ts';

const DATA = Buffer.from(Array.from({ length: 300_000 }, (_, index) => (index * index) % 251));

for (const [how, unpack] of [
	['zstd', zstdDecompressSync],
	['gzip', gunzipSync],
] as const) {
	test(`${how} gives the same bytes each time, and the content back`, async () => {
		const [first, second] = [await compress(DATA, how), await compress(DATA, how)];
		assert.ok(first.equals(second));
		assert.ok(unpack(first).equals(DATA));
		assert.ok(first.length > 0 && first.length < DATA.length);
	});
}
