import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { offersFor } from '../../../../../renderer/features/machines/actions/perform.ts';
import { rack } from '../../../../support/fixture/rack.ts';

const machines = rack(Date.parse('2026-11-22T12:00:00Z'));

describe('actions on several machines', () => {
	it('touch those that allow it and tell why not of the others', () => {
		const chosen = machines.filter((machine) => ['dl360-01', 'dl360-03'].includes(machine.hostname));
		const deploy = offersFor(chosen).find((offer) => offer.action === 'deploy');
		assert.deepEqual(
			deploy && { able: deploy.able.map((m) => m.hostname), unable: deploy.unable.map((u) => u.reason), why: deploy.why },
			{ able: ['dl360-03'], unable: ['It is locked. Unlock it first.'], why: null },
		);
	});
	it('can’t be pressed when none allows it', () => {
		const [deployed] = machines;
		assert.equal(offersFor([deployed!]).find((offer) => offer.action === 'deploy')?.why, 'Not possible while Deployed.');
	});
});
