import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAllocate } from '../../../controller/domain/allocation/constraints.ts';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { defaultBridges } from '../../../controller/flows/acquiredBridges.ts';
import type { User } from '../../../controller/store/users.ts';
import { type Flows, makeFlows } from '../../support/makeFlows.ts';
import { addMachine } from '../../support/makeStore.ts';

const GiB = 2 ** 30;

/** Ready machines 1, 2, 3 … with as many GiB as are said, and two users. */
async function makeRack(t: Parameters<typeof makeFlows>[0], ...memory: number[]) {
	const flows = await makeFlows(t);
	const machines = memory.map((size, at) => {
		const { id } = addMachine(flows.store, at + 1);
		flows.store.machines.update(id, { memory: size * GiB, cpuCount: 4, architecture: 'amd64' });
		flows.advance(id, 'commission');
		return flows.advance(id, 'commissioned');
	});
	const at = flows.clock.now().toISOString();
	const bob = (await flows.store.users.create({ username: 'bob', password: 'correct horse', isAdmin: false, at })) as User;
	return { ...flows, machines, bob };
}
type Rack = Awaited<ReturnType<typeof makeRack>>;

const constraints = ({ store }: Pick<Flows, 'store'>, given: Record<string, string>) => {
	const parsed = parseAllocate(new Map(Object.entries(given).map(([name, value]) => [name, [value]])), store.candidates.known());
	if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
	return parsed.constraints;
};
const allocate = (rack: Rack, given: Record<string, string>, options: Parameters<Rack['allocation']['allocate']>[2] = {}) => {
	const answer = rack.allocation.allocate(constraints(rack, given), rack.bob, options);
	return answer.ok ? answer.machine.hostname : answer.text;
};
const again = ({ store }: Pick<Flows, 'store'>, machine: Machine | undefined) => store.machines.byId(machine?.id ?? 0) as Machine;
const eventsOf = ({ store }: Pick<Flows, 'store'>, machine: Machine | undefined) =>
	store.events.ofMachine(machine?.id ?? 0).map(({ text, by }) => [text, by]);

test('the smallest machine that is enough becomes the caller’s', async (t) => {
	const rack = await makeRack(t, 32, 8, 16);
	const options = { agentName: 'model-1', comment: 'for the tests' };
	const answer = rack.allocation.allocate(constraints(rack, { mem: '9000' }), rack.bob, options);
	assert.ok(answer.ok);
	const { hostname, status, ownerId, agentName, reservation } = answer.machine;
	assert.deepEqual(
		{ hostname, status, ownerId, agentName, reservation },
		{
			hostname: 'node-3',
			status: 'allocated',
			ownerId: rack.bob.id,
			agentName: 'model-1',
			reservation: { note: null, until: null },
		},
	);
	assert.deepEqual([answer.constraintsByType, answer.verbose], [{}, null]);
	assert.deepEqual(eventsOf(rack, rack.machines[2]).slice(0, 2), [
		['for the tests', 'bob'],
		['Ready → Allocated', 'bob'],
	]);
});

test('every machine is given once, and then there is none', async (t) => {
	const rack = await makeRack(t, 8, 8, 8);
	assert.deepEqual(
		[1, 2, 3, 4].map(() => allocate(rack, {})),
		['node-1', 'node-2', 'node-3', 'No machine available.'],
	);
});

test('a dry run takes nothing', async (t) => {
	const rack = await makeRack(t, 8);
	const { store } = rack;
	const before = store.events.ofMachine(rack.machines[0]?.id ?? 0).length;
	assert.deepEqual([allocate(rack, {}, { dryRun: true }), allocate(rack, {}, { dryRun: true })], ['node-1', 'node-1']);
	assert.equal(again(rack, rack.machines[0]).status, 'ready');
	assert.equal(store.events.ofMachine(rack.machines[0]?.id ?? 0).length, before);
});

