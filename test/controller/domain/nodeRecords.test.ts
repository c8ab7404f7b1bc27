import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nodeRecords } from '../../../controller/domain/nodeRecords.ts';

const card = (name: string, ip: string, boots = false, kind: 'physical' | 'bond' | 'bridge' = 'physical') => ({
	interface: name,
	boots,
	kind,
	ip,
});

test('a host’s name is one address of each family, of the interface that it boots from', () => {
	assert.deepEqual(
		nodeRecords('swift-otter', [
			card('eth0', '192.0.2.10'),
			card('eth1', '192.0.2.20', true),
			card('eth1', '192.0.2.21', true),
			card('eth0', '2001:db8::10'),
		]),
		[
			{ name: 'eth0.swift-otter', type: 'A', ip: '192.0.2.10' },
			{ name: 'swift-otter', type: 'A', ip: '192.0.2.20' },
			{ name: 'eth1.swift-otter', type: 'A', ip: '192.0.2.21' },
			{ name: 'swift-otter', type: 'AAAA', ip: '2001:db8::10' },
		],
	);
});

test('a bridge or bond upon that interface comes before it', () => {
	assert.deepEqual(
		nodeRecords('n', [
			card('eth0', '192.0.2.1', true),
			card('bond0', '192.0.2.2', true, 'bond'),
			card('br0', '192.0.2.3', true, 'bridge'),
		]).map(({ name, ip }) => [name, ip]),
		[
			['eth0.n', '192.0.2.1'],
			['bond0.n', '192.0.2.2'],
			['n', '192.0.2.3'],
		],
	);
	assert.deepEqual(nodeRecords('n', []), []);
});
