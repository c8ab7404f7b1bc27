import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clicked, sortMachines } from '../../../../../renderer/features/machines/list/sort.ts';
import { rack } from '../../../../support/fixture/rack.ts';

const machines = rack(Date.parse('2026-11-22T12:00:00Z'));

describe('sorting', () => {
	const order = (by: Parameters<typeof clicked>[1], down = false) => sortMachines(machines, { by, down }).map((m) => m.hostname);
	it('counts numbers in names as numbers', () => {
		const [one] = machines;
		const names = ['node10', 'node2', 'node1'].map((hostname) => ({ ...one!, hostname }));
		assert.deepEqual(
			sortMachines(names, { by: 'name', down: false }).map((m) => m.hostname),
			['node1', 'node2', 'node10'],
		);
	});
	it('puts the unknown last in both directions', () => {
		assert.equal(order('cores').at(-1), 'nuc-01');
		assert.equal(order('cores', true).at(-1), 'nuc-01');
		assert.equal(order('cores', true)[0], 'r650-01');
	});
	it('turns round at the second click on a column, and starts upwards on another', () => {
		const once = clicked({ by: 'name', down: false }, 'power');
		assert.deepEqual(once, { by: 'power', down: false });
		assert.deepEqual(clicked(once, 'power'), { by: 'power', down: true });
	});
});
