import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPciAddress } from '../../../controller/domain/pciAddress.ts';

for (const [given, expected] of [
	['0000:3b:00.0', '0000:3b:00.0'],
	['0000:3B:1F.7', '0000:3b:1f.7'],
	['10000:01:00.0', '10000:01:00.0'],
	['3b:00.0', null],
	['0000:3b:00.8', null],
	['0000:3b:00.0\n', null],
	['', null],
	[7, null],
] as const)
	test(`a PCI address: ${JSON.stringify(given)} is ${expected}`, () => assert.equal(readPciAddress(given), expected));