test('labels are answered, with verbose for every machine that would have done', async (t) => {
	const rack = await makeRack(t, 8, 16, 4);
	const disk = {
		idPath: null,
		model: null,
		serial: null,
		blockSize: 512,
		rotational: false,
		firmwareVersion: null,
		tags: ['ssd'],
	};
	for (const machine of rack.machines.slice(0, 2))
		rack.store.inventory.replace(
			machine.id,
			{
				...{
					architecture: 'amd64',
					cpuCount: 4,
					cpuModel: null,
					memory: 8 * GiB,
					uuid: null,
					vendor: null,
					product: null,
					serial: null,
				},
				...{ interfaces: [], numaNodes: [], components: [] },
				blockDevices: [
					{ ...disk, name: 'sda', size: 100e9 },
					{ ...disk, name: 'sdb', size: 500e9 },
				],
			},
			rack.clock.now().toISOString(),
		);
	const asked = constraints(rack, { storage: 'root:50(ssd),data:200' });
	const answer = rack.allocation.allocate(asked, rack.bob, { verbose: true, dryRun: true });
	assert.ok(answer.ok);
	assert.equal(answer.machine.hostname, 'node-1');
	assert.deepEqual(answer.constraintsByType, { storage: { root: [1], data: [2] } });
	assert.deepEqual(answer.verbose, {
		storage: { abc001: { root: [1], data: [2] }, abc002: { root: [3], data: [4] } },
		interfaces: { abc001: {}, abc002: {} },
	});
});

test('disks are read in batches until one machine will do', async (t) => {
	const rack = await makeRack(t, ...Array.from({ length: 200 }, (_, at) => at + 1));
	const last = rack.machines[199] as Machine;
	rack.store.transaction(() => {
		rack.store.inventory.replace(
			last.id,
			{
				...{
					architecture: 'amd64',
					cpuCount: 4,
					cpuModel: null,
					memory: null,
					uuid: null,
					vendor: null,
					product: null,
					serial: null,
				},
				...{ interfaces: [], numaNodes: [], components: [] },
				blockDevices: [
					{
						...{ name: 'sda', idPath: null, model: null, serial: null, size: 1e12, blockSize: 512, rotational: false },
						...{ firmwareVersion: null, tags: [] },
					},
				],
			},
			rack.clock.now().toISOString(),
		);
	});
	assert.equal(allocate(rack, { storage: '900' }), 'node-200');
});

test('where nothing matches, the answer is MAAS’s line and what stood in the way', async (t) => {
	const rack = await makeRack(t, 48, 32, 64);
	rack.allocation.take(rack.machines[2] as Machine, await rack.admin());
	assert.deepEqual(allocate(rack, { mem: '64G', arch: 'amd64' }).split('\n'), [
		`No available machine matches constraints: [('mem', ['64G']), ('arch', ['amd64'])] (resolved to "arch=amd64/generic mem=65536")`,
		'Ready and free: 2 of 3 machines',
		'mem=64G: 1 of 3 machines, 0 with all before it',
		'arch=amd64: 3 of 3 machines, 0 with all before it',
		'1 machine matches all but Ready and free: node-3 is Allocated and belongs to ann.',
		'2 machines match all but mem=64G: node-1 has 48G, node-2 has 32G.',
	]);
	assert.deepEqual(allocate(rack, { system_id: 'abc003' }).split('\n'), [
		'No machine with system ID abc003 available.',
		'Ready and free: 2 of 3 machines',
		'system_id=abc003: 1 of 3 machines, 0 with all before it',
		'1 machine matches all but Ready and free: node-3 is Allocated and belongs to ann.',
	]);
});

test('a locked machine is not for the taking', async (t) => {
	const rack = await makeRack(t, 8);
	rack.store.machines.update(rack.machines[0]?.id ?? 0, { locked: true });
	assert.match(allocate(rack, { mem: '1' }), /all but Ready and free: node-1 is Ready, locked\.$/);
	assert.throws(
		() => rack.allocation.take(again(rack, rack.machines[0]), rack.bob),
		(error) => error instanceof Refusal && error.code === 'locked',
	);
});

