import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { contains, lastOf, parseIp, parseNetwork } from '../../../../controller/domain/network/ip.ts';
import { findOverlap } from '../../../../controller/domain/network/ranges.ts';
import { checkSubnet, type SubnetPlan } from '../../../../controller/domain/network/subnetPlan.ts';

const ip = (text: string) => {
	const parsed = parseIp(text);
	assert.ok(parsed, text);
	return parsed;
};
const range = (id: number, type: 'dynamic' | 'reserved', first: string, last: string) => ({
	...{ id, type, first: ip(first).value, last: ip(last).value },
});
const held = (text: string, who = 'node-1 (eth0)', mac: string | null = null) => ({ ip: ip(text), who, mac });
function plan(change: Partial<SubnetPlan> = {}, cidr = '192.0.2.0/24'): SubnetPlan {
	const network = parseNetwork(cidr);
	assert.ok(network);
	return { network, gateway: null, ranges: [], addresses: [], routers: [], ...change };
}

test('what holds, and what is wrong in which words', () => {
	const dynamic = range(1, 'dynamic', '192.0.2.100', '192.0.2.199');
	for (const [what, each, problem] of [
		['nothing', plan(), null],
		['a gateway beside the range', plan({ gateway: ip('192.0.2.1'), ranges: [dynamic] }), null],
		['a link-local router', plan({ gateway: ip('fe80::1') }, '2001:db8::/64'), null],
		[
			'an address in a reserved range',
			plan({ ranges: [range(1, 'reserved', '192.0.2.1', '192.0.2.9')], addresses: [held('192.0.2.5')] }),
			null,
		],
		[
			'a link and a reservation of one card',
			plan({ addresses: [held('192.0.2.5', 'a', 'm'), held('192.0.2.5', 'b', 'm')] }),
			null,
		],
		['the edges of a /31', plan({ gateway: ip('192.0.2.0'), addresses: [held('192.0.2.1')] }, '192.0.2.0/31'), null],
		['a gateway outside', plan({ gateway: ip('192.0.3.1') }), ['gateway', 'Gateway IP must be within CIDR range.']],
		['a link-local router for IPv4', plan({ gateway: ip('fe80::1') }), ['gateway', 'Gateway IP must be within CIDR range.']],
		['the network as gateway', plan({ gateway: ip('192.0.2.0') }), ['gateway', '192.0.2.0 is the network’s own address.']],
		[
			'a range outside',
			plan({ ranges: [range(7, 'reserved', '192.0.2.9', '192.0.3.9')] }),
			['range', 'IP addresses must be within subnet: 192.0.2.0/24.'],
		],
		[
			'a range backwards',
			plan({ ranges: [range(7, 'reserved', '192.0.2.9', '192.0.2.8')] }),
			['range', 'End IP address must not be less than Start IP address.'],
		],
		[
			'a range with the broadcast',
			plan({ ranges: [range(7, 'reserved', '192.0.2.9', '192.0.2.255')] }),
			['range', '192.0.2.255 is the broadcast address, and no part of a range.'],
		],
		[
			'a gateway in the dynamic range',
			plan({ gateway: ip('192.0.2.150'), ranges: [dynamic] }),
			['overlap', 'Requested dynamic range conflicts with an existing IP address or range: 192.0.2.150 is the gateway.'],
		],
		[
			'an address in the dynamic range',
			plan({ addresses: [held('192.0.2.150')], ranges: [dynamic] }),
			[
				'overlap',
				'Requested dynamic range conflicts with an existing IP address or range: 192.0.2.150 is held by node-1 (eth0).',
			],
		],
		[
			'reserved ranges that overlap',
			plan({ ranges: [range(1, 'reserved', '192.0.2.1', '192.0.2.9'), range(2, 'reserved', '192.0.2.9', '192.0.2.9')] }),
			[
				'overlap',
				'Requested reserved range conflicts with an existing range: 192.0.2.1 to 192.0.2.9 and 192.0.2.9 to 192.0.2.9 overlap.',
			],
		],
		[
			'an address outside',
			plan({ addresses: [held('10.0.0.1')] }),
			['address', '10.0.0.1, held by node-1 (eth0), lies outside 192.0.2.0/24.'],
		],
		[
			'an address of two',
			plan({ addresses: [held('192.0.2.5', 'a', 'm'), held('192.0.2.5', 'b')] }),
			['taken', '192.0.2.5 is held by a and by b.'],
		],
		[
			'a route’s gateway outside',
			plan({ routers: [ip('10.0.0.1')] }),
			['address', '10.0.0.1, the gateway of a static route, lies outside 192.0.2.0/24.'],
		],
	] as const) {
		const found = checkSubnet(each);
		assert.deepEqual(found && [found.subject, found.text], problem, what);
	}
});

/** Changes as people make them: each is taken only when the whole plan holds afterwards. */
type Change = (before: SubnetPlan) => SubnetPlan;
const address = fc.integer({ min: 0, max: 255 }).map((last) => ip(`192.0.2.${last}`));
const change: fc.Arbitrary<Change> = fc.oneof(
	fc.tuple(address, address, fc.constantFrom<'dynamic' | 'reserved'>('dynamic', 'reserved'), fc.nat(5)).map(
		([first, last, type, id]): Change =>
			(before) => ({
				...before,
				ranges: [...before.ranges.filter((each) => each.id !== id), { id, type, first: first.value, last: last.value }],
			}),
	),
	fc.option(address).map(
		(gateway): Change =>
			(before) => ({ ...before, gateway }),
	),
	fc.tuple(address, fc.constantFrom('a', 'b', null)).map(
		([added, mac]): Change =>
			(before) => ({ ...before, addresses: [...before.addresses, { ip: added, mac, who: 'somebody' }] }),
	),
	fc.integer({ min: 24, max: 30 }).map(
		(prefix): Change =>
			(before) => ({ ...before, network: { ...before.network, prefix } }),
	),
);

test('after any accepted changes every rule holds; what was refused changed nothing', () => {
	let accepted = 0;
	fc.assert(
		fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
			let now = plan();
			for (const each of changes) {
				const next = each(now);
				if (checkSubnet(next)) continue;
				now = next;
				accepted++;
			}
			assert.equal(findOverlap(now.ranges), null);
			const inside = (value: bigint) => value > now.network.first && value < lastOf(now.network);
			for (const { first, last } of now.ranges) assert.ok(first <= last && inside(first) && inside(last));
			if (now.gateway) assert.ok(contains(now.network, now.gateway));
			const handedOut = (value: bigint) =>
				now.ranges.some(({ type, first, last }) => type === 'dynamic' && first <= value && value <= last);
			for (const fixed of [...now.addresses.map((each) => each.ip), ...(now.gateway ? [now.gateway] : [])])
				assert.ok(inside(fixed.value) && !handedOut(fixed.value));
			for (const [at, one] of now.addresses.entries())
				for (const other of now.addresses.slice(at + 1))
					assert.ok(one.ip.value !== other.ip.value || (one.mac !== null && one.mac === other.mac));
		}),
		{ numRuns: 300 },
	);
	assert.ok(accepted > 500, `the changes must not all be refused: ${accepted}`);
});
