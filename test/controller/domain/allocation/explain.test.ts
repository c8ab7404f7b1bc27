import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Candidate } from '../../../../controller/domain/allocation/candidate.ts';
import { type Parameters, parseAllocate } from '../../../../controller/domain/allocation/constraints.ts';
import { explain, explainText } from '../../../../controller/domain/allocation/explain.ts';
import { anyCandidates, candidate, disk, known } from '../../../support/candidates.ts';

const clausesOf = (given: Record<string, string>) => {
	const map: Parameters = new Map(Object.entries(given).map(([name, value]) => [name, [value]]));
	const parsed = parseAllocate(map, known);
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	return parsed.constraints.clauses;
};
const textOf = (nodes: readonly Candidate[], given: Record<string, string>) => explainText(explain(nodes, clausesOf(given)));

const rack = [
	candidate(1, { memory: 32768, tags: ['gpu'], zone: 'rack3' }),
	candidate(2, { memory: 65536, tags: ['gpu'] }),
	candidate(3, { memory: 49152, tags: ['gpu'], zone: 'rack3' }),
	candidate(4, { memory: 16384 }),
];

test('each clause is counted alone, with those before it, and left out', () => {
	const explanation = explain(rack, clausesOf({ tags: 'gpu', mem: '64G', zone: 'rack3' }));
	assert.deepEqual(explanation, {
		total: 4,
		matching: 0,
		clauses: [
			{ name: 'tags', text: 'tags=gpu', alone: 3, soFar: 3, without: 0 },
			{ name: 'mem', text: 'mem=64G', alone: 1, soFar: 1, without: 2 },
			{ name: 'zone', text: 'zone=rack3', alone: 2, soFar: 0, without: 1 },
		],
		nearestCount: 3,
		nearest: [
			{ systemId: 'abc003', hostname: 'node-3', misses: [{ name: 'mem', text: 'mem=64G', has: 'has 48G' }] },
			{ systemId: 'abc001', hostname: 'node-1', misses: [{ name: 'mem', text: 'mem=64G', has: 'has 32G' }] },
			{ systemId: 'abc002', hostname: 'node-2', misses: [{ name: 'zone', text: 'zone=rack3', has: 'is in default' }] },
		],
	});
	assert.deepEqual(explainText(explanation), [
		'tags=gpu: 3 of 4 machines',
		'mem=64G: 1 of 4 machines, 1 with all before it',
		'zone=rack3: 2 of 4 machines, 0 with all before it',
		'2 machines match all but mem=64G: node-3 has 48G, node-1 has 32G.',
		'1 machine matches all but zone=rack3: node-2 is in default.',
	]);
});

test('where some machine matches, nobody is near', () => {
	const explanation = explain(rack, clausesOf({ mem: '48G' }));
	assert.deepEqual(explanation, {
		total: 4,
		matching: 2,
		clauses: [{ name: 'mem', text: 'mem=48G', alone: 2, soFar: 2, without: 4 }],
		nearestCount: 0,
		nearest: [],
	});
	assert.deepEqual(explainText(explanation), ['mem=48G: 2 of 4 machines']);
});

test('where every machine misses more than one, the nearest are told with all that they miss', () => {
	assert.deepEqual(textOf([rack[3] as Candidate], { tags: 'gpu', mem: '32G', cpu_count: '4' }), [
		'tags=gpu: 0 of 1 machine',
		'mem=32G: 0 of 1 machine, 0 with all before it',
		'cpu_count=4: 1 of 1 machine, 0 with all before it',
		'Every machine misses 2 or more: node-4 lacks gpu (tags=gpu), has 16G (mem=32G).',
	]);
});

test('of many near misses the nearest five are told', () => {
	const many = Array.from({ length: 9 }, (_, at) => candidate(at + 1, { memory: 1024 * (at + 1) }));
	assert.equal(
		textOf(many, { mem: '16G' }).at(-1),
		'9 machines match all but mem=16G: node-9 has 9G, node-8 has 8G, node-7 has 7G, node-6 has 6G, node-5 has 5G, and 4 more.',
	);
});

