import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { offersFor } from '../../renderer/features/machines/actions/perform.ts';
import { filterMachines, groupSizes } from '../../renderer/features/machines/list/filter.ts';
import { windowOf } from '../../renderer/features/machines/list/rowWindow.ts';
import { extended, noneSelected, toggled, visibleOnly } from '../../renderer/features/machines/list/selection.ts';
import { clicked, sortMachines } from '../../renderer/features/machines/list/sort.ts';
import { rack } from '../support/fixture/rack.ts';

const machines = rack(Date.parse('2026-11-22T12:00:00Z'));
const named = (typed: string) => filterMachines(machines, typed).map((machine) => machine.hostname);

describe('the filter box', () => {
	const cases: [typed: string, found: string[]][] = [
		['NUC', ['nuc-01']],
		['status:ready row-a', ['r650-03']],
		['owner:grace status:deployed', ['dl360-01']],
		['94:40:c9:3c:14:0a', ['dl360-01']],
		['192.0.2.51', ['ucs-01']],
		['ip:192.168.77.24', ['r650-04']],
		['power:unknown', ['nuc-01']],
		['name:debian', []],
		['image:rocky', ['dl360-01']],
		['no-such-field:x', []],
	];
	for (const [typed, found] of cases)
		it(`${typed} finds ${found.join(', ') || 'nothing'}`, () => assert.deepEqual(named(typed), found));
	it('finds all when nothing but blanks is typed', () => assert.equal(named('  ').length, machines.length));
});

it('every machine is in one group of the summary', () => {
	assert.deepEqual(groupSizes(machines), { working: 4, trouble: 3, waiting: 1, ready: 3, 'in use': 3 });
});

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
