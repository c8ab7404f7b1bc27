import assert from 'node:assert/strict';
import { it } from 'node:test';
import { waitBefore } from '../../../renderer/api/live.ts';

it('waits longer after each failed try, never more than ten seconds', () => {
	assert.deepEqual(
		[0, 1, 2, 5, 50].map((failures) => waitBefore(failures, 0.5)),
		[250, 500, 1000, 8000, 8000],
	);
	assert.ok(waitBefore(50, 1) <= 10_000);
});
