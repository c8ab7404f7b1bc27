import assert from 'node:assert/strict';
import { test } from 'node:test';
import { laneOf, type TrailEvent, timelineOf } from '../../../controller/domain/timeline.ts';

const at = (seconds: number) => new Date(Date.parse('2026-01-02T03:04:00.000Z') + seconds * 1000).toISOString();
const event = (seconds: number, kind: string, stage: string, more: Partial<TrailEvent> = {}): TrailEvent => ({
	...{ at: at(seconds), kind, stage, level: 'info', text: stage, ms: null, cause: null, nextStep: null, resultId: null },
	...more,
});
const brief = (stages: ReturnType<typeof timelineOf>) =>
	stages.map(({ stage, lane, startedAt, ms, state }) => `${lane}: ${stage} at ${startedAt.slice(17, 19)} for ${ms} ${state}`);

test('a stage stands at its end, so it began its duration before', () => {
	assert.deepEqual(
		brief(
			timelineOf(
				[
					event(1, 'stage', 'dhcp', { ms: 0 }),
					event(3, 'stage', 'loader', { ms: 2000 }),
					event(9, 'stage', 'kernel', { ms: 6000 }),
					event(20, 'stage', 'agent', { ms: 11_000 }),
					event(21, 'stage-start', 'script:maas-lshw'),
					event(25, 'stage', 'script:maas-lshw', { ms: 3500 }),
					event(25, 'stage', 'done', { ms: 24_000 }),
				],
				null,
			),
		),
		[
			'dhcp: dhcp at 01 for 0 done',
			'loader: loader at 01 for 2000 done',
			'kernel: kernel at 03 for 6000 done',
			'agent: agent at 09 for 11000 done',
			'scripts: script:maas-lshw at 21 for 3500 done',
		],
	);
});

test('a stage that does not say how long it took took from its beginning to its end', () => {
	assert.deepEqual(brief(timelineOf([event(2, 'stage-start', 'cloud-init'), event(9, 'stage', 'cloud-init')], null)), [
		'cloud-init: cloud-init at 02 for 7000 done',
	]);
});

test('what has begun and not ended runs', () => {
	assert.deepEqual(
		brief(
			timelineOf([event(20, 'stage', 'agent', { ms: 0 }), event(21, 'stage-start', 'script:maas-lshw')], {
				stage: 'agent',
				since: at(20),
			}),
		),
		['agent: agent at 20 for 0 done', 'scripts: script:maas-lshw at 21 for null running'],
	);
});

test('a running boot shows the stage that it waits for', () => {
	const [, waiting] = timelineOf([event(1, 'stage', 'dhcp', { ms: 0 })], { stage: 'dhcp', since: at(1) });
	assert.deepEqual(waiting, {
		stage: 'loader',
		lane: 'loader',
		text: 'Waiting: Took the boot loader',
		startedAt: at(1),
		ms: null,
		state: 'running',
		cause: null,
		nextStep: null,
		resultId: null,
	});
});

test('a verdict is the failure of the stage that never came', () => {
	const verdict = event(61, 'verdict', 'dhcp', {
		level: 'error',
		text: 'It never asked.',
		ms: 60_000,
		cause: 'It never asked.',
		nextStep: 'Look.',
	});
	assert.deepEqual(timelineOf([event(1, 'stage', 'dhcp', { ms: 0 }), verdict], null)[1], {
		stage: 'loader',
		lane: 'loader',
		text: 'It never asked.',
		startedAt: at(1),
		ms: 60_000,
		state: 'failed',
		cause: 'It never asked.',
		nextStep: 'Look.',
		resultId: null,
	});
});

test('a script that failed is a failed stage with its result', () => {
	const [stage] = timelineOf(
		[event(5, 'stage', 'script:11-link', { level: 'error', ms: 400, cause: 'no link', resultId: 7 })],
		null,
	);
	assert.deepEqual([stage?.state, stage?.cause, stage?.resultId], ['failed', 'no link', 7]);
});

test('each stage has its lane', () => {
	assert.deepEqual(
		['power', 'dhcp', 'loader', 'script', 'kernel', 'boot', 'agent', 'script:maas-lshw', 'cloud-init', 'unheard of'].map(laneOf),
		['power', 'dhcp', 'loader', 'loader', 'kernel', 'kernel', 'agent', 'scripts', 'cloud-init', 'agent'],
	);
});
