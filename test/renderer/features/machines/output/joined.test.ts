import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { joined } from '../../../../../renderer/features/machines/output/joined.ts';

describe('fetched output and its live tail become one text', () => {
	const tail = (offset: number, text: string, torn = false) => ({ offset, text, torn });
	const cases: [name: string, fetched: string, tail: Parameters<typeof joined>[1], joined: ReturnType<typeof joined>][] = [
		['no tail', 'abc', undefined, { text: 'abc', gap: false }],
		['tail follows', 'abc', tail(3, 'def'), { text: 'abcdef', gap: false }],
		['tail overlaps', 'abcd', tail(3, 'def'), { text: 'abcdef', gap: false }],
		['tail is old news', 'abcdef', tail(3, 'def'), { text: 'abcdef', gap: false }],
		['offsets are bytes', 'grün', tail(5, '!'), { text: 'grün!', gap: false }],
		['a piece between is missing', 'abc', tail(9, 'xyz'), { text: 'abc', gap: true }],
		['the tail itself is torn', 'abc', tail(3, 'def', true), { text: 'abc', gap: true }],
	];
	for (const [name, fetched, given, expected] of cases) it(name, () => assert.deepEqual(joined(fetched, given), expected));
});
