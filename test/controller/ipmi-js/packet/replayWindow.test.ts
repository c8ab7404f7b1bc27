import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createReplayWindow } from '../../../../controller/ipmi-js/packet/replayWindow.ts';

for (const [name, numbers, accepted] of [
	['in order', [1, 2, 3], [true, true, true]],
	['doubled', [1, 1, 2, 2], [true, false, true, false]],
	['overtaken within the window', [1, 17, 2, 16], [true, true, true, true]],
	['older than the window', [1, 18, 1, 2], [true, true, false, true]],
	['0 is no number', [0, 1], [false, true]],
	['a far jump forgets what was before', [1, 1000, 999, 1], [true, true, true, false]],
	['over the wrap', [0xfffffffe, 0xffffffff, 1, 0xfffffffe, 2], [true, true, true, false, true]],
] as const) {
	test(`sequence numbers ${name}`, () => {
		const window = createReplayWindow();
		assert.deepEqual(
			numbers.map((number) => window.accept(number)),
			accepted,
		);
	});
}

test('no number is accepted twice, whatever the order', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 200 }), (numbers) => {
			const window = createReplayWindow();
			const taken = numbers.filter((number) => window.accept(number));
			assert.equal(new Set(taken).size, taken.length);
		}),
	);
});
