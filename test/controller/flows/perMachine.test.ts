import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPerMachine } from '../../../controller/flows/perMachine.ts';

test('jobs of one machine run one after the other, in the order they came', async () => {
	const perMachine = createPerMachine();
	const log: string[] = [];
	const job = (name: string, ms: number) => async () => {
		log.push(`${name} begins`);
		await sleep(ms);
		log.push(`${name} ends`);
		return name;
	};
	const results = await Promise.all([perMachine(1, job('a', 20)), perMachine(1, job('b', 5)), perMachine(1, job('c', 0))]);
	assert.deepEqual(results, ['a', 'b', 'c']);
	assert.deepEqual(log, ['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
});

test('those of different machines run side by side', async () => {
	const perMachine = createPerMachine();
	let free = () => {};
	const blocked = perMachine(1, () => new Promise<void>((done) => (free = done)));
	assert.equal(await perMachine(2, async () => 'done'), 'done');
	free();
	await blocked;
});

test('a job that fails does not stop the next one, and its failure reaches its asker', async () => {
	const perMachine = createPerMachine();
	const first = perMachine(1, () => Promise.reject(new Error('no')));
	const second = perMachine(1, async () => 'yes');
	await assert.rejects(first, /no/);
	assert.equal(await second, 'yes');
});

test('idle is when nothing runs any more, also what was added meanwhile', async () => {
	const perMachine = createPerMachine();
	const done: number[] = [];
	void perMachine(1, async () => {
		await sleep(5);
		done.push(1);
		void perMachine(2, async () => {
			await sleep(5);
			done.push(2);
		});
	});
	await perMachine.idle();
	assert.deepEqual(done, [1, 2]);
});
