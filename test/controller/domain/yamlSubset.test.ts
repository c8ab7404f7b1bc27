import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readYamlMapping } from '../../../controller/domain/yamlSubset.ts';

const read = (text: string) => {
	const entries = readYamlMapping(text.split('\n').map((line, at) => ({ number: at + 1, text: line })));
	return 'problem' in entries ? entries : Object.fromEntries([...entries].map(([key, { value }]) => [key, value]));
};

const understood: [name: string, text: string, value: object][] = [
	[
		'scalars',
		'a: x y\nb: 7\nc: -1.5\nd: true\ne: ~\nf:\ng: 00:05:00',
		{ a: 'x y', b: 7, c: -1.5, d: true, e: null, f: null, g: '00:05:00' },
	],
	['quotes', `a: "x: \\"y\\" # \\u00e9"\nb: 'it''s'\nc: '7'\n"d e": 1`, { a: 'x: "y" # é', b: "it's", c: '7', 'd e': 1 }],
	['comments and empty lines', '# one\n\na: x # two\n\n  # three\nb: x#y', { a: 'x', b: 'x#y' }],
	[
		'flow',
		'a: [x, "y, z", 3, []]\nb: {c: d, e: {f: [1]}, g: }\nc: {}',
		{ a: ['x', 'y, z', 3, []], b: { c: 'd', e: { f: [1] }, g: null }, c: {} },
	],
	['blocks', 'a:\n  b:\n    c: 1\n  d: 2\ne: 3', { a: { b: { c: 1 }, d: 2 }, e: 3 }],
	['lists', 'a:\n- x\n- y\nb:\n  - 1\n  -\n  - [2]', { a: ['x', 'y'], b: [1, null, [2]] }],
	['lists of maps', 'a:\n  - name: x\n    mode: y\n  - name: z', { a: [{ name: 'x', mode: 'y' }, { name: 'z' }] }],
	['a text that goes on', 'a: one\n  two\n  three: no\nb: 1', { a: 'one two three: no', b: 1 }],
	['a kept text', 'a: |\n  one\n    two\n\n  three\nb: 1', { a: 'one\n  two\n\nthree', b: 1 }],
	['a folded text', 'a: >-\n  one\n  two\nb: 1', { a: 'one two', b: 1 }],
	['an indented whole', '  a: 1\n  b: 2', { a: 1, b: 2 }],
	[
		'the names of the prototype',
		'__proto__: 1\nconstructor: 2',
		Object.fromEntries([
			['__proto__', 1],
			['constructor', 2],
		]),
	],
	['nothing', '\n# nothing\n', {}],
];
for (const [name, text, value] of understood) test(`understood: ${name}`, () => assert.deepEqual(read(text), value));

const refused: [name: string, text: string, line: number, problem: RegExp][] = [
	['no mapping', 'a: 1\njust text', 2, /no "key: value": just text/],
	['a key twice', 'a: 1\nb: 2\na: 3', 3, /a is there twice/],
	['a key twice in a flow', 'a: {b: 1, b: 2}', 1, /twice/],
	['an indentation from nowhere', 'a:\n    b: 1\n  c: 2', 3, /fits no line above/],
	['a tab', 'a:\n\tb: 1', 2, /a tab stands/],
	['an anchor', 'a: &x 1', 1, /begin with & must be quoted/],
	['an alias', 'a: *x', 1, /begin with \* must be quoted/],
	['a tag', 'a: !!python/object:os.system x', 1, /begin with ! must be quoted/],
	['a second document', 'a: 1\n---\nb: 2', 2, /no "key: value"/],
	['an open list', 'a: [1, 2', 1, /\] is missing/],
	['an open map', 'a: {b: 1', 1, /\} is missing/],
	['an open quote', 'a: "x', 1, /quote is not closed/],
	['text behind a list', 'a: [1] 2', 1, /more behind the value/],
	['a colon in a text', 'a: b: c', 1, /with a colon in it must be quoted/],
	['an unknown escape', 'a: "\\x41"', 1, /escape/],
	['a list in a list', 'a:\n  - - 1', 2, /must be written with \[ \]/],
	['a deep flow', `a: ${'['.repeat(1000)}`, 1, /deeper than 16 levels/],
	['deep blocks', Array.from({ length: 40 }, (_, at) => `${' '.repeat(at)}a:`).join('\n'), 17, /deeper than 16 levels/],
];
for (const [name, text, line, problem] of refused)
	test(`refused with its line: ${name}`, () => {
		const result = read(text) as { problem: string; line: number };
		assert.equal(result.line, line);
		assert.match(result.problem, problem);
	});

test('what JSON writes on one line is read as JSON reads it', () => {
	const leaf = fc.oneof(
		fc.string({ unit: 'grapheme-ascii' }),
		fc.integer({ min: -1e9, max: 1e9 }),
		fc.boolean(),
		fc.constant(null),
	);
	const key = fc.stringMatching(/^[a-z]{1,5}$/);
	const { value } = fc.letrec((tie) => ({
		value: fc.oneof(
			{ maxDepth: 3 },
			leaf,
			fc.array(tie('value'), { maxLength: 4 }),
			fc.dictionary(key, tie('value'), { maxKeys: 4, noNullPrototype: true }),
		),
	}));
	fc.assert(fc.property(value, (json) => assert.deepEqual(read(`a: ${JSON.stringify(json)}`), { a: json })));
});

test('any lines are read or refused', () => {
	const line = fc.oneof(fc.string(), fc.stringMatching(/^ {0,4}(- )?[a-c]?:? ?[[{|>"'#x,\]}]{0,3}$/));
	fc.assert(
		fc.property(fc.array(line, { maxLength: 12 }), (lines) => void read(lines.join('\n'))),
		{ numRuns: 2000 },
	);
});
