import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { extended, noneSelected, toggled, visibleOnly } from '../../../../../renderer/features/machines/list/selection.ts';

describe('selection', () => {
	const rows = ['a', 'b', 'c', 'd'];
	it('toggles one', () => {
		const once = toggled(noneSelected, 'b');
		assert.deepEqual([...once.ids], ['b']);
		assert.deepEqual([...toggled(once, 'b').ids], []);
	});
	it('extends from the last one touched, either way', () => {
		assert.deepEqual([...extended(toggled(noneSelected, 'c'), rows, 'a').ids].sort(), ['a', 'b', 'c']);
		assert.deepEqual([...extended(toggled(noneSelected, 'b'), rows, 'd').ids].sort(), ['b', 'c', 'd']);
	});
	it('toggles when there is nothing to extend from', () => {
		assert.deepEqual([...extended(noneSelected, rows, 'c').ids], ['c']);
	});
	it('leaves out what a filter hides', () => {
		assert.deepEqual([...visibleOnly({ ids: new Set(['a', 'd']), anchor: 'a' }, ['a', 'b']).ids], ['a']);
	});
});
