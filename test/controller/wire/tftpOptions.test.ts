import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreeOnTerms } from '../../../controller/wire/tftpOptions.ts';

const limits = { size: 1000, maxBlockSize: 1468, maxWindowSize: 64 };
const plain = { blockSize: 512, windowSize: 1, timeout: null };

const granted: [string, Record<string, string>, object][] = [
	['nothing asked: nothing granted, 512 bytes in lock-step', {}, { ...plain, granted: new Map() }],
	['the size is told', { tsize: '0' }, { ...plain, granted: new Map([['tsize', '1000']]) }],
	['a block size within a frame', { blksize: '1024' }, { ...plain, blockSize: 1024, granted: new Map([['blksize', '1024']]) }],
	[
		'a block size beyond a frame is lowered',
		{ blksize: '65464' },
		{ ...plain, blockSize: 1468, granted: new Map([['blksize', '1468']]) },
	],
	[
		'a window beyond the limit is lowered',
		{ windowsize: '65535' },
		{ ...plain, windowSize: 64, granted: new Map([['windowsize', '64']]) },
	],
	['a timeout is in seconds and echoed', { timeout: '3' }, { ...plain, timeout: 3000, granted: new Map([['timeout', '3']]) }],
	['an unknown option is left out', { multicast: '' }, { ...plain, granted: new Map() }],
	['prototype names are unknown options too', { constructor: '1' }, { ...plain, granted: new Map() }],
];
for (const [what, asked, expected] of granted) {
	test(what, () => assert.deepEqual(agreeOnTerms(new Map(Object.entries(asked)), limits), expected));
}

const refused: [string, string, string][] = [
	['blksize', '4', 'blksize must be 8 to 65464'],
	['blksize', '65465', 'blksize must be 8 to 65464'],
	['blksize', '1e3', 'blksize must be 8 to 65464'],
	['windowsize', '0', 'windowsize must be 1 to 65535'],
	['timeout', '256', 'timeout must be 1 to 255'],
	['tsize', '-1', 'tsize must be 0 to 1000000000000000'],
	['blksize', '9'.repeat(40), 'blksize must be 8 to 65464'],
];
for (const [name, value, badOption] of refused) {
	test(`${name} ${value} is refused`, () => assert.deepEqual(agreeOnTerms(new Map([[name, value]]), limits), { badOption }));
}
