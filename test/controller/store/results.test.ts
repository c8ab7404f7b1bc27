import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Store } from '../../../controller/store/store.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

const jobOf = (store: Store, nodeId: number, ...names: string[]) =>
	store.results.createJob({
		nodeId,
		kind: 'test',
		at: '2026',
		scripts: names.map((name) => ({ name, kind: 'testing' as const })),
	});
const text = (store: Store, id: number) => store.results.readOutput(id, 1 << 20).bytes.toString();

test('a job has its scripts in their order, all pending, and is open until it ends', (t) => {
	const { store } = makeStore(t);
	const { id } = addMachine(store, 1);
	const job = jobOf(store, id, 'b', 'a');
	assert.deepEqual(
		store.results.ofJob(job.id).map(({ name, status, outputBytes }) => [name, status, outputBytes]),
		[
			['b', 'pending', 0],
			['a', 'pending', 0],
		],
	);
	assert.deepEqual(store.results.openJob(id), job);
	store.results.setJobState(job.id, 'done');
	assert.equal(store.results.openJob(id), undefined);
});

test('output that comes in pieces, twice, overlapping, becomes the text that was printed', (t) => {
	const { store } = makeStore(t);
	const { id: node } = addMachine(store, 1);
	fc.assert(
		fc.property(
			fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 200 }),
			fc.array(fc.tuple(fc.nat(200), fc.nat(60)), { maxLength: 30 }),
			(printed, pieces) => {
				const [result] = store.results.ofJob(jobOf(store, node, 'a').id);
				const id = result?.id ?? 0;
				const bytes = Buffer.from(printed);
				for (const [at, length] of pieces) {
					const offset = Math.min(at, bytes.length);
					const stored = store.results.writeOutput(id, offset, bytes.subarray(offset, offset + length));
					assert.equal(text(store, id), printed.slice(0, stored));
				}
				store.results.writeOutput(id, 0, bytes);
				assert.equal(text(store, id), printed);
				assert.equal(store.results.byId(id)?.outputBytes, bytes.length);
			},
		),
		{ numRuns: 30 },
	);
});

test('of long output the end is shown', (t) => {
	const { store } = makeStore(t);
	const { id: node } = addMachine(store, 1);
	const [result] = store.results.ofJob(jobOf(store, node, 'a').id);
	store.results.writeOutput(result?.id ?? 0, 0, Buffer.from('0123456789'));
	const { bytes, truncated } = store.results.readOutput(result?.id ?? 0, 4);
	assert.deepEqual([bytes.toString(), truncated], ['6789', true]);
	assert.deepEqual(store.results.readOutput(4711, 4), { bytes: Buffer.alloc(0), truncated: false });
});

test('the newest result of each script is what a machine’s page shows', (t) => {
	const { store } = makeStore(t);
	const { id: node } = addMachine(store, 1);
	const first = jobOf(store, node, 'a', 'b');
	const second = jobOf(store, node, 'b');
	const [a] = store.results.ofJob(first.id);
	const [b] = store.results.ofJob(second.id);
	assert.deepEqual(
		store.results.latest(node).map(({ id }) => id),
		[a?.id, b?.id],
	);
});

test('the newest results of a script that ran once for each disk are those of its newest job', (t) => {
	const { store } = makeStore(t);
	const { id: nodeId } = addMachine(store, 1);
	const run = (...disks: string[]) => {
		const scripts = disks.map((value) => ({
			...{ name: 'badblocks', kind: 'testing' as const },
			parameters: { storage: { type: 'storage', value, argument: `--storage=/dev/${value}` } },
		}));
		return store.results.ofJob(store.results.createJob({ nodeId, kind: 'test', at: '2026-01-02T03:04:05.000Z', scripts }).id);
	};
	const older = run('sda', 'sdb', 'sdc');
	const newer = run('sda', 'sdb');
	store.results.update(newer[0]?.id ?? 0, { status: 'failed' });
	assert.deepEqual(
		store.results.latest(nodeId).map(({ id }) => id),
		newer.map(({ id }) => id),
	);
	assert.deepEqual(
		store.results
			.summaries([nodeId])
			.map(({ jobId, status }) => [jobId, status])
			.sort(),
		[
			[newer[0]?.jobId, 'failed'],
			[newer[0]?.jobId, 'pending'],
		],
	);
	assert.equal(older.length, 3);
});

test('output files go with their machine, and stay when its deletion comes to nothing', (t) => {
	const { store, folder } = makeStore(t);
	const { id: node } = addMachine(store, 1);
	const [result] = store.results.ofJob(jobOf(store, node, 'a').id);
	store.results.writeOutput(result?.id ?? 0, 0, Buffer.from('x'));
	const file = path.join(folder, 'outputs', `${result?.id}.out`);
	const remove = () => {
		store.results.dropOutputs(node);
		store.machines.delete(node);
	};
	assert.throws(() =>
		store.transaction(() => {
			remove();
			throw new Error('SQLITE_FULL');
		}),
	);
	assert.ok(existsSync(file));
	store.transaction(remove);
	assert.ok(!existsSync(file));
});

test('of the jobs that are over the newest stay; others, and those under way, are left alone', (t) => {
	const { store, folder } = makeStore(t);
	const { id } = addMachine(store, 1);
	const jobs = Array.from({ length: 4 }, () => jobOf(store, id, 'a'));
	for (const { id: job } of jobs.slice(0, 3)) store.results.setJobState(job, 'done');
	const other = store.results.createJob({ nodeId: id, kind: 'erase', at: '2026', scripts: [] });
	store.results.setJobState(other.id, 'failed');
	const [result] = store.results.ofJob(jobs[0]?.id ?? 0);
	store.results.writeOutput(result?.id ?? 0, 0, Buffer.from('printed'));
	store.results.keepNewest(id, 'test', 2);
	assert.deepEqual(
		store.results.jobs(id).map((job) => job.id),
		[other.id, jobs[3]?.id, jobs[2]?.id, jobs[1]?.id],
	);
	assert.equal(existsSync(path.join(folder, 'outputs', `${result?.id}.out`)), false);
});

test('a result keeps which revision of its script it is of', (t) => {
	const { store } = makeStore(t);
	const { id: nodeId } = addMachine(store, 1);
	const at = '2026-01-02T03:04:05.000Z';
	const save = (content: string) =>
		store.scripts.save({ name: 'fans', title: '', kind: 'testing', content, timeoutMs: 0, tags: [], updatedAt: at }).id;
	const run = (name: string) =>
		store.results.ofJob(store.results.createJob({ nodeId, kind: 'test', at, scripts: [{ name, kind: 'testing' }] }).id)[0];
	const scriptId = save('#!/bin/sh\n');
	const first = run('fans');
	save('#!/bin/sh\ntrue\n');
	const [newest, oldest] = store.scripts.revisions(scriptId).get(scriptId) ?? [];
	assert.deepEqual([first?.revisionId, run('fans')?.revisionId, run('none')?.revisionId], [oldest?.id, newest?.id, null]);
	store.scripts.delete('fans');
	assert.equal(store.results.byId(first?.id ?? 0)?.revisionId, null);
});
