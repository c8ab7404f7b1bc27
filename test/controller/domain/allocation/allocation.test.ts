import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { chooseMachine, findMatches } from '../../../../controller/domain/allocation/allocation.ts';
import { type Candidate, type CandidateDisk, costOf } from '../../../../controller/domain/allocation/candidate.ts';
import { type Constraints, parseAllocate } from '../../../../controller/domain/allocation/constraints.ts';
import { anyCandidates, candidate, card, disk, known } from '../../../support/candidates.ts';

const constraints = (given: Record<string, string | string[]>): Constraints => {
	const parsed = parseAllocate(new Map(Object.entries(given).map(([name, value]) => [name, [value].flat()])), known);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	return parsed.constraints;
};

test('the cheapest machine is taken, the first of equals', () => {
	const large = candidate(1, { cpuCount: 8, memory: 8192 });
	const small = candidate(2, { cpuCount: 2, memory: 4096 });
	const equal = candidate(3, { cpuCount: 4, memory: 2048 });
	assert.equal(chooseMachine([large, small, equal], constraints({}))?.machine, small);
	assert.equal(chooseMachine([large, equal, small], constraints({}))?.machine, equal);
	assert.equal(chooseMachine([large, small, equal], constraints({ cpu_count: '5' }))?.machine, large);
	assert.equal(chooseMachine([large, small, equal], constraints({ cpu_count: '9' })), null);
	assert.equal(chooseMachine([], constraints({})), null);
});

const labelled = candidate(7, {
	interfaces: [
		card(71, { vlan: { id: 2, vid: 10, fabricId: 1, spaceId: 5 } }),
		card(72, { vlan: { id: 3, vid: 20, fabricId: 1, spaceId: 5 } }),
	],
	disks: [
		disk(73, { used: true, partitions: [{ id: 74, size: 99e9, tags: [], hasRoot: true, used: true }] }),
		disk(75, { size: 200e9 }),
	],
});

test('labels answer with ids, by type', () => {
	const both = constraints({ storage: 'root:0(partition),data:100', interfaces: '5:space=5;one:vid=10' });
	assert.deepEqual(chooseMachine([labelled], both), {
		machine: labelled,
		constraintsByType: { storage: { root: ['partition:74'], data: [75] }, interfaces: { 5: [71, 72], one: [71] } },
		verbose: null,
	});
	assert.deepEqual(chooseMachine([labelled], constraints({ storage: '0,100' }))?.constraintsByType, {});
	assert.deepEqual(chooseMachine([labelled], constraints({ mem: '1' }))?.constraintsByType, {});
});

test('verbose names the labels of every machine that would have done', () => {
	const other = candidate(8, { disks: [disk(80), disk(81)], cpuCount: 1 });
	const choice = chooseMachine([labelled, other, candidate(9)], constraints({ storage: 'root:0,data:1' }), true);
	assert.equal(choice?.machine, other);
	assert.deepEqual(choice?.verbose, {
		storage: { abc008: { root: [80], data: [81] }, abc007: { root: [73], data: [75] } },
		interfaces: { abc008: {}, abc007: {} },
	});
});

/** Constraints that some of the candidates meet, each checked below in a few plain words. */
const anyValues = fc.record({
	mem: fc.constantFrom('1024', '8192', '8193', '64G'),
	cpu_count: fc.constantFrom('1', '4', '7.5'),
	cpu_speed: fc.constantFrom('1', '2500'),
	arch: fc.constantFrom('amd64', 'amd64/generic', 'arm64', 'arm'),
	tags: fc.constantFrom('ssd', 'ssd,gpu'),
	not_tags: fc.constantFrom('gpu', 'virtual gpu'),
	zone: fc.constantFrom('default', 'rack3'),
	not_in_zone: fc.constantFrom('default', 'rack 2'),
	pool: fc.constantFrom('default', 'swimming'),
	owner: fc.constantFrom('ann', 'bob'),
	power_state: fc.constantFrom('on', 'off'),
	link_speed: fc.constantFrom('1000', '10000'),
	subnets: fc.constantFrom('lab', 'space:dmz'),
	not_subnets: fc.constantFrom('lab', 'vid:10'),
	fabrics: fc.constantFrom('fast', 'fabric-0'),
	interfaces: fc.constantFrom('a:space=dmz', 'a:vid=0;b:mode=static', 'a:not_tag=sriov,link_speed=1000'),
	storage: fc.constantFrom('root:0', 'root:50(ssd)', 'root:10,a:20', 'root:1,a:10(ssd),b:60(rotary)', '0,a:5(partition)'),
});
const anyGiven: fc.Arbitrary<Record<string, string>> = anyValues.chain((values) =>
	fc.subarray(Object.entries(values), { maxLength: 4 }).map((some) => Object.fromEntries(some)),
);

