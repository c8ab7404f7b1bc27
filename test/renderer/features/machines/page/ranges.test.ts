import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ranges } from '../../../../../renderer/features/machines/page/ranges.ts';

it('tells cores as ranges', () => {
	assert.equal(ranges([3, 0, 1, 2, 32, 34, 33, 40]), '0-3, 32-34, 40');
	assert.equal(ranges([]), '');
});
