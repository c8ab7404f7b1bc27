import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkMtu, checkParents, freeName } from '../../../../controller/domain/network/interfaceParams.ts';

const card = (name: string, type = 'physical', vlanId: number | null = 1) => ({ name, type, vlanId });
const verdict = (check: () => void): string => {
	try {
		check();
		return 'fits';
	} catch (error) {
		return (error as Error).message;
	}
};

test('what may be built on what', () => {
	for (const [type, parents, taken, text] of [
		['bond', [card('eth0'), card('eth1')], [], 'fits'],
		['bond', [card('eth0')], [], 'fits'],
		['bond', [], [], 'A bond interface must have one or more parents.'],
		['bond', [card('eth0'), card('eth1', 'physical', 2)], [], 'All parents must belong to the same VLAN.'],
		['bond', [card('br0', 'bridge')], [], 'A bond interface can’t be built on br0, which is a bridge interface.'],
		['bond', [card('eth0')], ['eth0'], 'eth0 is already in-use by another interface.'],
		['bridge', [card('eth0.10', 'vlan')], [], 'fits'],
		['bridge', [card('eth0'), card('eth1')], [], 'A bridge interface must have exactly one parent.'],
		['bridge', [], [], 'A bridge interface must have exactly one parent.'],
		['vlan', [card('bond0', 'bond')], ['bond0'], 'fits'],
		['vlan', [card('eth0.10', 'vlan')], [], 'A vlan interface can’t be built on eth0.10, which is a vlan interface.'],
	] as const)
		assert.equal(
			verdict(() => checkParents(type, parents, taken)),
			text,
		);
});

test('a child’s packets fit through what it is built on', () => {
	assert.equal(
		verdict(() => checkMtu(9000, [{ name: 'eth0', mtu: 9000 }])),
		'fits',
	);
	assert.equal(
		verdict(() => checkMtu(9000, [{ name: 'eth0', mtu: 1500 }])),
		'An MTU of 9000 is more than eth0 has (1500).',
	);
});

test('the first name that is free', () => {
	assert.equal(freeName('eth', new Set()), 'eth0');
	assert.equal(freeName('eth', new Set(['eth0', 'eth2'])), 'eth1');
});
