import assert from 'node:assert/strict';
import { test } from 'node:test';
import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { Refusal } from '../../../controller/domain/errors.ts';
import { type Frame, zstdFrames } from '../../../controller/domain/zstdFrames.ts';
import { inMemory, noise } from '../../support/diskFile.ts';

async function frames(bytes: Uint8Array): Promise<Frame[]> {
	const found: Frame[] = [];
	for await (const frame of zstdFrames(inMemory(bytes))) found.push(frame);
	return found;
}

const skippable = Buffer.from('502a4d1804000000aaaaaaaa', 'hex');
const checksum = { params: { [constants.ZSTD_c_checksumFlag]: 1 } };
const contents = [
	Buffer.alloc(0),
	Buffer.from('x'),
	Buffer.alloc(5_000_000),
	noise('frame', 700_000),
	Buffer.from('ab'.repeat(70_000)),
];

test('frames of every kind follow each other without a gap, skippable ones left out', async () => {
	const packed = contents.flatMap((content) => [zstdCompressSync(content), zstdCompressSync(content, checksum)]);
	const expected: Frame[] = [];
	let at = 0;
	for (const frame of packed) {
		at += skippable.length;
		expected.push({ start: at, end: at + frame.length });
		at += frame.length;
	}
	assert.deepEqual(await frames(Buffer.concat(packed.flatMap((frame) => [skippable, frame]))), expected);
});

const refused: [name: string, bytes: Uint8Array, message: RegExp][] = [
	[
		'text behind the frame',
		Buffer.concat([zstdCompressSync(Buffer.from('x')), Buffer.from('hello world')]),
		/has 11 bytes at 10 that are no/,
	],
	['a checksum that is missing', zstdCompressSync(Buffer.from('x'), checksum).subarray(0, -1), /ends within a frame/],
	['a reserved bit', Buffer.from('28b52ffd08', 'hex'), /has 5 bytes at 0 that are no zstd frame/],
	['a reserved bit in the descriptor', Buffer.from('28b52ffd0858010000', 'hex'), /reserved bit set/],
	['a reserved block', Buffer.from('28b52ffd0058070000', 'hex'), /block of a reserved type at 6/],
];
for (const [name, bytes, message] of refused)
	test(`refused: ${name}`, () =>
		assert.rejects(frames(bytes), (error) => error instanceof Refusal && message.test(error.message)));

test('any bytes end in frames or in a refusal', async () => {
	const whole = zstdCompressSync(contents[4] as Buffer);
	await fc.assert(
		fc.asyncProperty(fc.nat(whole.length), fc.uint8Array({ maxLength: 60 }), async (cut, tail) => {
			const bytes = Buffer.concat([whole.subarray(0, cut), tail]);
			await frames(bytes).catch((error: unknown) => assert.ok(error instanceof Refusal, String(error)));
		}),
	);
});
