import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkPlaceName } from '../../../controller/domain/placeName.ts';

test('names of zones, pools and tags are words for URLs and command lines', () => {
	for (const good of ['a', 'row-1', 'Rack_2', '3.14', 'x'.repeat(256)]) checkPlaceName(good);
	for (const bad of ['', '-a', '.', '..', '.a', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(257), '%2e'])
		assert.throws(() => checkPlaceName(bad), { code: 'bad-input', field: 'name' }, bad);
});

test('a pool’s name may have blanks inside', () => {
	checkPlaceName('big machines', ' ');
	assert.throws(() => checkPlaceName(' big', ' '), { field: 'name' });
});
