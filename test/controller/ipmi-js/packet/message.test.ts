import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeResponse, encodeRequest } from '../../../../controller/ipmi-js/packet/message.ts';

const data = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));

test('Get Chassis Status is these bytes', () => {
	const bytes = encodeRequest({ netFn: 0, command: 1, data: Buffer.alloc(0), sequence: 3 });
	assert.equal(bytes.toString('hex'), '2000e0810c0172');
});

test('what a BMC answers is read field by field', () => {
	const bytes = Buffer.from('81047b200c0100210040' + '72', 'hex');
	assert.deepEqual(decodeResponse(bytes), {
		...{ netFn: 1, command: 1, sequence: 3, completionCode: 0 },
		data: Buffer.from('210040', 'hex'),
	});
});

for (const [name, hex] of [
	['too short', '81047b200c0100'],
	['wrong header checksum', '81047c200c010021004072'],
	['wrong data checksum', '81047b200c010021004073'],
] as const) {
	test(`${name} is a bad reply`, () => {
		assert.throws(() => decodeResponse(Buffer.from(hex, 'hex')), { code: 'bad-reply' });
	});
}

test('the workaround nochecksumcheck overlooks both sums', () => {
	assert.equal(decodeResponse(Buffer.from('81047c200c010021004073', 'hex'), false).completionCode, 0);
});

test('whatever is sent comes back in the places where a response has it', () => {
	fc.assert(
		fc.property(fc.nat(0x3f), fc.nat(0xff), fc.nat(0x3f), data, (netFn, command, sequence, body) => {
			// Requests and responses differ only in what the first data byte means.
			const withCode = Buffer.concat([Buffer.from([0xc1]), body]);
			const decoded = decodeResponse(encodeRequest({ netFn, command, sequence, data: withCode }));
			assert.deepEqual(decoded, { netFn, command, sequence, completionCode: 0xc1, data: body });
		}),
	);
});
