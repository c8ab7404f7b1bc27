import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtOn, checkParents, effectiveMtus, freeName } from '../../../../controller/domain/network/interfaceParams.ts';

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

const on = (interfaceId: number, ...parents: number[]) => parents.map((parentId) => ({ interfaceId, parentId }));

test('a card’s packets are as large as those of what is built on it', () => {
	// 1 and 2 are cards, 3 a bond on both, 4 a VLAN and 5 a bridge on it
	const lineage = [...on(3, 1, 2), ...on(4, 3), ...on(5, 4)];
	const mtus = (own: Record<number, number>) => {
		const found = effectiveMtus(new Map(Object.entries(own).map(([id, mtu]) => [Number(id), mtu])), lineage);
		return [1, 2, 3, 4, 5].map((id) => found.get(id));
	};
	assert.deepEqual(mtus({ 1: 1500, 2: 1500, 3: 1500, 4: 1500, 5: 1500 }), [1500, 1500, 1500, 1500, 1500]);
	assert.deepEqual(mtus({ 1: 1500, 2: 9100, 3: 1500, 4: 1500, 5: 9000 }), [9000, 9100, 9000, 9000, 9000]);
	assert.deepEqual(mtus({ 1: 1500, 2: 1500, 3: 9000, 4: 1400, 5: 1300 }), [9000, 9000, 9000, 1400, 1300]);
});

test('what is built on an interface, however far up, and also in a circle', () => {
	const lineage = [...on(3, 1, 2), ...on(4, 3), ...on(5, 4)];
	assert.deepEqual([...builtOn(1, lineage)], [3, 4, 5]);
	assert.deepEqual([...builtOn(5, lineage)], []);
	assert.deepEqual([...builtOn(3, [...lineage, ...on(3, 5)])].sort(), [3, 4, 5]);
});

test('the first name that is free', () => {
	assert.equal(freeName('eth', new Set()), 'eth0');
	assert.equal(freeName('eth', new Set(['eth0', 'eth2'])), 'eth1');
});
