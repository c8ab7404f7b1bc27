import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isDone, nextOpen, reachable } from '../../../../renderer/features/firstRun/steps.ts';

describe('the first run goes on at the first step that is not done', () => {
	const facts = (firstRun: boolean, mode: 'off' | 'full', state: 'missing' | 'ready') => ({
		session: { firstRun },
		interfaces: [{ mode }],
		bootAssets: { state },
	});
	it('with nothing done: the administrator', () => assert.equal(nextOpen(facts(true, 'off', 'missing')), 'admin'));
	it('with an administrator: the network', () => assert.equal(nextOpen(facts(false, 'off', 'ready')), 'network'));
	it('with a network: the boot assets', () => assert.equal(nextOpen(facts(false, 'full', 'missing')), 'assets'));
	it('with all: the first machine', () => assert.equal(nextOpen(facts(false, 'full', 'ready')), 'done'));
	it('lets nobody past the administrator', () => assert.equal(reachable('network', facts(true, 'off', 'missing')), false));
	it('does not call a step done before the controller has said so', () => {
		assert.equal(isDone('network', { session: { firstRun: false }, interfaces: null, bootAssets: null }), false);
	});
});
