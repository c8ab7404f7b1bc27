import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { filterMachines, groupSizes } from '../../../../../renderer/features/machines/list/filter.ts';
import { rack } from '../../../../support/fixture/rack.ts';

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
