import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WireError } from '../../../controller/wire/bytes.ts';
import { decode, encode, readAck, type TftpPacket, toNetascii, writeDataHeader } from '../../../controller/wire/tftp.ts';
import { decodedOfAllCuts } from '../../support/cutShort.ts';
import { assertGolden, describe, goldenPackets } from '../../support/golden.ts';

for (const { name, bytes } of goldenPackets('tftp')) {
	test(`${name}: decodes to its text, and back to its very bytes`, () => {
		const decoded = decode(bytes);
		assertGolden('tftp', name, describe(decoded));
		assert.equal(encode(decoded).toString('hex'), bytes.toString('hex'));
	});
	test(`${name}: cut at any length it decodes or throws WireError`, () => {
		// It decodes only where an option or the mode has just ended.
		const ends = bytes.subarray(2).filter((byte) => byte === 0).length;
		assert.ok(decodedOfAllCuts(bytes, decode) < ends);
	});
}

const rows: [string, string, TftpPacket][] = [
	[
		'an option in capitals',
		'0001' + '6600' + '4f4354455400' + '424c4b53495a4500' + '3800',
		{ kind: 'read', name: 'f', mode: 'octet', options: new Map([['blksize', '8']]) },
	],
	[
		'NULs behind the last option',
		'0002' + '6600' + '6f6300' + '000000',
		{ kind: 'write', name: 'f', mode: 'oc', options: new Map() },
	],
	[
		'an option said twice: the first counts',
		'0006' + '6100' + '3100' + '6100' + '3200',
		{ kind: 'options', options: new Map([['a', '1']]) },
	],
	['data', '0003ffff0102', { kind: 'data', block: 65535, bytes: Buffer.of(1, 2) }],
	['an empty last block', '00030001', { kind: 'data', block: 1, bytes: Buffer.alloc(0) }],
	['an acknowledgement', '00040100', { kind: 'ack', block: 256 }],
	['an error', '0005000861626300', { kind: 'error', code: 8, message: 'abc' }],
	['an error without its NUL', '0005000061', { kind: 'error', code: 0, message: 'a' }],
];
for (const [what, bytes, expected] of rows) test(what, () => assert.deepEqual(decode(Buffer.from(bytes, 'hex')), expected));

test('unknown opcodes and unfinished texts are refused', () => {
	for (const bytes of [
		'',
		'00',
		'0000',
		'0007',
		'0001',
		'000166',
		'00016600',
		'000166006f00' + '61',
		'000166006f006100',
		'0003',
		'000400',
	]) {
		assert.throws(() => decode(Buffer.from(bytes, 'hex')), WireError, bytes);
	}
});

test('any bytes decode or throw WireError', () => {
	fc.assert(
		fc.property(fc.nat(7), fc.uint8Array({ maxLength: 100 }), (opcode, rest) => {
			try {
				decode(Buffer.concat([Buffer.of(0, opcode), rest]));
			} catch (error) {
				assert.ok(error instanceof WireError, String(error));
			}
		}),
		{ numRuns: 2000 },
	);
});

test('the quick ways of a transfer agree with the codec', () => {
	for (const block of [0, 1, 65535]) {
		assert.equal(readAck(encode({ kind: 'ack', block })), block);
		const packet = Buffer.alloc(6);
		writeDataHeader(packet, 0, 65536 + block);
		assert.deepEqual(decode(packet), { kind: 'data', block, bytes: Buffer.alloc(2) });
	}
	assert.equal(readAck(encode({ kind: 'data', block: 1, bytes: Buffer.alloc(0) })), -1);
	assert.equal(readAck(Buffer.of(0, 4, 0)), -1);
});

test('netascii ends lines with CR LF and marks a lone CR with NUL', () => {
	assert.equal(toNetascii(Buffer.from('a\nb\rc\r\n')).toString('latin1'), 'a\r\nb\r\0c\r\0\r\n');
});
