import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatIp, parseIp, parseNetwork } from '../../../../controller/domain/network/ip.ts';
import { hostsOf, sizeOf } from '../../../../controller/domain/network/ranges.ts';
import {
	freeAddress,
	printRange,
	reservedRanges,
	type SubnetUse,
	statistics,
	suggestDynamicRange,
	suggestGateway,
	unreservedRanges,
} from '../../../../controller/domain/network/subnetUse.ts';

const number = (text: string) => parseIp(text)?.value as bigint;
function use(cidr: string, change: Partial<SubnetUse> = {}): SubnetUse {
	const network = parseNetwork(cidr);
	assert.ok(network);
	return {
		network,
		managed: true,
		gateway: null,
		dnsServers: [],
		ranges: [],
		assigned: [],
		routers: [],
		neighbours: [],
		...change,
	};
}
const range = (type: 'dynamic' | 'reserved', first: string, last: string) => ({ type, first: number(first), last: number(last) });
const print = (each: Parameters<typeof reservedRanges>[0]) =>
	reservedRanges(each).map((taken) => {
		const { start, end } = printRange(taken, each.network.family);
		return `${start} ${end} ${taken.purpose.join()}`;
	});

test('IPv6: the routers’ anycast address and, in a /64, the lowest 2^32 numbers are kept back', () => {
	assert.deepEqual(print(use('2001:db8::/64')), [
		'2001:db8:: 2001:db8:: rfc-4291-2.6.1',
		'2001:db8::1 2001:db8::ffff:ffff reserved',
	]);
	assert.deepEqual(print(use('2001:db8::/120')), ['2001:db8:: 2001:db8:: rfc-4291-2.6.1']);
	assert.deepEqual(print(use('2001:db8::/127')), []);
});

test('the lowest free address; in an unmanaged subnet only one of a reserved range', () => {
	const ranges = [range('reserved', '192.0.2.1', '192.0.2.9'), range('dynamic', '192.0.2.20', '192.0.2.29')];
	const assigned = [number('192.0.2.10'), number('192.0.2.1')];
	const found = (change: Partial<SubnetUse>) => {
		const ip = freeAddress(use('192.0.2.0/24', { ranges, assigned, ...change }));
		return ip && formatIp(ip);
	};
	assert.equal(found({}), '192.0.2.11');
	assert.equal(found({ neighbours: [number('192.0.2.11')] }), '192.0.2.12');
	assert.equal(found({ managed: false }), '192.0.2.2');
	assert.equal(found({ managed: false, ranges: [] }), null);
	assert.equal(found({ ranges: [range('dynamic', '192.0.2.1', '192.0.2.254')] }), null);
});

test('suggestions: the first address for a router, the upper quarter for DHCP', () => {
	const suggested = (each: SubnetUse) => {
		const gateway = suggestGateway(each);
		const dynamic = suggestDynamicRange(each);
		return [gateway && formatIp(gateway), dynamic && printRange(dynamic, each.network.family)];
	};
	assert.deepEqual(suggested(use('192.0.2.0/24')), [
		'192.0.2.1',
		{ start: '192.0.2.192', end: '192.0.2.254', num_addresses: 63 },
	]);
	assert.deepEqual(suggested(use('192.0.2.0/24', { assigned: [number('192.0.2.1')] }))[0], '192.0.2.254');
	assert.deepEqual(suggested(use('192.0.2.0/24', { gateway: parseIp('192.0.2.9') }))[0], null);
	assert.deepEqual(suggested(use('192.0.2.0/32')), ['192.0.2.0', null]);
	assert.equal(suggested(use('2001:db8::/120'))[0], '2001:db8::1');
});

test('what is reserved and what is not are all hosts of the subnet; the counts agree; a free address is nobody’s', () => {
	const hosts = fc.integer({ min: 1, max: 254 }).map((last) => number(`192.0.2.${last}`));
	const anyRange = fc
		.tuple(hosts, hosts, fc.constantFrom<'dynamic' | 'reserved'>('dynamic', 'reserved'))
		.map(([one, other, type]) => ({ type, first: one < other ? one : other, last: one < other ? other : one }));
	const anyUse = fc
		.record({
			managed: fc.boolean(),
			gateway: fc.option(hosts.map((value) => ({ family: 4 as const, value }))),
			ranges: fc.array(anyRange, { maxLength: 3 }),
			assigned: fc.array(hosts, { maxLength: 20 }),
			neighbours: fc.array(hosts, { maxLength: 5 }),
		})
		.map((change) => use('192.0.2.0/24', change));
	fc.assert(
		fc.property(anyUse, (each) => {
			const [taken, free] = [reservedRanges(each), unreservedRanges(each)];
			const count = (ranges: readonly { first: bigint; last: bigint }[]) => ranges.reduce((sum, one) => sum + sizeOf(one), 0n);
			assert.equal(count(taken) + count(free), sizeOf(hostsOf(each.network)));
			const { available, unavailable, total, largestAvailable } = statistics(each);
			assert.deepEqual([available, unavailable, total], [count(free), count(taken), 254n]);
			assert.ok(free.every((one) => sizeOf(one) <= largestAvailable));
			const address = freeAddress(each)?.value;
			if (address === undefined) return;
			assert.ok(!each.assigned.includes(address) && !each.neighbours.includes(address) && each.gateway?.value !== address);
			const around = each.ranges.filter(({ first, last }) => first <= address && address <= last).map(({ type }) => type);
			assert.ok(!around.includes('dynamic'));
			assert.equal(around.includes('reserved'), !each.managed);
		}),
	);
});
