import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cidr, type Ipv4, parseCidr } from '../../../controller/domain/address.ts';
import { Refusal } from '../../../controller/domain/errors.ts';
import { addressesOf, checkPool, defaultPool } from '../../../controller/domain/pool.ts';

const network = (text: string) => parseCidr(text) as Cidr;
const pool = (start: string, end: string) => ({ start: start as Ipv4, end: end as Ipv4 });

test('without a wish the upper half of the network is handed out, without its broadcast address', () => {
	for (const [cidr, start, end] of [
		['192.168.77.0/24', '192.168.77.128', '192.168.77.254'],
		['192.0.2.8/29', '192.0.2.12', '192.0.2.14'],
		['10.0.0.0/8', '10.255.240.0', '10.255.255.254'],
	] as const) {
		const { start: first, end: last } = defaultPool(network(cidr));
		assert.deepEqual([first, last], [start, end], cidr);
		checkPool({ start: first, end: last }, network(cidr));
	}
});

test('a pool is refused in a sentence that names what is wrong', () => {
	for (const [start, end, text] of [
		['10.0.0.1', '192.168.77.9', '10.0.0.1 lies outside 192.168.77.0/24.'],
		['192.168.77.9', '192.168.78.1', '192.168.78.1 lies outside 192.168.77.0/24.'],
		['192.168.77.9', '192.168.77.8', 'The pool begins at 192.168.77.9, behind its end 192.168.77.8.'],
		['192.168.77.0', '192.168.77.8', '192.168.77.0 is the network’s own address.'],
		['192.168.77.9', '192.168.77.255', '192.168.77.255 is the broadcast address.'],
	] as const)
		assert.throws(
			() => checkPool(pool(start, end), network('192.168.77.0/24')),
			(error) => error instanceof Refusal && error.field === 'pool' && error.message === text,
			text,
		);
	assert.throws(
		() => checkPool(pool('10.0.0.1', '10.0.16.1'), network('10.0.0.0/8')),
		/The pool has 4097 addresses; 4096 are the most/,
	);
	assert.throws(() => defaultPool(network('192.0.2.0/30')), /A network of \/30 is too small/);
});

test('its addresses are counted out, first and last included', () => {
	assert.deepEqual(addressesOf(pool('192.0.2.254', '192.0.3.1')), ['192.0.2.254', '192.0.2.255', '192.0.3.0', '192.0.3.1']);
	assert.deepEqual(addressesOf(pool('192.0.2.7', '192.0.2.7')), ['192.0.2.7']);
});
