import assert from 'node:assert/strict';
import { test } from 'node:test';
import { afterDeath, noDeaths } from '../../../main/supervisor/backoff.ts';

const lives: { name: string; ranForMs: number[]; next: (number | 'giveUp')[] }[] = [
	{ name: 'dies at once each time', ranForMs: [50, 50, 50, 50, 50], next: [200, 400, 800, 1600, 'giveUp'] },
	{
		name: 'dies every 15 seconds: the wait grows to 10 seconds, it is never given up',
		ranForMs: Array(9).fill(15_000),
		next: [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000],
	},
	{ name: 'runs for a minute between two deaths', ranForMs: [50, 50, 60_000, 50], next: [200, 400, 200, 400] },
	{
		name: 'has one longer life between quick deaths',
		ranForMs: [50, 50, 50, 50, 10_000, 50, 50, 50, 50, 50],
		next: [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000, 10_000, 'giveUp'],
	},
];
for (const { name, ranForMs, next } of lives) {
	test(`a controller that ${name}`, () => {
		let deaths = noDeaths;
		const verdicts = ranForMs.map((ran) => {
			const verdict = afterDeath(deaths, ran);
			deaths = verdict.deaths;
			return verdict.next === 'giveUp' ? 'giveUp' : verdict.next.waitMs;
		});
		assert.deepEqual(verdicts, next);
	});
}
