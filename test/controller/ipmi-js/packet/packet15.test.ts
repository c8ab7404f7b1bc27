import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodePacket15, encodePacket15 } from '../../../../controller/ipmi-js/packet/packet15.ts';

const password = Buffer.concat([Buffer.from('secret'), Buffer.alloc(10)]);
const packets = fc.record(
	{
		authentication: fc.constantFrom('none' as const, 'md5' as const),
		sequence: fc.nat(0xffffffff),
		sessionId: fc.nat(0xffffffff),
		payload: fc.uint8Array({ maxLength: 255 }).map((bytes) => Buffer.from(bytes)),
	},
	{ noNullPrototype: true },
);

test('any packet survives the way there and back', () => {
	fc.assert(
		fc.property(packets, (packet) => assert.deepEqual(decodePacket15(encodePacket15(packet, password), password), packet)),
	);
});

test('no packet has a length that old network controllers swallow', () => {
	fc.assert(
		fc.property(packets, (packet) => assert.ok(![56, 84, 112, 128, 156].includes(encodePacket15(packet, password).length))),
	);
});

test('a signature by another password, or over another sequence number, is refused', () => {
	const packet = { authentication: 'md5' as const, sequence: 5, sessionId: 9, payload: Buffer.from('on') };
	const bytes = encodePacket15(packet, password);
	assert.throws(() => decodePacket15(bytes, Buffer.alloc(16)), { message: 'wrong authentication code' });
	bytes[5] = 6;
	assert.throws(() => decodePacket15(bytes, password), { message: 'wrong authentication code' });
});
