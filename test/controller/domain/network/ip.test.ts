import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	bitsOf,
	canonicalIp,
	compareIp,
	contains,
	type Family,
	formatIp,
	formatNetwork,
	type Ip,
	lastOf,
	overlap,
	parseIp,
	parseNetwork,
} from '../../../../controller/domain/network/ip.ts';

const anyIp: fc.Arbitrary<Ip> = fc
	.constantFrom<Family>(4, 6)
	.chain((family) => fc.bigInt({ min: 0n, max: (1n << BigInt(bitsOf(family))) - 1n }).map((value) => ({ family, value })));

test('addresses are read in every spelling and printed in one', () => {
	for (const [text, canonical] of [
		['192.0.2.1', '192.0.2.1'],
		['2001:DB8::1', '2001:db8::1'],
		['2001:db8:0:0:0:0:0:1', '2001:db8::1'],
		['2001:0db8:0000:0001:0000:0000:0000:0001', '2001:db8:0:1::1'],
		['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
		['::', '::'],
		['1::', '1::'],
		['0:0:0:0:0:0:0:1', '::1'],
		['::ffff:192.0.2.1', '::ffff:c000:201'],
		['1:0:2:3:4:5:6:7', '1:0:2:3:4:5:6:7'],
		[' fe80::1 ', 'fe80::1'],
	] as const)
		assert.equal(canonicalIp(text), canonical, text);
});

test('what is no address is null', () => {
	const wrong = ['', '1.2.3', '1.2.3.256', '01.2.3.4', '1.2.3.4.5', ':', ':::', '1::2::3', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7::8'];
	for (const text of [...wrong, '1:2:3:4:5:6:7:8:9', 'fe80::1%eth0', '12345::', 'g::', '::1.2.3', '::1.2.3.400', '1.2.3.4::'])
		assert.equal(parseIp(text), null, text);
});

test('networks: host bits are cleared; bad prefixes are none', () => {
	for (const [text, canonical] of [
		['192.0.2.77/24', '192.0.2.0/24'],
		['192.0.2.77/32', '192.0.2.77/32'],
		['255.255.255.255/0', '0.0.0.0/0'],
		['2001:db8::ffff/64', '2001:db8::/64'],
		['192.0.2.0/33', null],
		['::/129', null],
		['192.0.2.0', null],
		['192.0.2.0/024', null],
		['192.0.2.0/24/3', null],
		['192.0.2.0/-1', null],
	] as const) {
		const network = parseNetwork(text);
		assert.equal(network && formatNetwork(network), canonical, text);
	}
});

test('what is printed is what Node takes for an address, and is read back as the same', () => {
	fc.assert(
		fc.property(anyIp, (ip) => {
			const text = formatIp(ip);
			assert.equal(isIP(text), ip.family);
			assert.deepEqual(parseIp(text), ip);
			assert.equal(canonicalIp(text), text);
		}),
	);
});

test('any text is read or is null, as Node judges it', () => {
	const piece = fc.constantFrom('0', '1', 'ff', '::', ':', '.', '255', '10', 'db8', 'g', '256');
	fc.assert(
		fc.property(
			fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
			(text) => {
				assert.equal(parseIp(text) !== null, isIP(text) !== 0, text);
			},
		),
		{ numRuns: 2000 },
	);
});

test('a network holds its first and last address and neither neighbour', () => {
	fc.assert(
		fc.property(anyIp, fc.nat(128), (ip, bits) => {
			const prefix = Math.min(bits, bitsOf(ip.family));
			const network = parseNetwork(`${formatIp(ip)}/${prefix}`);
			assert.ok(network && contains(network, ip));
			const { family, first } = network;
			for (const value of [first, lastOf(network)]) assert.ok(contains(network, { family, value }));
			for (const value of [first - 1n, lastOf(network) + 1n]) assert.ok(!contains(network, { family, value }));
			const other = { family, first: lastOf(network) + 1n, prefix };
			assert.ok(overlap(network, network) && !overlap(network, other));
		}),
	);
});

test('order: IPv4 first, then by number', () => {
	const sorted = ['2001:db8::1', '10.0.0.10', '10.0.0.9', '::1'].flatMap((text) => parseIp(text) ?? []).sort(compareIp);
	assert.deepEqual(sorted.map(formatIp), ['10.0.0.9', '10.0.0.10', '::1', '2001:db8::1']);
});
