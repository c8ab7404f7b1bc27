import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { Hardware } from '../../../controller/simulation/hardware/hardware.ts';
import { agentServer, type Flows, makeFlows } from '../../support/makeFlows.ts';
import { makeHardware } from '../../support/plainHardware.ts';

const refused = (code: string, text: RegExp) => (error: unknown) =>
	error instanceof Refusal && error.code === code && text.test(error.message);

async function reported(flows: Flows, hardware: Hardware = makeHardware(1)) {
	const boot = await flows.bootKernel(hardware.macs[0] as never);
	const manifest = flows.reportAs(boot, hardware);
	return { boot: flows.again(boot), manifest, results: flows.resultsOf(manifest) };
}
const outcome = { exit: 0, seconds: 1, timedOut: false, result: Buffer.alloc(0) };

test('the report is answered with the job: its scripts in their order, each with its time limit', async (t) => {
	const flows = await makeFlows(t);
	const { manifest } = await reported(flows);
	const lines = manifest.trimEnd().split('\n');
	assert.match(lines[0] ?? '', /^job \d+ enlist$/);
	assert.equal(lines.at(-1), 'end poweroff');
	assert.deepEqual(
		lines.slice(1, 4).map((line) => line.replace(/^script \d+ /, '')),
		['300 30-maas-01-bmc-config', '60 50-maas-01-commissioning', '300 maas-support-info'],
	);
});

test('a boot that was given to one card is not taken up by a machine without it', async (t) => {
	const flows = await makeFlows(t);
	const [one, other] = [makeHardware(1), makeHardware(2)];
	const boot = await flows.bootKernel(one.macs[0] as never);
	assert.throws(
		() => flows.reportAs(boot, other, { boot_mac: other.macs[0] }),
		refused('not-allowed', /was given to the card 52:54:00:10:00:01, which the report does not name/),
	);
	assert.deepEqual(flows.store.machines.all(), []);
});

test('a token reaches the results of its own machine alone', async (t) => {
	const flows = await makeFlows(t);
	const one = await reported(flows, makeHardware(1));
	const other = await reported(flows, makeHardware(2));
	const foreign = other.results[0]?.id ?? 0;
	const { agentJob } = flows;
	for (const call of [
		() => agentJob.script(one.boot, foreign, agentServer),
		() => agentJob.started(one.boot, foreign),
		() => agentJob.output(one.boot, foreign, 0, Buffer.from('x')),
		() => agentJob.stdout(one.boot, foreign, Buffer.from('x')),
		() => agentJob.result(one.boot, foreign, outcome),
	])
		assert.throws(call, refused('not-found', new RegExp(`There is no result ${foreign} for this machine`)));
	assert.deepEqual(flows.store.results.byId(foreign)?.status, 'pending');
	assert.throws(() => agentJob.started(one.boot, 4711), refused('not-found', /4711/));
});

test('a call that is repeated does no harm', async (t) => {
	const flows = await makeFlows(t);
	const { boot, results } = await reported(flows);
	const { agentJob, store, clock } = flows;
	const id = results[0]?.id ?? 0;
	const twice = (call: () => void) => {
		call();
		clock.pass(1000);
		call();
	};
	twice(() => agentJob.started(boot, id));
	twice(() => agentJob.output(boot, id, 0, Buffer.from('first ')));
	twice(() => agentJob.output(boot, id, 6, Buffer.from('second')));
	twice(() => agentJob.result(boot, id, outcome));
	agentJob.result(boot, id, { ...outcome, exit: 1 });
	const result = store.results.byId(id);
	assert.deepEqual(
		[result?.status, result?.exitStatus, store.results.readOutput(id, 100).bytes.toString()],
		['passed', 0, 'first second'],
	);
	const name = `script:${result?.name}`;
	assert.deepEqual(
		store.events
			.ofBoots([boot.id])
			.filter(({ stage }) => stage === name)
			.map(({ kind, ms }) => [kind, ms]),
		[
			['stage-start', null],
			['stage', 1000],
		],
	);
});

test('the end that is asked for again, because its answer was lost, is the same end', async (t) => {
	const flows = await makeFlows(t);
	const { boot, end } = await flows.runThrough(makeHardware(1));
	assert.equal(end, 'end poweroff\n');
	assert.equal(flows.agentJob.done(boot), 'end poweroff\n');
});

