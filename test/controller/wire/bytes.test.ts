import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressBytes, addressText, Reader, WireError } from '../../../controller/wire/bytes.ts';

test('fields are read one after another, big-endian', () => {
	const reader = new Reader(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0x68, 0x69, 0, 9));
	assert.equal(reader.u8('a'), 1);
	assert.equal(reader.u16('b'), 0x0203);
	assert.equal(reader.u32('c'), 0x04050607);
	assert.equal(reader.text('d'), 'hi');
	assert.deepEqual([...reader.take(1, 'e')], [9]);
	assert.equal(reader.remaining, 0);
});

const tooShort: [string, (reader: Reader) => unknown, string][] = [
	['a byte', (reader) => reader.take(3, 'x') && reader.u8('hops'), 'hops: 1 bytes announced, 0 there'],
	['two bytes', (reader) => reader.take(2, 'x') && reader.u16('secs'), 'secs: 2 bytes announced, 1 there'],
	['four bytes', (reader) => reader.u32('xid'), 'xid: 4 bytes announced, 3 there'],
	['a run', (reader) => reader.take(4, 'file'), 'file: 4 bytes announced, 3 there'],
	['text', (reader) => reader.text('name'), 'name: no NUL at its end'],
];
for (const [what, read, message] of tooShort) {
	test(`${what} behind the end is refused, with the field's name`, () => {
		assert.throws(() => read(new Reader(Uint8Array.of(1, 1, 1))), new WireError(message));
	});
}

test('a reader over a part of a buffer stays inside of it', () => {
	const reader = new Reader(Buffer.from('abcdef').subarray(2, 4));
	assert.equal(reader.take(2, 'x').toString(), 'cd');
	assert.throws(() => reader.u8('y'), WireError);
});

test('addresses go both ways, and what is none is refused', () => {
	assert.equal(addressText(addressBytes('192.0.2.255')), '192.0.2.255');
	for (const text of ['', '1.2.3', '1.2.3.256', '1.2.3.-1', '1.2.3.x', '1.2.3.4.5'])
		assert.throws(() => addressBytes(text), WireError, text);
});
