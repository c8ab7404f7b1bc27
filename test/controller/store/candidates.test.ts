import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Clause } from '../../../controller/domain/allocation/clause.ts';
import { parseMachineFilters } from '../../../controller/domain/allocation/constraints.ts';
import { type CandidateStore, createCandidateStore } from '../../../controller/store/candidates.ts';
import { type Database, openDatabase } from '../../../controller/store/database.ts';
import { createMachineStore } from '../../../controller/store/machines.ts';

const at = '2026-01-02T03:04:05.000Z';

/** Rows written as other parts of the store write them; `statements` counts what is asked from here on. */
function makeRack() {
	const db = openDatabase(':memory:');
	let count = 0;
	const counting: Database = {
		...db,
		all: (query) => {
			count++;
			return db.all(query);
		},
	};
	const machines = createMachineStore(db);
	const candidates = createCandidateStore(counting);
	const { sql } = db;
	db.run(sql.insertInto('user').values({ id: 7, username: 'ann', password_hash: '', is_admin: 0, created_at: at }));
	db.run(sql.insertInto('zone').values({ id: 2, name: 'rack2' }));
	db.run(sql.insertInto('pool').values({ id: 3, name: 'swimming' }));
	db.run(sql.insertInto('tag').values([{ name: 'ssd' }, { name: 'gpu' }]));
	db.run(sql.insertInto('space').values({ id: 5, name: 'dmz' }));
	db.run(sql.insertInto('fabric').values({ id: 1, name: 'fast', class_type: '10g' }));
	db.run(sql.insertInto('vlan').values({ id: 2, fabric_id: 1, vid: 10, name: 'blue', space_id: 5 }));
	db.run(sql.insertInto('subnet').values({ id: 4, cidr: '172.16.0.0/24', name: 'prod', vlan_id: 2 }));
	const addNode = (number: number) =>
		machines.insert({ systemId: `abc${String(number).padStart(3, '0')}`, hostname: `node-${number}`, at });
	const addCard = (nodeId: number, mac: string) => {
		const card = { node_id: nodeId, name: 'eth0', mac, vlan_id: 2, link_speed: 10_000, tags: '["sriov"]' };
		const { id } = db.run(sql.insertInto('interface').values(card as never));
		const link = { interface_id: id, alloc_type: 0, mode: 'auto', subnet_id: 4, created_at: at, updated_at: at };
		db.run(sql.insertInto('ip_address').values(link as never));
		return id;
	};
	const addDisk = (nodeId: number, size: number, more: Record<string, unknown> = {}) =>
		db.run(
			sql.insertInto('block_device').values({
				...{ node_id: nodeId, name: 'sda', size, block_size: 512, rotational: 0, tags: '["ssd"]' },
				...more,
			} as never),
		).id;
	const statements = <Result>(work: () => Result): [Result, number] => {
		count = 0;
		return [work(), count];
	};
	return { db, machines, candidates, addNode, addCard, addDisk, statements };
}

const filters = (candidates: CandidateStore, text: string): readonly Clause[] => {
	const given = new Map([...new URLSearchParams(text)].map(([name, value]) => [name, [value]]));
	const parsed = parseMachineFilters(given, candidates.known());
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	return parsed.constraints.clauses;
};

test('a candidate is what the rows say', () => {
	const { db, machines, candidates, addNode, addCard, addDisk } = makeRack();
	const { id } = addNode(1);
	machines.update(id, {
		...{ architecture: 'amd64', cpuCount: 8, cpuSpeed: 2400, memory: 16 * 2 ** 30 + 1, zoneId: 2, poolId: 3, ownerId: 7 },
		...{ agentName: 'model', locked: true, power: { state: 'on', provenAt: null, problem: null } },
	});
	db.run(db.sql.insertInto('node_tag').values({ node_id: id, tag_id: 2 }));
	const card = addCard(id, '52:54:00:00:00:01');
	const [root, free] = [addDisk(id, 100e9, { partition_table: 'GPT' }), addDisk(id, 500e9, { name: 'sdb' })];
	machines.update(id, { bootDiskId: root });
	const partition = { block_device_id: root, number: 1, uuid: 'u', size: 99e9, tags: '["fast"]' };
	const { id: partitionId } = db.run(db.sql.insertInto('partition').values(partition));
	const filesystem = { node_id: id, partition_id: partitionId, fstype: 'ext4', uuid: 'v', mount_point: '/' };
	db.run(db.sql.insertInto('filesystem').values(filesystem as never));
	const device = {
		vendor_id: '8086',
		product_id: '1572',
		vendor_name: 'Intel',
		product_name: 'X710',
		commissioning_driver: 'i40e',
	};
	const place = { node_id: id, bus: 1, hardware_type: 4, bus_number: 0, device_number: 3 };
	db.run(db.sql.insertInto('node_device').values({ ...place, ...device } as never));

	const clauses = filters(candidates, 'tags=gpu&subnets=prod&storage=1&devices=vendor_id=8086');
	const [candidate] = candidates.withParts(candidates.nodes(clauses, { kind: 'machine' }), clauses);
	assert.deepEqual(candidate, {
		...{ id, systemId: 'abc001', hostname: 'node-1', domain: 'maas', status: 'new', locked: true, owner: 'ann' },
		...{ zone: 'rack2', pool: 'swimming', architecture: 'amd64/generic', cpuCount: 8, cpuSpeed: 2400, memory: 16_384 },
		...{ agentName: 'model', powerState: 'on', inMemory: false, tags: ['gpu'] },
		interfaces: [
			{
				...{ id: card, name: 'eth0', type: 'physical', mac: '52:54:00:00:00:01', linkSpeed: 10_000, tags: ['sriov'] },
				vlan: { id: 2, vid: 10, fabricId: 1, spaceId: 5 },
				links: [{ mode: 'auto', subnetId: 4, ip: null }],
			},
		],
		disks: [
			{
				...{ id: root, name: 'sda', size: 100e9, tags: ['ssd'], isBoot: true, hasRoot: false, used: true },
				partitions: [{ id: partitionId, size: 99e9, tags: ['fast'], hasRoot: true, used: true }],
			},
			{ id: free, name: 'sdb', size: 500e9, tags: ['ssd'], isBoot: false, hasRoot: false, used: false, partitions: [] },
		],
		devices: [device],
	});
});

