import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readRange } from '../../../controller/services/httpFile.ts';

const rows: [string, number, ReturnType<typeof readRange>][] = [
	['bytes=0-0', 10, { start: 0, end: 1 }],
	['bytes=9-', 10, { start: 9, end: 10 }],
	['bytes=2-100', 10, { start: 2, end: 10 }],
	['bytes=-1', 10, { start: 9, end: 10 }],
	['bytes=-100', 10, { start: 0, end: 10 }],
	[' bytes=1-2 ', 10, { start: 1, end: 3 }],
	['bytes=10-', 10, 'unsatisfiable'],
	['bytes=-0', 10, 'unsatisfiable'],
	['bytes=0-', 0, 'unsatisfiable'],
	['bytes=-5', 0, 'unsatisfiable'],
	['bytes=2-1', 10, null],
	['bytes=-', 10, null],
	['bytes=0-1,2-3', 10, null],
	['bytes=a-b', 10, null],
	['bytes=0x1-2', 10, null],
	[`bytes=${'9'.repeat(16)}-`, 10, null],
	['', 10, null],
];
for (const [header, size, expected] of rows)
	test(`"${header}" of ${size} bytes`, () => assert.deepEqual(readRange(header, size), expected));