test('a machine is reserved by hand, with a note and an end', async (t) => {
	const rack = await makeRack(t, 8);
	const taken = rack.allocation.take(rack.machines[0] as Machine, rack.bob, { note: 'kernel tests', until: '2026-03-01' });
	assert.deepEqual(
		[taken.status, taken.ownerId, taken.reservation],
		[...['allocated', rack.bob.id], { note: 'kernel tests', until: '2026-03-01T23:59:59.999Z' }],
	);
	assert.deepEqual(eventsOf(rack, taken)[0], ['Reserved for bob until 2026-03-01T23:59:59.999Z: kernel tests', 'bob']);
});

test('who names the machine to allocate reserves it by hand; his comment is the note', async (t) => {
	const rack = await makeRack(t, 8, 4);
	assert.equal(
		allocate(rack, { system_id: 'abc001' }, { comment: 'kernel tests', until: '2026-03-01T12:00:00+02:00' }),
		'node-1',
	);
	assert.deepEqual(again(rack, rack.machines[0]).reservation, { note: 'kernel tests', until: '2026-03-01T10:00:00.000Z' });
	assert.deepEqual(eventsOf(rack, rack.machines[0]).slice(0, 2), [
		['Reserved for bob until 2026-03-01T10:00:00.000Z: kernel tests', 'bob'],
		['Ready → Allocated', 'bob'],
	]);
});

test('a reservation that makes no sense takes nothing', async (t) => {
	const rack = await makeRack(t, 8);
	for (const [until, text] of [
		['soon', 'Write the end as a date: 2026-12-31.'],
		['2026-02-30', 'Write the end as a date: 2026-12-31.'],
		['2026-02-30T00:00:00Z', 'Write the end as a date: 2026-12-31.'],
		['31 December 2027', 'Write the end as a date: 2026-12-31.'],
		['', 'Write the end as a date: 2026-12-31.'],
		['2025-12-31', 'The end of the reservation has passed already.'],
		['2026-01-02T03:04:05.000Z', 'The end of the reservation has passed already.'],
	] as const)
		assert.throws(
			() => rack.allocation.take(rack.machines[0] as Machine, rack.bob, { until }),
			(error) => error instanceof Refusal && error.field === 'until' && error.message === text,
			until,
		);
	assert.equal(again(rack, rack.machines[0]).status, 'ready');
});

test('bridges that were asked for are there until the release', async (t) => {
	const rack = await makeRack(t, 8);
	const names = () => rack.store.network.interfaces.ofNodes([rack.machines[0]?.id ?? 0]).map((each) => each.name);
	assert.equal(allocate(rack, {}, { bridges: defaultBridges }), 'node-1');
	assert.deepEqual(names(), ['eth0', 'br-eth0']);
	rack.actions.release(again(rack, rack.machines[0]), rack.bob, 'none');
	assert.deepEqual(names(), ['eth0']);
});

test('the release ends the reservation', async (t) => {
	const rack = await makeRack(t, 8);
	const options = { note: 'kernel tests', until: '2026-03-01', agentName: 'model-1' };
	const taken = rack.allocation.take(rack.machines[0] as Machine, rack.bob, options);
	const { ownerId, agentName, reservation } = rack.actions.release(taken, rack.bob, 'none');
	assert.deepEqual([ownerId, agentName, reservation], [null, '', { note: null, until: null }]);
});

test('what constraints leave is counted for the user who asks', async (t) => {
	const rack = await makeRack(t, 8, 16);
	rack.allocation.take(rack.machines[0] as Machine, await rack.admin());
	const explanation = rack.allocation.explain(constraints(rack, { mem: '10G', system_id: 'abc001' }).clauses, rack.bob);
	assert.deepEqual(explanation.clauses, [
		{ name: 'free', text: 'Ready and free', alone: 1, soFar: 1, without: 0 },
		{ name: 'mem', text: 'mem=10G', alone: 1, soFar: 1, without: 0 },
		{ name: 'system_id', text: 'system_id=abc001', alone: 1, soFar: 0, without: 1 },
	]);
	assert.deepEqual([explanation.total, explanation.matching], [2, 0]);
});
