import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatDiskSize, formatMemory, parseAmount, parseMemory } from '../../../../controller/domain/allocation/sizes.ts';

test('amounts are read as Python reads them, without signs, infinities and NaN', () => {
	const rows: [text: string, amount: number | null][] = [
		['2048', 2048],
		['2048.0', 2048],
		[' 4 ', 4],
		['.5', 0.5],
		['2.', 2],
		['1e3', 1000],
		['-1', null],
		['', null],
		['nan', null],
		['inf', null],
		['1e999', null],
		['0x10', null],
		['1,5', null],
		['4 cores', null],
	];
	for (const [text, amount] of rows) assert.equal(parseAmount(text), amount, text);
});

test('memory is MiB, or has its unit', () => {
	const rows: [text: string, mebibytes: number | null][] = [
		['8192', 8192],
		['2048.0', 2048],
		['64G', 65536],
		['64 GiB', 65536],
		['1.5TB', 1_572_864],
		['512m', 512],
		['1e3G', null],
		['G', null],
		['64K', null],
		['64GG', null],
	];
	for (const [text, mebibytes] of rows) assert.equal(parseMemory(text), mebibytes, text);
});

test('sizes are written short', () => {
	assert.deepEqual([0, 512, 1024, 1536, 65536, 1572864, 2097152].map(formatMemory), [
		'0M',
		'512M',
		'1G',
		'1.5G',
		'64G',
		'1536G',
		'2T',
	]);
	assert.deepEqual([5e8, 500e9, 1e12, 7.68e12].map(formatDiskSize), ['0.5 GB', '500 GB', '1 TB', '7.7 TB']);
});
