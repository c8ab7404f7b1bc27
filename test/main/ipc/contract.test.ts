import assert from 'node:assert/strict';
import { test } from 'node:test';
import { callNames, channelOf, contract, newsNames } from '../../../main/ipc/contract.ts';

test('each name has a channel of its own', () => {
	const channels = [...callNames, ...newsNames].map(channelOf);
	assert.deepEqual(channels, [
		'desktop:stopServing',
		'desktop:restartController',
		'desktop:reopenPage',
		'desktop:openLogFolder',
		'desktop:onController',
	]);
});

for (const name of callNames) {
	test(`${name} takes no arguments, and says so`, () => {
		assert.deepEqual(contract.calls[name].read([]), []);
		assert.throws(() => contract.calls[name].read(['now']), { name: 'TypeError', message: 'takes no arguments, got 1' });
	});
}
