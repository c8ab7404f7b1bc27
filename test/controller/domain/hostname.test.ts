import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeHostname } from '../../../controller/domain/hostname.ts';
import { isHostname } from '../../../controller/domain/machine.ts';

test('every name is two words that DNS can carry', () => {
	fc.assert(
		fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (chance) => {
			const name = makeHostname(() => chance);
			assert.ok(isHostname(name) && name.split('-').length === 2, name);
		}),
	);
});

test('there are enough of them for a hall of racks', () => {
	const names = new Set<string>();
	for (let first = 0; first < 150; first++)
		for (let second = 0; second < 150; second++) {
			const chances = [first / 150, second / 150];
			names.add(makeHostname(() => chances.shift() ?? 0));
		}
	assert.ok(names.size > 10_000, String(names.size));
});