test('without machines there is nothing to tell', () => {
	assert.deepEqual(textOf([], { mem: '16G' }), ['mem=16G: 0 of 0 machines']);
	assert.deepEqual(textOf(rack, {}), []);
});

test('each kind of miss has its words', () => {
	const node = candidate(1, { owner: 'bob', disks: [disk(1, { isBoot: true })] });
	const rows: [given: Record<string, string>, has: string][] = [
		[{ cpu_count: '8' }, 'node-1 has 4 cores'],
		[{ cpu_speed: '3000' }, 'node-1 has 2000 MHz'],
		[{ arch: 'arm64' }, 'node-1 is amd64/generic'],
		[{ pool: 'swimming' }, 'node-1 is in default'],
		[{ not_in_pool: 'default' }, 'node-1 is in default'],
		[{ owner: 'ann' }, 'node-1 belongs to bob'],
		[{ power_state: 'on' }, 'node-1 is off'],
		[{ subnets: 'ten' }, 'node-1 is not on ten'],
		[{ not_subnets: 'lab' }, 'node-1 is on it'],
		[{ fabrics: 'fast' }, 'node-1 is not on fast'],
		[{ link_speed: '10000' }, 'node-1 has 1000 Mbit/s'],
		[{ storage: 'root:500' }, 'node-1 has 100 GB, ssd for /'],
		[{ interfaces: 'db:space=dmz' }, 'node-1 has no interface for db'],
		[{ storage: 'root:0,data:5(\u001b[31m,\u0000x)' }, 'node-1 has no unused disk for data:5( [31m, x)'],
		[{ fabrics: 'a\nb' }, 'node-1 is not on a b'],
		[{ devices: 'vendor_id=10de' }, 'node-1 has no such device'],
	];
	for (const [given, has] of rows) assert.equal(textOf([node], given).at(-1)?.split(': ').at(-1), `${has}.`);
});

test('a machine of another name is not nearly the one that was meant', () => {
	assert.deepEqual(textOf(rack, { name: 'node-9' }), ['name=node-9: 0 of 4 machines']);
	assert.deepEqual(textOf(rack, { system_id: 'abc001', mem: '64G' }), [
		'system_id=abc001: 1 of 4 machines',
		'mem=64G: 1 of 4 machines, 0 with all before it',
		'1 machine matches all but mem=64G: node-1 has 32G.',
	]);
});

test('counts agree with asking each machine', () => {
	const given = fc.record(
		{
			mem: fc.constantFrom('4096', '64G'),
			zone: fc.constantFrom('default', 'rack3'),
			tags: fc.constantFrom('ssd', 'gpu'),
			subnets: fc.constantFrom('lab', 'ten'),
			storage: fc.constantFrom('root:50', '0,20'),
		},
		{ requiredKeys: [] },
	) as fc.Arbitrary<Record<string, string>>;
	fc.assert(
		fc.property(anyCandidates, given, (nodes, asked) => {
			const clauses = clausesOf(asked);
			const explanation = explain(nodes, clauses);
			const missesOf = (node: Candidate) => clauses.filter((clause) => !clause.matches(node));
			assert.equal(explanation.matching, nodes.filter((node) => missesOf(node).length === 0).length);
			for (const [at, count] of explanation.clauses.entries()) {
				const clause = clauses[at];
				assert.equal(count.alone, nodes.filter((node) => clause?.matches(node)).length);
				assert.equal(count.soFar, nodes.filter((node) => clauses.slice(0, at + 1).every((each) => each.matches(node))).length);
				assert.equal(count.without, nodes.filter((node) => missesOf(node).every((missed) => missed === clause)).length);
			}
			const fewest = Math.min(...nodes.map((node) => missesOf(node).length));
			assert.ok(explanation.nearest.every((near) => near.misses.length === fewest && fewest > 0));
			assert.equal(explanation.nearest.length, Math.min(5, explanation.nearestCount));
		}),
	);
});
