import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCardMac } from '../../../controller/domain/cardMac.ts';

const rows: [value: unknown, expected: string | object][] = [
	['52:54:00:4C:00:11', '52:54:00:4c:00:11'],
	['5254.004c.0011', '52:54:00:4c:00:11'],
	['', { problem: 'is no MAC address: ""' }],
	[undefined, { problem: 'is no MAC address: missing' }],
	[['52:54:00:4c:00:11'], { problem: 'is no MAC address: a list' }],
	['\u001b[2J', { problem: 'is no MAC address: [2J' }],
	['ff:ff:ff:ff:ff:ff', { problem: 'is a multicast address: ff:ff:ff:ff:ff:ff' }],
	['00:00:00:00:00:00', { problem: "is no card's address: 00:00:00:00:00:00" }],
];
for (const [value, expected] of rows)
	test(`the MAC of ${JSON.stringify(value)}`, () => assert.deepEqual(readCardMac(value), expected));
