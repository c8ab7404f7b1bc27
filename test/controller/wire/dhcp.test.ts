import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { WireError } from '../../../controller/wire/bytes.ts';
import { type DhcpMessage, decode, encode } from '../../../controller/wire/dhcp.ts';
import { decodedOfAllCuts } from '../../support/cutShort.ts';
import { assertGolden, describe, goldenPackets } from '../../support/golden.ts';

const message = (fields: Partial<DhcpMessage> = {}): DhcpMessage => ({
	op: 'reply',
	hardwareType: 1,
	hops: 0,
	xid: 0x01020304,
	secs: 0,
	broadcast: false,
	ciaddr: '0.0.0.0',
	yiaddr: '192.0.2.10',
	siaddr: '192.0.2.1',
	giaddr: '0.0.0.0',
	chaddr: Buffer.from('5254004c0001', 'hex'),
	sname: '',
	file: '',
	options: {},
	...fields,
});

for (const { name, bytes } of goldenPackets('dhcp')) {
	test(`${name}: decodes to its text, and to the same again when encoded`, () => {
		const decoded = decode(bytes);
		assertGolden('dhcp', name, describe(decoded));
		assert.deepEqual(decode(encode(decoded, 1472)), decoded);
	});
	test(`${name}: cut at any length it decodes or throws WireError`, () => {
		assert.ok(decodedOfAllCuts(bytes, decode) < bytes.length - 240);
	});
}

test('an offer has these very bytes', () => {
	const bytes = encode(
		message({
			broadcast: true,
			file: 'undionly.kpxe',
			options: {
				messageType: 'offer',
				serverId: '192.0.2.1',
				leaseSeconds: 600,
				relayAgentInfo: Buffer.from('0102abcd', 'hex'),
				vendorClass: 'PXEClient',
			},
		}),
	);
	const fixed =
		'020106000102030400008000' +
		'00000000c000020ac000020100000000' +
		'5254004c000100000000000000000000' +
		'00'.repeat(64) +
		Buffer.from('undionly.kpxe').toString('hex').padEnd(256, '0');
	const options = '63825363' + '350102' + '3604c0000201' + '330400000258' + '3c09505845436c69656e74' + '52040102abcd' + 'ff';
	assert.equal(bytes.toString('hex'), (fixed + options).padEnd(600, '0'));
});

const refused: [string, (bytes: Buffer) => Buffer | undefined, RegExp][] = [
	['nothing', () => Buffer.alloc(0), /^op: 1 bytes announced, 0 there$/],
	['an op that is neither', (bytes) => void bytes.writeUInt8(3, 0), /^op: 3 is neither/],
	['a hardware address longer than its field', (bytes) => void bytes.writeUInt8(17, 2), /^hlen: 17/],
	['plain BOOTP', (bytes) => void bytes.fill(0, 236, 240), /^cookie/],
	['an option longer than the packet', (bytes) => void bytes.writeUInt8(255, 244), /^option 54: 255 bytes announced/],
	['an unknown message type', (bytes) => void bytes.writeUInt8(99, 242), /^option 53: 63 has no meaning/],
	['a server identifier of three bytes', (bytes) => bytes.fill(0, 248).fill(3, 244, 245), /^option 54: c00002 has no meaning/],
];
for (const [what, change, expected] of refused) {
	test(`${what} is refused`, () => {
		const bytes = encode(message({ options: { messageType: 'offer', serverId: '192.0.2.1' } }));
		const changed = change(bytes) ?? bytes;
		assert.throws(() => decode(changed), { name: 'WireError', message: expected });
	});
}

test('a missing end mark is forgiven, and pads are skipped', () => {
	const bytes = encode(message({ options: { messageType: 'offer' } }));
	const padded = Buffer.concat([bytes.subarray(0, 240), Buffer.of(0, 0, 53, 1, 2, 0)]);
	assert.deepEqual(decode(padded).options, { messageType: 'offer' });
});

