import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
	broadcastOf,
	cidrContains,
	formatCidr,
	ipv4FromNumber,
	ipv4ToNumber,
	isLoopback,
	macFromBytes,
	macToBytes,
	netmask,
	parseCidr,
	parseIpv4,
	parseMac,
} from '../../../controller/domain/address.ts';

test('a MAC is read in each of its spellings, and written in one', () => {
	for (const text of ['52:54:00:4C:00:11', '52-54-00-4c-00-11', '5254.004c.0011', '5254004C0011', ' 52:54:00:4c:00:11 '])
		assert.equal(parseMac(text), '52:54:00:4c:00:11', text);
});

test('what is no MAC is null', () => {
	for (const text of ['', '52:54:00:4c:00', '52:54:00:4c:00:11:22', '52:54-00:4c:00:11', '5254.004c:0011', '52:54:00:4c:00:1g'])
		assert.equal(parseMac(text), null, text);
	assert.equal(macFromBytes(Buffer.alloc(5)), null);
});

test('an IPv4 address is four decimal bytes without leading zeros', () => {
	for (const text of ['0.0.0.0', '192.0.2.1', '255.255.255.255']) assert.equal(parseIpv4(text), text);
	for (const text of [
		'',
		'192.0.2',
		'192.0.2.1.1',
		'192.0.2.256',
		'192.0.2.01',
		'192.0.2.1 ',
		'192.0.2.-1',
		'0x7f.0.0.1',
		'1e1.0.0.1',
	])
		assert.equal(parseIpv4(text), null, text);
});

test('a network is its first address, whichever of its addresses it was written with', () => {
	for (const [text, network, last, mask] of [
		['192.168.77.9/24', '192.168.77.0/24', '192.168.77.255', '255.255.255.0'],
		['10.1.2.3/8', '10.0.0.0/8', '10.255.255.255', '255.0.0.0'],
		['192.0.2.131/25', '192.0.2.128/25', '192.0.2.255', '255.255.255.128'],
		['203.0.113.7/32', '203.0.113.7/32', '203.0.113.7', '255.255.255.255'],
		['203.0.113.7/0', '0.0.0.0/0', '255.255.255.255', '0.0.0.0'],
	] as const) {
		const cidr = parseCidr(text);
		assert.ok(cidr, text);
		assert.deepEqual([formatCidr(cidr), broadcastOf(cidr), netmask(cidr.prefix)], [network, last, mask]);
	}
	for (const text of ['', '192.0.2.1', '192.0.2.1/33', '192.0.2.1/-1', '192.0.2.1/24/24', '192.0.2.1/', '192.0.2/24'])
		assert.equal(parseCidr(text), null, text);
});

test('numbers and bytes go there and back', () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 0xffffffff }), fc.integer({ min: 0, max: 32 }), (number, prefix) => {
			const address = ipv4FromNumber(number);
			const cidr = parseCidr(`${address}/${prefix}`);
			assert.equal(ipv4ToNumber(address), number);
			assert.ok(cidr && cidrContains(cidr, address) && cidrContains(cidr, broadcastOf(cidr)));
		}),
	);
	fc.assert(
		fc.property(fc.uint8Array({ minLength: 6, maxLength: 6 }), (bytes) => {
			const mac = macFromBytes(bytes);
			assert.ok(mac);
			assert.deepEqual([...macToBytes(mac)], [...bytes]);
		}),
	);
});

test('a number that is no address is a bug, not an address', () => {
	for (const number of [-1, 2 ** 32, 1.5, Number.NaN]) assert.throws(() => ipv4FromNumber(number), RangeError);
});

test('the computer itself is 127.0.0.0/8 and ::1', () => {
	for (const [address, own] of [
		['127.0.0.1', true],
		['127.77.0.9', true],
		['::1', true],
		['::ffff:127.0.0.1', true],
		['192.0.2.127', false],
		['::ffff:192.0.2.1', false],
		['', false],
	] as const)
		assert.equal(isLoopback(address), own, address);
});
