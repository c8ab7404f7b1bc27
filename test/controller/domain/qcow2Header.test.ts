import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import { readQcow2Header } from '../../../controller/domain/qcow2Header.ts';

const GiB = 2 ** 30;

/** A version 3 header of a 1 GiB disk with 64 KiB clusters, as `qemu-img create` writes it. */
function header(change: (bytes: Buffer) => void = () => {}): Buffer {
	const bytes = Buffer.alloc(112);
	bytes.write('QFI\xfb', 'latin1');
	bytes.writeUInt32BE(3, 4);
	bytes.writeUInt32BE(16, 20);
	bytes.writeBigUInt64BE(BigInt(GiB), 24);
	bytes.writeUInt32BE(2, 36);
	bytes.writeBigUInt64BE(0x30000n, 40);
	bytes.writeUInt32BE(4, 96);
	bytes.writeUInt32BE(112, 100);
	change(bytes);
	return bytes;
}

const read = (bytes: Uint8Array) => readQcow2Header(bytes, 0x40000, 16 * 2 ** 40);

test('a header says where the disk is', () => {
	assert.deepEqual(read(header()), {
		version: 3,
		diskSize: GiB,
		clusterSize: 65536,
		clusterBits: 16,
		l2EntrySize: 8,
		l1Entries: 2,
		l1Offset: 0x30000,
		compression: 'deflate',
	});
});

const refused: [name: string, change: (bytes: Buffer) => void, message: RegExp][] = [
	['another magic', (b) => b.write('QFI\x00', 'latin1'), /ends within its header/],
	['version 1', (b) => b.writeUInt32BE(1, 4), /version 1; versions 2 and 3 are known/],
	['version 4', (b) => b.writeUInt32BE(4, 4), /version 4/],
	['a backing file', (b) => b.writeBigUInt64BE(0x200n, 8), /needs a backing file/],
	['encryption by AES', (b) => b.writeUInt32BE(1, 32), /is encrypted/],
	['encryption by LUKS', (b) => b.writeUInt32BE(2, 32), /is encrypted/],
	['the corrupt mark', (b) => b.writeBigUInt64BE(2n, 72), /marked as corrupt/],
	['an external data file', (b) => b.writeBigUInt64BE(4n, 72), /keeps its data in another file/],
	['an unknown feature', (b) => b.writeBigUInt64BE(64n, 72), /not known here \(0x40\)/],
	[
		'an unknown compression',
		(b) => {
			b.writeBigUInt64BE(8n, 72);
			b.writeUInt8(7, 104);
		},
		/compressed in a way that is not known here \(7\)/,
	],
	['tiny clusters', (b) => b.writeUInt32BE(8, 20), /clusters of 2\^8 bytes/],
	['giant clusters', (b) => b.writeUInt32BE(0xffffffff, 20), /clusters of 2\^4294967295 bytes/],
	['no disk', (b) => b.writeBigUInt64BE(0n, 24), /holds an empty disk/],
	['a disk beyond numbers', (b) => b.writeBigUInt64BE(2n ** 63n, 24), /disk size of 9223372036854775808, which no file can have/],
	['a disk beyond the limit', (b) => b.writeBigUInt64BE(2n ** 45n, 24), /17592186044416 are allowed/],
	['too few table entries', (b) => b.writeUInt32BE(1, 36), /has 1 table entries where its disk size needs 2/],
	['too many table entries', (b) => b.writeUInt32BE(0xffffffff, 36), /4194304 are allowed/],
	['a table off its cluster', (b) => b.writeBigUInt64BE(0x30001n, 40), /not the start of a cluster/],
	['a table beyond the file', (b) => b.writeBigUInt64BE(0x40000n, 40), /beyond its end at 262144/],
	['a table at no place', (b) => b.writeBigUInt64BE(2n ** 62n, 40), /table offset of 4611686018427387904/],
	['a short version 3 header', (b) => b.writeUInt32BE(72, 100), /header of 72 bytes/],
];

for (const [name, change, message] of refused)
	test(`refused: ${name}`, () => {
		assert.throws(
			() => read(header(change)),
			(error: unknown) =>
				error instanceof Refusal && error.code === 'bad-input' && error.field === 'file' && message.test(error.message),
		);
	});

test('cut at every length, a header is refused and nothing else', () => {
	const whole = header();
	for (let length = 0; length < 104; length++) assert.throws(() => read(whole.subarray(0, length)), Refusal, `${length} bytes`);
});
