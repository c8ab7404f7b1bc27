import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHardwareUuid } from '../../../controller/domain/hardwareUuid.ts';

const rows: [value: unknown, expected: string | null][] = [
	['4C4C4544-0042-3510-8052-B4C04F4E5231', '4c4c4544-0042-3510-8052-b4c04f4e5231'],
	[' 4c4c4544-0042-3510-8052-b4c04f4e5231\n', '4c4c4544-0042-3510-8052-b4c04f4e5231'],
	['00000000-0000-0000-0000-000000000000', null],
	['FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF', null],
	['00000000-0000-0000-0000-000000000001', null],
	['03000200-0400-0500-0006-000700080009', null],
	['4c4c454400423510 8052b4c04f4e5231', null],
	['Not Settable', null],
	['', null],
	[7, null],
	[null, null],
];
for (const [value, expected] of rows)
	test(`the UUID of ${JSON.stringify(value)}`, () => assert.equal(readHardwareUuid(value), expected));