/** The rules again, without any of the tested code. */
const satisfied: Record<string, (node: Candidate, value: string) => boolean> = {
	mem: (node, value) => node.memory >= ({ '64G': 65536 }[value] ?? Number(value)),
	cpu_count: (node, value) => node.cpuCount >= Math.ceil(Number(value)),
	cpu_speed: (node, value) => node.cpuSpeed >= Number(value),
	arch: (node, value) => node.architecture === value || node.architecture.split('/')[0] === (value === 'arm' ? 'armhf' : value),
	tags: (node, value) => value.split(',').every((tag) => node.tags.includes(tag)),
	not_tags: (node, value) => value.split(' ').every((tag) => !node.tags.includes(tag)),
	zone: (node, value) => node.zone === value,
	not_in_zone: (node, value) => node.zone !== value,
	pool: (node, value) => node.pool === value,
	owner: (node, value) => node.owner === value,
	power_state: (node, value) => node.powerState === value,
	link_speed: (node, value) => node.interfaces.some((each) => each.linkSpeed >= Number(value)),
	subnets: (node, value) => subnetIds(node).some((id) => (value === 'lab' ? id === 1 : id === 2 || id === 3)),
	not_subnets: (node, value) => !subnetIds(node).includes(value === 'lab' ? 1 : 2),
	fabrics: (node, value) => node.interfaces.some((each) => each.vlan?.fabricId === (value === 'fast' ? 1 : 0)),
	interfaces: (node, value) => {
		if (value === 'a:space=dmz') return node.interfaces.some((each) => each.vlan?.spaceId === 5);
		if (value.startsWith('a:not_tag'))
			return node.interfaces.some((each) => !each.tags.includes('sriov') && each.linkSpeed >= 1000);
		return (
			node.interfaces.some((each) => each.vlan?.vid === 0) &&
			node.interfaces.some((each) => each.links.some((link) => link.mode === 'static'))
		);
	},
	storage: (node, value) => {
		const holds = (each: CandidateDisk) => each.hasRoot || each.partitions.some((partition) => partition.hasRoot);
		const root = node.disks.find(holds) ?? node.disks.find((each) => each.isBoot) ?? node.disks[0];
		if (!root) return false;
		const free = node.disks.filter((each) => !each.used && each !== root);
		if (value === 'root:0') return true;
		if (value === 'root:50(ssd)') return root.size >= 50e9 && root.tags.includes('ssd');
		if (value === 'root:10,a:20') return root.size >= 10e9 && free.some((each) => each.size >= 20e9);
		if (value.startsWith('0,')) return node.disks.some((each) => each.partitions.some((part) => !part.used && part.size >= 5e9));
		return free.some((a) => a.tags.includes('ssd') && free.some((b) => b !== a && b.tags.includes('rotary') && b.size >= 60e9));
	},
};
const subnetIds = (node: Candidate) => node.interfaces.flatMap((each) => each.links.map((link) => link.subnetId));
const satisfiesAll = (node: Candidate, given: Record<string, string>) =>
	Object.entries(given).every(([name, value]) => satisfied[name]?.(node, value));

test('exactly the machines that satisfy every clause are found, and the cheapest of them is chosen', () => {
	let chosen = 0;
	fc.assert(
		fc.property(anyCandidates, anyGiven, (nodes, given) => {
			const right = nodes.filter((node) => satisfiesAll(node, given));
			assert.deepEqual(findMatches(nodes, constraints(given)), right);
			const choice = chooseMachine(nodes, constraints(given));
			assert.equal(choice?.machine, right.toSorted((a, b) => costOf(a) - costOf(b))[0]);
			if (!choice) return;
			chosen++;
			const { storage = {}, interfaces = {} } = choice.constraintsByType;
			const disks = Object.values(storage).flat();
			assert.equal(new Set(disks).size, disks.length);
			const parts = choice.machine.disks.flatMap((each) => [each.id, ...each.partitions.map((part) => `partition:${part.id}`)]);
			assert.ok(disks.every((id) => parts.includes(id)));
			for (const id of Object.values(interfaces).flat()) assert.ok(choice.machine.interfaces.some((each) => each.id === id));
		}),
		{ numRuns: 400 },
	);
	// the property means something only where machines are found
	assert.ok(chosen > 40, `${chosen} of 400 found a machine`);
});

test('another clause never finds more', () => {
	fc.assert(
		fc.property(anyCandidates, anyGiven, anyGiven, (nodes, given, more) => {
			const before = findMatches(nodes, constraints(given));
			const after = findMatches(nodes, constraints({ ...more, ...given }));
			assert.ok(after.every((node) => before.includes(node)));
		}),
	);
});