test('a disk with a file system of its own is used, and may hold /', () => {
	const { db, candidates, addNode, addDisk } = makeRack();
	const { id } = addNode(1);
	const [root, member, free] = [addDisk(id, 1), addDisk(id, 2, { name: 'b' }), addDisk(id, 3, { name: 'c' })];
	for (const filesystem of [
		{ block_device_id: root, fstype: 'ext4', mount_point: '/' },
		{ block_device_id: member, fstype: 'lvm-pv', mount_point: null },
		// of an owner who has given the machine back
		{ block_device_id: free, fstype: 'ext4', mount_point: '/', acquired: 1 },
	])
		db.run(db.sql.insertInto('filesystem').values({ node_id: id, uuid: 'u', ...filesystem } as never));
	const clauses = filters(candidates, 'storage=0');
	const [candidate] = candidates.withParts(candidates.nodes(clauses), clauses);
	assert.deepEqual(
		candidate?.disks.map(({ id: disk, used, hasRoot }) => [disk, used, hasRoot]),
		[
			[root, true, true],
			[member, true, false],
			[free, false, false],
		],
	);
});

test('lists are filtered by every kind of clause, in the order of creation', () => {
	const { db, machines, candidates, addNode, addCard, addDisk } = makeRack();
	for (const number of [1, 2, 3]) {
		const { id } = addNode(number);
		machines.update(id, { cpuCount: number * 4, zoneId: number === 3 ? 2 : 1 });
		if (number > 1) addCard(id, `52:54:00:00:00:0${number}`);
		addDisk(id, number * 100e9);
	}
	db.run(db.sql.insertInto('node_tag').values({ node_id: 2, tag_id: 1 }));
	db.run(db.sql.updateTable('node').set({ kind: 'device' }).where('id', '=', 3));
	const rows: [text: string, ids: number[]][] = [
		['', [1, 2, 3]],
		['cpu_count=8', [2, 3]],
		['zone=rack2', [3]],
		['tags=ssd', [2]],
		['id=abc003,abc001,nobody', [1, 3]],
		['id=abc001&not_id=abc001', []],
		['mac_address=52:54:00:00:00:02', [2]],
		['subnets=space:dmz', [2, 3]],
		['storage=200', [2, 3]],
		['storage=200&cpu_count=9&mac_address=52:54:00:00:00:03', [3]],
		['hostname=node-2', [2]],
		['domain=maas', [1, 2, 3]],
		['arch=arm64', []],
	];
	for (const [text, ids] of rows) assert.deepEqual(candidates.matching(filters(candidates, text)), ids, text);
	assert.deepEqual(candidates.matching([], 'machine'), [1, 2]);
	assert.deepEqual(candidates.matching(filters(candidates, 'zone=rack2'), 'device'), [3]);
});

test('the names that constraints may use are those of the rows', () => {
	const { machines, candidates, addNode, addCard } = makeRack();
	const { id } = addNode(1);
	machines.update(id, { architecture: 'riscv64' });
	const card = addCard(id, '52:54:00:00:00:01');
	const known = candidates.known();
	assert.deepEqual(
		[known.zones, known.pools, known.tags, known.owners],
		[new Set(['default', 'rack2']), new Set(['default', 'swimming']), new Set(['ssd', 'gpu']), new Set(['ann'])],
	);
	assert.ok(known.architectures.has('riscv64/generic') && known.architectures.has('amd64/generic'));
	assert.deepEqual(known.subnets, [{ id: 4, cidr: '172.16.0.0/24', name: 'prod', vlanId: 2 }]);
	assert.deepEqual(known.spaces, [{ id: 5, name: 'dmz' }]);
	assert.deepEqual([known.subnetsOfInterface(card), known.subnetsOfInterface(999)], [[4], []]);
});

test('as many statements for two hundred nodes as for one, and only those that the clauses need', () => {
	const { candidates, addNode, addCard, addDisk, statements } = makeRack();
	const add = (number: number) => {
		const { id } = addNode(number);
		addCard(id, `52:54:00:00:01:${(number % 256).toString(16).padStart(2, '0')}`);
		addDisk(id, 100e9);
	};
	add(1);
	const all = filters(candidates, 'not_tags=gpu&subnets=prod&storage=1&not_in_zone=rack2');
	const [one, forOne] = statements(() => candidates.matching(all));
	for (let number = 2; number <= 200; number++) add(number);
	const [many, forMany] = statements(() => candidates.matching(all));
	assert.deepEqual([one.length, many.length], [1, 200]);
	assert.equal(forMany, forOne);
	assert.deepEqual(statements(() => candidates.matching(filters(candidates, 'cpu_count=99')))[1], 1);
});
