import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCodes, Refusal } from '../../../controller/domain/errors.ts';

test('a refusal says what, where and what to do next, and keeps its cause', () => {
	const cause = new Error('ENOSPC');
	const refusal = new Refusal('storage-full', 'The disk is full.', { field: 'file', nextStep: 'Free some space.', cause });
	assert.deepEqual(
		[refusal.name, refusal.code, refusal.message, refusal.field, refusal.nextStep, refusal.cause],
		['Refusal', 'storage-full', 'The disk is full.', 'file', 'Free some space.', cause],
	);
	assert.ok(!('cause' in new Refusal('conflict', 'It is taken.')));
});

test('no code is there twice', () => {
	assert.equal(new Set(errorCodes).size, errorCodes.length);
});
