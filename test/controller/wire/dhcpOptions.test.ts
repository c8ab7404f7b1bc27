import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WireError } from '../../../controller/wire/bytes.ts';
import { OPTIONS, readOptions, readSubOptions, writeOptions } from '../../../controller/wire/dhcpOptions.ts';

const hex = (text: string): Buffer => Buffer.from(text, 'hex');

const rows: [string, number, string, object][] = [
	['subnet mask', 1, 'ffffff00', { subnetMask: '255.255.255.0' }],
	['two routers', 3, 'c0000201c0000202', { routers: ['192.0.2.1', '192.0.2.2'] }],
	['a host name with NULs at its end', 12, '6e310000', { hostName: 'n1' }],
	['a lease of an hour', 51, '00000e10', { leaseSeconds: 3600 }],
	['what the client wants', 55, '0103', { parameterRequestList: [1, 3] }],
	['the largest datagram', 57, '05c0', { maxDatagramSize: 1472 }],
	["iPXE's bare user class", 77, '69505845', { userClasses: ['iPXE'] }],
	['user classes of RFC 3004', 77, '02616203636465', { userClasses: ['ab', 'cde'] }],
	['a user class that starts with a fitting length byte and ends wrongly', 77, '0261620963', { userClasses: ['\x02ab\tc'] }],
	['two architectures', 93, '00070010', { clientArchitectures: [7, 16] }],
	['a mask of three bytes is put aside', 1, 'ffffff', { other: new Map([[1, hex('ffffff')]]) }],
	['routers of five bytes are put aside', 3, 'c000020100', { other: new Map([[3, hex('c000020100')]]) }],
	['no architecture at all is put aside', 93, '', { other: new Map([[93, hex('')]]) }],
	['an option without a row is put aside', 175, 'b105', { other: new Map([[175, hex('b105')]]) }],
];
for (const [what, code, bytes, options] of rows) {
	test(`${what} (${code})`, () => assert.deepEqual(readOptions(new Map([[code, hex(bytes)]])), options));
}

test('a request whose type, address or server makes no sense is broken as a whole', () => {
	for (const [code, bytes] of [
		[53, ''],
		[53, '00'],
		[53, '09'],
		[50, 'c0000201ff'],
		[54, 'c0'],
	] as const) {
		assert.throws(() => readOptions(new Map([[code, hex(bytes)]])), WireError, `option ${code} ${bytes}`);
	}
});

test('no number has two rows', () => {
	const codes = Object.values(OPTIONS).map((option) => option.code);
	assert.equal(new Set(codes).size, codes.length);
});

test('a user class that RFC 3004 has no length for is refused', () => {
	assert.throws(() => writeOptions({ userClasses: [''] }), WireError);
	assert.throws(() => writeOptions({ userClasses: ['x'.repeat(256)] }), WireError);
});

const subOptions: [string, string, Map<number, Buffer> | null][] = [
	[
		'two of them',
		'0102abcd020141',
		new Map([
			[1, hex('abcd')],
			[2, hex('41')],
		]),
	],
	['what follows the end mark is left alone', '060108ff0000', new Map([[6, hex('08')]])],
	['nothing', '', new Map()],
	['one that is longer than the rest', '0105ab', null],
	['one without a length', '01', null],
];
for (const [what, bytes, expected] of subOptions) {
	test(`sub-options: ${what}`, () => assert.deepEqual(readSubOptions(hex(bytes)), expected));
}
