import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseNetwork } from '../../../../controller/domain/network/ip.ts';
import {
	type Claim,
	findOverlap,
	gapsBetween,
	hostsOf,
	mergeClaims,
	type Range,
	sizeOf,
} from '../../../../controller/domain/network/ranges.ts';

const within: Range = { first: 1n, last: 60n };
const claim: fc.Arbitrary<Claim> = fc
	.tuple(fc.nat(64), fc.nat(12), fc.constantFrom('dynamic', 'reserved', 'assigned-ip'))
	.map(([first, more, purpose]) => ({ first: BigInt(first), last: BigInt(first + more), purpose }));

test('claims: overlaps add up, neighbours of one purpose join, what lies outside is cut', () => {
	const claims: Claim[] = [
		{ first: 0n, last: 3n, purpose: 'reserved' },
		{ first: 3n, last: 5n, purpose: 'dynamic' },
		{ first: 6n, last: 6n, purpose: 'dynamic' },
		{ first: 9n, last: 99n, purpose: 'reserved' },
	];
	assert.deepEqual(mergeClaims(claims, { first: 1n, last: 10n }), [
		{ first: 1n, last: 2n, purpose: ['reserved'] },
		{ first: 3n, last: 3n, purpose: ['dynamic', 'reserved'] },
		{ first: 4n, last: 6n, purpose: ['dynamic'] },
		{ first: 9n, last: 10n, purpose: ['reserved'] },
	]);
});

test('what is taken and what lies between are the whole, each address once, with all its purposes', () => {
	fc.assert(
		fc.property(fc.array(claim, { maxLength: 20 }), (claims) => {
			const taken = mergeClaims(claims, within);
			const gaps = gapsBetween(taken, within);
			for (let address = within.first; address <= within.last; address++) {
				const holds = ({ first, last }: Range) => first <= address && address <= last;
				const purposes = [...new Set(claims.filter(holds).map(({ purpose }) => purpose))].sort();
				const parts = [...taken, ...gaps].filter(holds);
				assert.equal(parts.length, 1, `${address}`);
				assert.deepEqual(taken.find(holds)?.purpose ?? [], purposes, `${address}`);
			}
			const all = [...taken, ...gaps];
			assert.equal(
				all.reduce((sum, range) => sum + sizeOf(range), 0n),
				sizeOf(within),
			);
			assert.equal(findOverlap(all), null);
		}),
	);
});

test('an overlap is found exactly where one is', () => {
	fc.assert(
		fc.property(fc.array(claim, { maxLength: 6 }), (ranges) => {
			const share = ranges.some((one, at) =>
				ranges.some((other, index) => index > at && one.first <= other.last && other.first <= one.last),
			);
			const found = findOverlap(ranges);
			assert.equal(found !== null, share);
			if (found) assert.ok(found[0].first <= found[1].last && found[1].first <= found[0].last);
		}),
	);
});

test('hosts: without the two edges of IPv4, but all of a /31 and /32 and of IPv6', () => {
	for (const [cidr, size] of [
		['192.0.2.0/24', 254n],
		['192.0.2.0/30', 2n],
		['192.0.2.0/31', 2n],
		['192.0.2.0/32', 1n],
		['2001:db8::/64', 1n << 64n],
	] as const) {
		const network = parseNetwork(cidr);
		assert.ok(network);
		assert.equal(sizeOf(hostsOf(network)), size, cidr);
	}
});
