import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../controller/domain/errors.ts';
import { firstFileInTar } from '../../../controller/domain/tarFile.ts';
import { noise, temporaryFolder } from '../../support/diskFile.ts';

async function* pieces(bytes: Uint8Array, size: number) {
	for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const unpack = async (archive: Uint8Array, size = 1000): Promise<Buffer> => {
	const parts: Uint8Array[] = [];
	for await (const part of firstFileInTar(pieces(archive, size))) parts.push(part);
	return Buffer.concat(parts);
};
const disk = noise('tar', 10_000);

for (const [format, ...options] of [['v7'], ['oldgnu'], ['gnu'], ['ustar'], ['pax'], ['pax', '--pax-option=comment=x']] as const)
	test(`the first file of an archive of tar --format=${[format, ...options].join(' ')}, in chunks of any size`, async (t) => {
		const folder = temporaryFolder(t);
		const deep = format === 'v7' || format === 'ustar' ? 'images' : `images/${'long'.repeat(40)}`;
		mkdirSync(path.join(folder, deep), { recursive: true });
		writeFileSync(path.join(folder, deep, 'root-dd'), disk);
		writeFileSync(path.join(folder, 'second'), 'other');
		const archive = execFileSync('tar', ['-c', `--format=${format}`, ...options, '-C', folder, 'images', 'second']);
		for (const size of [1, 511, 512, 513, 4096, archive.length])
			assert.ok((await unpack(archive, size)).equals(disk), String(size));
	});

test('a size beyond eight GiB is read from its binary form and from a pax record', async () => {
	const header = (type: string, size: string | bigint) => {
		const block = Buffer.alloc(512);
		block.write('disk');
		if (typeof size === 'string') block.write(size, 124);
		else {
			block[124] = 0x80;
			block.writeBigUInt64BE(size, 128);
		}
		block.write(type, 156);
		block.fill(' ', 148, 156);
		block.write(
			`${block
				.reduce((sum, byte) => sum + byte, 0)
				.toString(8)
				.padStart(6, '0')}\0 `,
			148,
		);
		return block;
	};
	const record = Buffer.from('19 size=9000000000\n'.padEnd(512, '\0'));
	for (const archive of [
		header('0', 9_000_000_000n),
		Buffer.concat([header('x', '00000000023'), record, header('0', '00000000000')]),
	]) {
		const content = firstFileInTar(pieces(Buffer.concat([archive, disk]), 512));
		assert.equal((await content.next()).done, false);
		// it asks for more than is there, which is what the size says
		await assert.rejects(
			(async () => {
				for await (const _ of content);
			})(),
			/ends too early/,
		);
	}
});

for (const [name, bytes, message] of [
	['nothing', Buffer.alloc(0), 'there is no file in the tar archive'],
	['zeros', Buffer.alloc(2048), 'there is no file in the tar archive'],
	['noise', disk, 'the file holds no tar archive'],
] as const)
	test(`refused: ${name}`, async () => {
		await assert.rejects(unpack(bytes), new Refusal('bad-input', message, { field: 'file' }));
	});

test('an archive that is cut, or has a byte changed, ends in its content or in a refusal', async (t) => {
	const folder = temporaryFolder(t);
	writeFileSync(path.join(folder, 'disk'), disk.subarray(0, 1500));
	const archive = execFileSync('tar', ['-c', '-C', folder, 'disk']);
	await fc.assert(
		fc.asyncProperty(fc.nat(archive.length), fc.nat(2100), fc.nat(255), async (cut, at, byte) => {
			const changed = Buffer.from(archive);
			changed[at] = byte;
			await unpack(changed.subarray(0, cut)).catch((error) => assert.ok(error instanceof Refusal, String(error)));
		}),
		{ numRuns: 300 },
	);
});
