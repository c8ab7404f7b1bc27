import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withinTime } from '../../../controller/domain/timeLimit.ts';

test('work that ends in time gives its value, and what it throws is thrown on', () => {
	assert.deepEqual(
		withinTime(1000, () => 42),
		{ value: 42 },
	);
	assert.deepEqual(
		withinTime(1000, () => undefined),
		{ value: undefined },
	);
	const mistake = new RangeError('mine');
	assert.throws(
		() =>
			withinTime(1000, () => {
				throw mistake;
			}),
		(error) => error === mistake,
	);
});

test('work that would never end is ended, and the next one runs as before', () => {
	const began = performance.now();
	assert.equal(
		withinTime(30, () => {
			for (;;);
		}),
		'too-slow',
	);
	assert.ok(performance.now() - began < 1000, 'it was ended soon');
	assert.deepEqual(
		withinTime(1000, () => 'again'),
		{ value: 'again' },
	);
});
