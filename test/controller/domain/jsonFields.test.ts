import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asList, asObject } from '../../../controller/domain/jsonFields.ts';

test('what is no object looks like an empty one, and what is no list like an empty list', () => {
	const object = { name: 'sda' };
	const list = [1, 2];
	assert.equal(asObject(object), object);
	assert.equal(asList(list), list);
	for (const other of [null, undefined, 0, 'text', true, list]) assert.deepEqual(asObject(other), {});
	for (const other of [null, undefined, 0, 'text', true, object]) assert.deepEqual(asList(other), []);
});