test('output is kept up to its limit, in order, and heard as it comes', async (t) => {
	const flows = await makeFlows(t);
	const { boot, results } = await reported(flows);
	const { agentJob, store } = flows;
	const id = results[0]?.id ?? 0;
	const heard: [number, string][] = [];
	agentJob.onOutput(({ offset, bytes }) => heard.push([offset, Buffer.from(bytes).toString()]));
	agentJob.output(boot, id, 0, Buffer.from('abc'));
	// a hole: what lies before it never came
	agentJob.output(boot, id, 10, Buffer.from('xyz'));
	assert.deepEqual([heard, store.results.byId(id)?.outputBytes], [[[0, 'abc']], 3]);
	assert.throws(() => agentJob.output(boot, id, 4 * 1024 * 1024, Buffer.alloc(2000)), refused('too-large', /4 MiB/));
	assert.equal(store.results.byId(id)?.outputBytes, 3);
});

test('work that was aborted no longer counts', async (t) => {
	const flows = await makeFlows(t);
	const { store, actions, agentJob } = flows;
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	flows.givePower(flows.machineOf(hardware));
	const by = await flows.admin();
	actions.commission(flows.machineOf(hardware), by);
	await flows.perMachine.idle();
	const boot = await flows.bootKernel(hardware.macs[0] as never);
	const [first] = flows.resultsOf(flows.reportAs(boot, hardware));
	const here = flows.again(boot);
	actions.abort(flows.machineOf(hardware), by);
	assert.throws(
		() => agentJob.result(here, first?.id ?? 0, outcome),
		refused('conflict', /^\S+ is New now: this work no longer counts\.$/),
	);
	assert.equal(store.results.byId(first?.id ?? 0)?.status, 'aborted');
});

test('a machine that restarts in the middle begins its work anew', async (t) => {
	const flows = await makeFlows(t);
	const before = await reported(flows);
	flows.agentJob.started(before.boot, before.results[0]?.id ?? 0);
	const after = await reported(flows);
	assert.notDeepEqual(after.results, before.results);
	assert.equal(flows.store.results.job(before.results[0]?.jobId ?? 0)?.state, 'aborted');
	assert.equal(flows.store.results.openJob(flows.machineOf(makeHardware(1)).id)?.id, after.results[0]?.jobId);
});

test('a boot of nobody, and one of a machine that was deleted, are told so', async (t) => {
	const flows = await makeFlows(t);
	const stranger = await flows.bootKernel(makeHardware(2).macs[0] as never);
	assert.throws(() => flows.agentJob.done(stranger), refused('conflict', /belongs to no machine/));
	const { boot } = await reported(flows);
	flows.store.machines.delete(flows.machineOf(makeHardware(1)).id);
	assert.throws(() => flows.agentJob.done(boot), refused('conflict', /the machine was deleted/));
});

test('a machine with nothing to do is told to switch itself off', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const { id } = flows.machineOf(hardware);
	for (const event of ['commission', 'commissioned'] as const) flows.advance(id, event);
	const { manifest } = await reported(flows, hardware);
	assert.equal(manifest, 'job 0 poweroff\nend poweroff\n');
	flows.advance(id, 'enter_rescue');
	const rescue = await reported(flows, hardware);
	assert.equal(rescue.manifest, 'job 0 rescue\nend stay\n');
	assert.equal(flows.machineOf(hardware).status, 'rescue_mode');
});

test('each script is an event with its duration; one that fails says why in its last words', async (t) => {
	const flows = await makeFlows(t);
	const { boot, results } = await reported(flows);
	const { agentJob, store } = flows;
	const [first, second] = results;
	assert.ok(first && second);
	agentJob.output(boot, first.id, 0, Buffer.from('trying\n\u001b[31mThe BMC\u0000 refused.\n\n'));
	agentJob.result(boot, first.id, { ...outcome, exit: 3, seconds: 2.5 });
	agentJob.result(boot, second.id, { ...outcome, exit: 124, timedOut: true });
	const failures = store.events.ofBoots([boot.id]).filter(({ level }) => level === 'error');
	assert.deepEqual(
		failures.map(({ stage, ms, cause }) => [stage, ms, cause]),
		[
			['script:30-maas-01-bmc-config', 2500, '30-maas-01-bmc-config ended with exit status 3. [31mThe BMC refused.'],
			['script:50-maas-01-commissioning', 1000, '50-maas-01-commissioning did not end within its time limit.'],
		],
	);
});
