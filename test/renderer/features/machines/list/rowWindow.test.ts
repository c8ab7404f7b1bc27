import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { windowOf } from '../../../../../renderer/features/machines/list/rowWindow.ts';

describe('rows that are drawn', () => {
	it('are all of them in a small rack', () =>
		assert.deepEqual(windowOf(200, 35, 900, 700), { from: 0, to: 200, before: 0, after: 0 }));
	it('are those in sight and a few around in a big one', () => {
		assert.deepEqual(windowOf(5000, 35, 35_000, 700), { from: 988, to: 1032, before: 988 * 35, after: (5000 - 1032) * 35 });
	});
	it('stop at the end, also when the list has become shorter than where one had scrolled', () => {
		const drawn = windowOf(300, 35, 900_000, 700);
		assert.equal(drawn.to, 300);
		assert.ok(drawn.from < 300);
	});
});
