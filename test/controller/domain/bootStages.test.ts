import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
	type BootStage,
	bootStages,
	overdueAt,
	stageIndex,
	stageTable,
	startsOver,
} from '../../../controller/domain/bootStages.ts';

test('every stage says what is wrong when nothing follows it, each in its own words, and what to do', () => {
	const verdicts = bootStages.map((stage) => stageTable[stage].verdict);
	assert.equal(new Set(verdicts).size, bootStages.length);
	for (const stage of bootStages) assert.match(stageTable[stage].nextStep, /^[A-Z].*\.$/, stage);
});

test('the next stage is due within the patience of the one that was reached', () => {
	const now = new Date('2026-01-02T03:04:05.000Z');
	assert.deepEqual(
		bootStages.map((stage) => `${stage} ${overdueAt(stage, now).slice(11, 19)}`),
		[
			'power 03:14:05',
			'dhcp 03:05:05',
			'loader 03:06:05',
			'script 03:07:05',
			'kernel 03:08:05',
			'boot 03:06:05',
			'agent 03:06:05',
		],
	);
});

test('machines that are known to be quicker are waited for less', () => {
	const now = new Date('2026-01-01T12:00:00.000Z');
	assert.deepEqual(
		[overdueAt('power', now, { power: 35 }), overdueAt('dhcp', now, { power: 35 })],
		['2026-01-01T12:00:35.000Z', '2026-01-01T12:01:00.000Z'],
	);
});

test('a retry goes on with its boot, a machine that starts over begins another', () => {
	for (const [latest, stage, asker, expected] of [
		['power', 'dhcp', 'firmware', 'same'],
		['dhcp', 'dhcp', 'firmware', 'same'],
		['loader', 'dhcp', 'firmware', 'new'],
		['loader', 'dhcp', 'iPXE', 'same'],
		['script', 'dhcp', 'iPXE', 'new'],
		// EDK2 asks for the size of its loader first, GRUB fetches its modules after its script
		['loader', 'loader', 'firmware', 'same'],
		['script', 'loader', 'firmware', 'same'],
		['kernel', 'loader', 'firmware', 'new'],
		['kernel', 'script', 'iPXE', 'same'],
		['agent', 'dhcp', 'firmware', 'new'],
		['agent', 'agent', 'firmware', 'same'],
		['no such stage', 'dhcp', 'firmware', 'new'],
	] as [string, BootStage, string, string][])
		assert.equal(startsOver(latest, stage, asker === 'iPXE') ? 'new' : 'same', expected, `${latest}, then ${stage} by ${asker}`);
	assert.equal(stageIndex('no such stage'), -1);
});
