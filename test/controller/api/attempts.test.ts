import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createAttempts } from '../../../controller/api/attempts.ts';
import { makeClock } from '../../support/makeStore.ts';

function attempts(forgives: 'all' | 'itself') {
	const clock = makeClock();
	const guesses = createAttempts({ freeTries: 3, longestWaitMs: 8000, forgives, whose: (key) => `for ${key}`, now: clock.now });
	/** What a wrong guess is told. */
	const guess = (key: string) => {
		try {
			guesses.begin(key);
			return 'checked';
		} catch (error) {
			return error instanceof Error ? error.message : String(error);
		}
	};
	return { ...guesses, guess, clock };
}
const wait = (seconds: number) => `Too many wrong passwords for ann: try again in ${seconds} s.`;

test('after the free tries each guess waits twice as long, up to a limit; nobody else does', () => {
	const { guess, clock } = attempts('all');
	for (let free = 0; free < 3; free++) assert.equal(guess('ann'), 'checked');
	for (const seconds of [1, 2, 4, 8, 8]) {
		assert.equal(guess('ann'), wait(seconds));
		assert.equal(guess('ann'), wait(seconds), 'a refused guess makes it no longer');
		clock.pass(seconds * 1000);
		assert.equal(guess('ann'), 'checked');
	}
	assert.equal(guess('bob'), 'checked');
	clock.pass(15 * 60_000 + 1);
	assert.equal(guess('ann'), 'checked');
	assert.equal(guess('ann'), 'checked', 'after a quarter of an hour all is forgotten');
});

test('a right password forgives a name everything, and an address only itself', () => {
	for (const [forgives, after] of [
		['all', 'checked'],
		['itself', wait(1)],
	] as const) {
		const { guess, succeeded } = attempts(forgives);
		for (let free = 0; free < 3; free++) guess('ann');
		succeeded('ann');
		assert.equal(guess('ann'), 'checked');
		assert.equal(guess('ann'), after);
		succeeded('nobody');
	}
});
