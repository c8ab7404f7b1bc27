import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	lifecycle,
	nextStatus,
	type Status,
	statusCode,
	statuses,
	workingStatuses,
} from '../../../controller/domain/lifecycle.ts';

/** MAAS's transition table by number: from → allowed targets (reference/maas-facts §3.2). */
const MAAS: Record<number, number[]> = {
	0: [1, 21, 3, 4, 7, 8, 17],
	1: [2, 4, 7, 3, 0, 8, 21],
	2: [1, 3, 7, 8, 17, 21],
	3: [0, 4, 10, 1, 8, 17, 21],
	4: [17, 1, 10, 5, 7, 3, 8, 21],
	5: [4, 10, 7, 3, 8, 14, 12, 17, 21],
	6: [10, 3, 8, 4, 14, 12, 17, 21],
	7: [0, 4, 3, 8, 17, 21],
	8: [1, 4, 14, 12, 17, 21, 6],
	9: [10, 3, 8, 11, 6, 4, 14, 12],
	10: [4, 7, 3, 8, 9, 14, 12, 17, 21],
	11: [10, 3, 8, 4, 14, 12, 17, 21],
	12: [0, 10, 5, 6, 4, 8, 3, 11, 15, 13],
	13: [12, 14, 4, 8, 21],
	14: [8, 14, 15, 4, 12],
	15: [14, 12, 8, 10, 4, 17, 21],
	16: [8, 19, 21],
	17: [4, 8, 6, 16, 18, 19],
	18: [8, 17, 19, 21],
	19: [0, 8, 2, 4, 5, 10, 11, 6, 3, 7, 13, 15, 16, 18, 20, 22],
	20: [8, 19, 21],
	21: [8, 0, 4, 5, 10, 6, 1, 11, 3, 7, 13, 15, 18, 20, 22],
	22: [1, 8, 3, 17, 21, 4, 6],
};

test('every edge of the table is one that MAAS allows', () => {
	for (const status of statuses)
		for (const [event, target] of Object.entries(lifecycle[status].moves)) {
			if (target === 'previous' || target === 'before-tests') continue;
			assert.ok(
				MAAS[statusCode(status)]?.includes(statusCode(target)),
				`${status} --${event}--> ${target} is not in MAAS's table`,
			);
		}
});

test('numbers and names are MAAS’s', () => {
	assert.deepEqual(
		statuses.map((status) => `${statusCode(status)} ${lifecycle[status].name}`),
		[
			'0 New',
			'1 Commissioning',
			'2 Failed commissioning',
			'3 Missing',
			'4 Ready',
			'5 Reserved',
			'6 Deployed',
			'7 Retired',
			'8 Broken',
			'9 Deploying',
			'10 Allocated',
			'11 Failed deployment',
			'12 Releasing',
			'13 Releasing failed',
			'14 Disk erasing',
			'15 Failed disk erasing',
			'16 Rescue mode',
			'17 Entering rescue mode',
			'18 Failed to enter rescue mode',
			'19 Exiting rescue mode',
			'20 Failed to exit rescue mode',
			'21 Testing',
			'22 Failed testing',
		],
	);
});

test('every working status has a deadline, a failure and an abort that works', () => {
	assert.deepEqual(workingStatuses, [
		'commissioning',
		'deploying',
		'releasing',
		'disk_erasing',
		'entering_rescue_mode',
		'exiting_rescue_mode',
		'testing',
	]);
	for (const status of workingStatuses) {
		assert.ok((lifecycle[status].patience ?? 0) > 0, status);
		for (const event of ['fail', 'abort'] as const) {
			const next = nextStatus(status, event, 'ready');
			assert.ok(next && lifecycle[next].patience === null, `${status} --${event}--> ${next}`);
		}
	}
});

test('every status can be reached from New and left again', () => {
	const reached = new Set<Status>(['new']);
	for (const from of reached)
		for (const event of Object.keys(lifecycle[from].moves)) reached.add(nextStatus(from, event as 'fail', 'ready') as Status);
	assert.deepEqual([...reached].toSorted(), [...statuses].toSorted());
	for (const status of statuses) assert.ok(Object.keys(lifecycle[status].moves).length > 0, `${status} is a dead end`);
});

test('tests give a machine back what it was, and Ready where it was a failure', () => {
	for (const [previous, expected] of [
		['deployed', 'deployed'],
		['allocated', 'allocated'],
		['new', 'new'],
		['failed_testing', 'ready'],
		['failed_deployment', 'ready'],
		['commissioning', 'ready'],
		[null, 'ready'],
	] as [Status | null, Status][])
		assert.equal(nextStatus('testing', 'tests_passed', previous), expected, `from ${previous}`);
});

test('an event that the status does not know leads nowhere', () => {
	assert.equal(nextStatus('ready', 'deployed', null), null);
	assert.equal(nextStatus('deployed', 'commission', null), null);
});
