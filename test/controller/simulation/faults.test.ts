import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { faultOf, faults } from '../../../controller/simulation/faults.ts';

const spread = (count: number, percent: number) => Array.from({ length: count }, (_, at) => faultOf(at + 1, count, percent));

test('the share that was asked for has a fault, and at least one machine where any may', () => {
	fc.assert(
		fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 100 }), (count, percent) => {
			const broken = spread(count, percent).filter((fault) => fault !== null).length;
			assert.equal(broken, percent === 0 ? 0 : Math.max(1, Math.round((count * percent) / 100)));
		}),
	);
});

test('every kind comes equally often, spread over the rack, and the same each time', () => {
	const all = spread(200, 5);
	assert.deepEqual(
		all.flatMap((fault, at) => (fault ? [`${at + 1} ${fault}`] : [])),
		[
			...['20 bmc-dead', '40 bad-disk', '60 bmc-password', '80 script-hangs', '100 no-dhcp'],
			...['120 bmc-dead', '140 bad-disk', '160 bmc-password', '180 script-hangs', '200 no-dhcp'],
		],
	);
	assert.deepEqual(new Set(all.filter((fault) => fault !== null)), new Set(faults));
});
