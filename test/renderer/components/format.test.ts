import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ago, bytes, count, diskSize, duration, linkSpeed, until } from '../../../renderer/components/format.ts';

const noon = Date.parse('2026-11-22T12:00:00Z');
const before = (seconds: number) => new Date(noon - seconds * 1000).toISOString();

const cases: [said: string, expected: string][] = [
	[bytes(0), '0 B'],
	[bytes(1023), '1023 B'],
	[bytes(64 * 2 ** 30), '64 GiB'],
	[bytes(1536), '1.5 KiB'],
	[diskSize(1_920_383_410_176), '1.92 TB'],
	[diskSize(480_103_981_056), '480 GB'],
	[duration(340), '340 ms'],
	[duration(8400), '8.4 s'],
	[duration(9980), '10 s'],
	[duration(59_600), '1 min'],
	[duration(72_000), '1 min 12 s'],
	[duration(11_100_000), '3 h 5 min'],
	[ago(before(0), noon), 'just now'],
	[ago(before(-5), noon), 'just now'],
	[ago(before(12), noon), '12 s ago'],
	[ago(before(3599), noon), '59 min ago'],
	[ago(before(86_400 * 12), noon), '12 d ago'],
	[until(before(-240), noon), 'in 4 min'],
	[until(before(1), noon), 'now'],
	[linkSpeed(100), '100 Mbit/s'],
	[linkSpeed(2500), '2.5 Gbit/s'],
	[count(1, 'lease'), '1 lease'],
	[count(2, 'lease'), '2 leases'],
];

describe('numbers and times in words', () => {
	for (const [said, expected] of cases) it(expected, () => assert.equal(said, expected));
});
