import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanInteger, cleanText } from '../../../controller/domain/clean.ts';

test('what could write into a terminal, a log or a page becomes a space', () => {
	for (const [dirty, clean] of [
		['node\u0000one', 'node one'],
		['\u001b]0;owned\u0007Dell\u001b[31m', ']0;owned Dell [31m'],
		['two\r\nlines', 'two lines'],
		['C1\u009b31m', 'C1 31m'],
		['right\u202eto left', 'right to left'],
		['zero\u200bwidth', 'zero width'],
		['  many   spaces ', 'many spaces'],
		[4711, '4711'],
	] as const)
		assert.equal(cleanText(dirty), clean);
});

test('nothing that a machine sends gets through with a control character in it, or too long', () => {
	fc.assert(
		fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (text) => {
			const clean = cleanText(text, 50);
			assert.ok(clean === null || (clean.length <= 50 && !/[\u0000-\u001f\u007f-\u009f\u2028\u202e]/.test(clean)));
		}),
	);
});

test('what vendors leave in fields that nobody filled in is nothing', () => {
	for (const text of [
		'',
		'   ',
		'\u0000',
		'None',
		'To Be Filled By O.E.M.',
		'Default string',
		'System Serial Number',
		'0000',
		'0x00',
	])
		assert.equal(cleanText(text), null, text);
	for (const value of [null, undefined, {}, ['text'], true]) assert.equal(cleanText(value), null);
});

test('a whole number within its bounds, as a number or as text', () => {
	for (const [value, expected] of [
		[7, 7],
		['7', 7],
		['-255', -255],
		[256, null],
		['7.5', null],
		[7.5, null],
		['7e1', null],
		['', null],
		[Number.NaN, null],
		['99999999999999999', null],
		[null, null],
	] as const)
		assert.equal(cleanInteger(value, -255, 255), expected, String(value));
});
