import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CandidateDisk } from '../../../../controller/domain/allocation/candidate.ts';
import {
	matchStorage,
	missingStorage,
	parseStorage,
	renderStorage,
	type StorageConstraint,
} from '../../../../controller/domain/allocation/storageConstraint.ts';
import { disk } from '../../../support/candidates.ts';

const parsed = (text: string) => parseStorage(text) as StorageConstraint;

test('entries have labels, sizes and tags', () => {
	assert.deepEqual(parseStorage('root:50(ssd),data:100(rotary,5400rpm),0.5'), {
		entries: [
			{ label: 'root', gigabytes: '50', tags: ['ssd'] },
			{ label: 'data', gigabytes: '100', tags: ['rotary', '5400rpm'] },
			{ label: null, gigabytes: '0.5', tags: [] },
		],
	});
});

test('what is not quite the grammar is malformed', () => {
	const wrong = [
		'',
		',',
		'10,',
		',10',
		'10,,20',
		' 10',
		'10 ,20',
		'10, 20',
		'root: 10',
		'ro-ot:10',
		':10',
		'root:',
		'ten',
		'1.2.3',
		'.',
		'-1',
		'10()',
		'10(ssd',
		'10(ssd,)',
		'10(ssd )',
		'10((ssd))',
		'10(ssd)20',
		'10\n',
		Array.from({ length: 1025 }, () => '1').join(','),
	];
	for (const text of wrong) assert.equal(parseStorage(text), null, text.slice(0, 40));
});

/** name, constraint, disks, answer */
const rows: [name: string, text: string, disks: CandidateDisk[], labels: ReturnType<typeof matchStorage>][] = [
	[
		'the first is the disk that holds /, even the smaller',
		'root:0',
		[disk(1), disk(2, { hasRoot: true, used: true })],
		{ root: [2] },
	],
	[
		'a partition of it may hold /',
		'root:50',
		[disk(1), disk(2, { used: true, partitions: [{ id: 7, size: 99e9, tags: [], hasRoot: true, used: true }] })],
		{ root: [2] },
	],
	['without a layout it is the disk that boots', 'root:50', [disk(1), disk(2, { isBoot: true })], { root: [2] }],
	['without either it is the first', 'root:50', [disk(1), disk(2)], { root: [1] }],
	['the root disk must be big enough', 'root:150', [disk(1), disk(2, { size: 200e9 })], null],
	['sizes are decimal gigabytes', 'root:100', [disk(1, { size: 100e9 })], { root: [1] }],
	['one byte less is less', 'root:100', [disk(1, { size: 100e9 - 1 })], null],
	['fractions count', 'root:0.5', [disk(1, { size: 0.5e9 })], { root: [1] }],
	['no disk matches nothing', 'root:0', [], null],
	[
		'the others are unused, the smallest that is big enough',
		'root:0,data:50',
		[
			disk(1, { hasRoot: true, used: true }),
			disk(2, { size: 60e9, used: true }),
			disk(3, { size: 500e9 }),
			disk(4, { size: 80e9 }),
		],
		{ root: [1], data: [4] },
	],
	[
		'those with most tags choose first',
		'root:0,a:10,b:10(ssd)',
		[disk(1, { hasRoot: true, used: true }), disk(2, { size: 20e9 }), disk(3, { size: 30e9, tags: ['rotary'] })],
		{ root: [1], a: [3], b: [2] },
	],
	['a disk is taken once', 'root:0,a:10,b:10', [disk(1, { hasRoot: true, used: true }), disk(2)], null],
	[
		'an earlier entry gives way where only another order fits',
		'0,small:10(ssd),large:10(rotary)',
		[disk(1, { hasRoot: true, used: true }), disk(2, { size: 20e9, tags: ['ssd', 'rotary'] }), disk(3, { size: 30e9 })],
		{ small: [3], large: [2] },
	],
	['the same label twice has two disks', '0,data:10,data:10', [disk(1), disk(2), disk(3)], { data: [2, 3] }],
	['entries without labels are not named', '0,10', [disk(1), disk(2)], {}],
	[
		'a partition is asked for by the tag',
		'root:10(partition),data:10(partition,fast)',
		[
			disk(1, {
				used: true,
				partitions: [
					{ id: 7, size: 20e9, tags: [], hasRoot: true, used: true },
					{ id: 8, size: 20e9, tags: ['fast'], hasRoot: false, used: true },
					{ id: 9, size: 20e9, tags: ['fast'], hasRoot: false, used: false },
				],
			}),
		],
		{ root: ['partition:7'], data: ['partition:9'] },
	],
];
for (const [name, text, disks, labels] of rows)
	test(name, () => {
		assert.deepEqual(matchStorage(parsed(text), disks), labels);
	});

test('what stands in the way is said', () => {
	const disks = [disk(1, { hasRoot: true, used: true }), disk(2)];
	const said: [text: string, disks: CandidateDisk[], words: string][] = [
		['root:0', [], 'has no disk'],
		['root:0(partition)', disks, 'has no partition for /'],
		['root:500(rotary)', disks, 'has 100 GB, ssd for /'],
		['root:0,data:500(ssd)', disks, 'has no unused disk for data:500(ssd)'],
		['root:0,data:5(partition)', disks, 'has no unused partition for data:5(partition)'],
		['root:0,a:5,b:5', disks, 'has too few unused disks that fit'],
	];
	for (const [text, list, words] of said) assert.equal(missingStorage(parsed(text), list), words, text);
});

const entryText = fc
	.record({
		label: fc.option(fc.stringMatching(/^[a-zA-Z0-9]{1,8}$/)),
		size: fc.stringMatching(/^(\d{1,4}|\d{1,3}\.\d{0,2}|\.\d{1,3})$/),
		tags: fc.array(fc.stringMatching(/^[^(),\s]{1,6}$/), { maxLength: 3 }),
	})
	.map(({ label, size, tags }) => `${label === null ? '' : `${label}:`}${size}${tags.length === 0 ? '' : `(${tags.join(',')})`}`);

test('what is parsed is rendered as it was', () => {
	fc.assert(
		fc.property(fc.array(entryText, { minLength: 1, maxLength: 6 }), (entries) => {
			const text = entries.join(',');
			assert.equal(renderStorage(parsed(text)), text);
		}),
	);
	fc.assert(
		fc.property(fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom(...'a1.:,() ') })), (text) => {
			const constraint = parseStorage(text);
			if (constraint) assert.equal(renderStorage(constraint), text);
		}),
	);
});

test('a hundred entries for a hundred equal disks are assigned at once', () => {
	const disks = Array.from({ length: 101 }, (_, at) => disk(at));
	const text = ['0', ...Array.from({ length: 100 }, (_, at) => `d${at}:100(ssd)`)].join(',');
	const labels = matchStorage(parsed(text), disks) ?? {};
	assert.equal(new Set(Object.values(labels).flat()).size, 100);
	assert.equal(matchStorage(parsed(`${text},x:1`), disks), null);
});
