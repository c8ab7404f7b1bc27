import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { LifecycleEvent } from '../../../controller/domain/lifecycle.ts';
import { createAdvance } from '../../../controller/flows/advance.ts';
import { keepReportedFile, readReportedFiles } from '../../../controller/flows/reportedFiles.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

const log = { path: '/tmp/install.log', encoding: 'base64', content: Buffer.from('done\n').toString('base64') };

test('files come as base64; those without content are passed over', () => {
	const content = Buffer.from('done\n');
	assert.deepEqual(readReportedFiles({ files: [log, { path: 'empty' }, null, 7] }, 'SUCCESS'), [
		{ path: '/tmp/install.log', content, exitStatus: 0 },
	]);
	assert.equal(readReportedFiles({ files: [log] }, 'FAIL')[0]?.exitStatus, 1);
	assert.equal(readReportedFiles({ files: [{ ...log, result: 7 }] }, 'FAIL')[0]?.exitStatus, 7);
	assert.deepEqual([readReportedFiles({}, ''), readReportedFiles('text', ''), readReportedFiles(null, '')], [[], [], []]);
	for (const files of [7, 'x', Array(21).fill(log), [{ ...log, encoding: 'hex' }], [{ ...log, compression: 'bzip2' }]])
		assert.throws(
			() => readReportedFiles({ files }, ''),
			(error) => error instanceof Refusal && error.field === 'files',
		);
});

test('a log belongs to the newest work that it can be about', (t) => {
	const { store, clock } = makeStore(t);
	const machine = addMachine(store, 1);
	const advance = createAdvance(store, clock.now);
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy'] as LifecycleEvent[]) advance(machine.id, event);
	const at = clock.now().toISOString();
	const job = store.results.createJob({ nodeId: machine.id, kind: 'deploy', at, scripts: [] });
	const keep = () => {
		const now = store.machines.byId(machine.id) as typeof machine;
		for (const file of readReportedFiles({ files: [log] }, 'FAIL')) keepReportedFile(store, now, file, clock.now());
	};
	keep();
	const [result] = store.results.ofJob(job.id);
	assert.deepEqual(
		[result?.name, result?.kind, result?.status, result?.exitStatus],
		['/tmp/install.log', 'deployment', 'failed', 1],
	);
	assert.equal(store.results.readOutput(result?.id ?? 0, 100).bytes.toString(), 'done\n');
	advance(machine.id, 'abort');
	keep();
	assert.equal(store.results.ofJob(job.id).length, 1, 'an allocated machine is doing nothing that a log could be about');
});