test('an option of more than 255 bytes goes as several and comes back as one (RFC 3396)', () => {
	const vendorSpecific = Buffer.from(Array.from({ length: 600 }, (_, i) => i & 255));
	const bytes = encode(message({ options: { messageType: 'ack', vendorSpecific } }), 1472);
	assert.deepEqual([...bytes.subarray(243, 245)], [43, 255]);
	assert.deepEqual(decode(bytes).options, { messageType: 'ack', vendorSpecific });
});

test('options that do not fit go into file and sname, and come back from there (RFC 2132 9.3)', () => {
	const options = {
		messageType: 'ack',
		hostName: 'h'.repeat(100),
		domainName: 'd'.repeat(120),
		tftpServerName: 's'.repeat(60),
		bootFileName: 'b'.repeat(100),
	} as const;
	const bytes = encode(message({ options }), 300 + 200);
	assert.ok(bytes.length <= 500);
	assert.equal(bytes[240], 52);
	const decoded = decode(bytes);
	assert.deepEqual(decoded.options, options);
	assert.equal(decoded.file + decoded.sname, '');
});

test('options that fit nowhere are refused, never cut', () => {
	const options = { hostName: 'h'.repeat(250), domainName: 'd'.repeat(250) };
	assert.throws(() => encode(message({ file: 'boot', sname: 'server', options })), WireError);
});

test('option 82 is the last one, behind those without a meaning here (RFC 3046 2.2)', () => {
	const bytes = encode(message({ options: { relayAgentInfo: Buffer.of(1, 1, 65), other: new Map([[224, Buffer.of(7)]]) } }));
	assert.equal(bytes.subarray(240, 249).toString('hex'), 'e00107' + '5203010141' + 'ff');
});

const bytesOf = (minLength: number, maxLength: number) =>
	fc.uint8Array({ minLength, maxLength }).map((bytes) => Buffer.from(bytes));
const address = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((parts) => parts.join('.'));
const text = (maxLength: number) => fc.stringMatching(/^[\x20-\x7e]*$/, { maxLength });
const someOptions = fc.record(
	{
		messageType: fc.constantFrom('discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'),
		serverId: address,
		requestedAddress: address,
		leaseSeconds: fc.nat(0xffffffff),
		routers: fc.array(address, { minLength: 1, maxLength: 5 }),
		parameterRequestList: fc.array(fc.nat(255), { maxLength: 40 }),
		maxDatagramSize: fc.nat(65535),
		hostName: text(60),
		vendorClass: text(60),
		userClasses: fc.array(fc.stringMatching(/^[a-z]+$/, { maxLength: 20 }), { minLength: 1, maxLength: 3 }),
		clientArchitectures: fc.array(fc.nat(65535), { minLength: 1, maxLength: 3 }),
		clientId: bytesOf(0, 40),
		relayAgentInfo: bytesOf(0, 300),
	},
	{ requiredKeys: [], noNullPrototype: true },
);

test('whatever is encoded decodes to the same', () => {
	const messages = fc.record(
		{
			op: fc.constantFrom('request' as const, 'reply' as const),
			hardwareType: fc.nat(255),
			hops: fc.nat(255),
			xid: fc.nat(0xffffffff),
			secs: fc.nat(65535),
			broadcast: fc.boolean(),
			ciaddr: address,
			yiaddr: address,
			siaddr: address,
			giaddr: address,
			chaddr: bytesOf(0, 16),
			sname: text(63),
			file: text(127),
			options: someOptions as fc.Arbitrary<DhcpMessage['options']>,
		},
		{ noNullPrototype: true },
	);
	fc.assert(fc.property(messages, (sent) => assert.deepEqual(decode(encode(sent, 1472)), sent)));
});

test('any bytes behind a good head decode or throw WireError', () => {
	const head = encode(message()).subarray(0, 240);
	fc.assert(
		fc.property(fc.uint8Array({ maxLength: 400 }), (tail) => {
			try {
				decode(Buffer.concat([head, tail]));
			} catch (error) {
				assert.ok(error instanceof WireError, String(error));
			}
		}),
		{ numRuns: 2000 },
	);
});
