import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IpmiError } from '../../../../controller/ipmi-js/errors.ts';
import { type CipherSuiteId, cipherSuite } from '../../../../controller/ipmi-js/packet/cipherSuites.ts';
import {
	addressedSession,
	decodePacket20,
	encodePacket20,
	type Protection,
} from '../../../../controller/ipmi-js/packet/packet20.ts';

const uint32 = fc.nat(0xffffffff);
const payload = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
const suites = [3, 8, 12, 17] as const;

function protection(id: CipherSuiteId, seed = 1): Protection {
	return {
		suite: cipherSuite(id),
		keys: { k1: Buffer.alloc(32, seed), aes: Buffer.alloc(16, seed + 1), password: Buffer.from('secret') },
	};
}

test('any packet survives the way there and back, plain and under every suite', () => {
	const shields = fc.constantFrom(null, ...suites.map((id) => protection(id)));
	fc.assert(
		fc.property(fc.nat(0x3f), uint32, uint32, payload, shields, (payloadType, sessionId, sequence, bytes, shield) => {
			const packet = { payloadType, sessionId, sequence, payload: bytes };
			assert.deepEqual(decodePacket20(encodePacket20(packet, shield), shield), packet);
		}),
	);
});

test('any bytes are a packet or a bad reply', () => {
	const start = fc.constantFrom('', '0600ff07', '0600ff0706', '0600ff0706c0');
	fc.assert(
		fc.property(
			start,
			fc.uint8Array({ maxLength: 100 }),
			fc.constantFrom(null, protection(3), protection(17)),
			(hex, rest, shield) => {
				const bytes = Buffer.concat([Buffer.from(hex, 'hex'), rest]);
				addressedSession(bytes);
				try {
					decodePacket20(bytes, shield);
				} catch (error) {
					assert.ok(error instanceof IpmiError && error.code === 'bad-reply', String(error));
				}
			},
		),
		{ numRuns: 1000 },
	);
});

test('a plain packet inside a session, and a protected one outside, are forgeries', () => {
	const packet = { payloadType: 0, sessionId: 7, sequence: 1, payload: Buffer.from('x') };
	assert.throws(() => decodePacket20(encodePacket20(packet, null), protection(3)), { code: 'bad-reply' });
	assert.throws(() => decodePacket20(encodePacket20(packet, protection(3)), null), { code: 'bad-reply' });
});

test('a packet that is only signed, or only encrypted, is refused before it is read', () => {
	const bytes = encodePacket20({ payloadType: 0, sessionId: 7, sequence: 1, payload: Buffer.from('x') }, protection(3));
	for (const flags of [0x40, 0x80]) {
		bytes[5] = flags;
		assert.throws(() => decodePacket20(bytes, protection(3)), { message: 'an unprotected packet inside a session' });
	}
});

test('the keys of another session do not open it', () => {
	const packet = { payloadType: 0, sessionId: 7, sequence: 1, payload: Buffer.from('x') };
	for (const id of suites) {
		if (id === 12) continue;
		assert.throws(() => decodePacket20(encodePacket20(packet, protection(id)), protection(id, 9)), {
			message: 'wrong packet signature',
		});
	}
});

test('a datagram names its session by our ID, or by the ID inside a login reply', () => {
	const inside = encodePacket20({ payloadType: 0, sessionId: 0xa1b2c3d4, sequence: 1, payload: Buffer.alloc(3) }, null);
	assert.equal(addressedSession(inside), 0xa1b2c3d4);
	const login = encodePacket20(
		{ payloadType: 0x13, sessionId: 0, sequence: 0, payload: Buffer.from('02000000d4c3b2a1', 'hex') },
		null,
	);
	assert.equal(addressedSession(login), 0xa1b2c3d4);
	// As ipmi_sim refuses suite 17.
	assert.equal(addressedSession(Buffer.from('0600ff07061100000000000000000200' + '0104', 'hex')), 'unnamed');
	assert.equal(addressedSession(Buffer.from('0600ff0700000000000000000009', 'hex')), null);
});
