import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { LifecycleEvent } from '../../../controller/domain/lifecycle.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { createTakeSignal, readSignalStatus, type Signal } from '../../../controller/flows/signal.ts';
import { printedBy } from '../../../controller/simulation/hardware/printed.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { addMachine } from '../../support/makeStore.ts';
import { makeHardware } from '../../support/plainHardware.ts';

const INVENTORY = '50-maas-01-commissioning';

async function signalling(t: TestContext, ...events: LifecycleEvent[]) {
	const flows = await makeFlows(t);
	const { store, advance, trail, read, drivers, clock } = flows;
	const { id } = addMachine(store, 1);
	for (const event of events) advance(id, event);
	const takeSignal = createTakeSignal({ store, advance, trail, read, drivers, now: clock.now });
	const machine = () => store.machines.byId(id) as Machine;
	const signal = (status: Signal['status'], more: Partial<Signal> = {}) =>
		takeSignal(machine(), { status, error: null, resultId: null, exitStatus: null, power: null, files: new Map(), ...more });
	/** The work of an order, with one script. */
	const job = (kind: string, script: string, resultKind: 'commissioning' | 'testing') => {
		const { id: jobId } = store.results.createJob({
			...{ nodeId: id, kind, at: clock.now().toISOString() },
			scripts: [{ name: script, kind: resultKind }],
		});
		const result = () => store.results.ofJob(jobId)[0] as ReturnType<typeof store.results.ofJob>[number];
		return { jobId, result, state: () => store.results.job(jobId)?.state };
	};
	return { ...flows, machine, signal, job };
}
const refused = (code: string, text: RegExp) => (error: unknown) =>
	error instanceof Refusal && error.code === code && text.test(error.message);

test('each status takes what MAAS lets it take', async (t) => {
	for (const [events, status, after] of [
		[[], 'WORKING', 'new'],
		[[], 'COMMISSIONING', 'commissioning'],
		[['commission'], 'WORKING', 'commissioning'],
		[['commission'], 'OK', 'ready'],
		[['commission'], 'FAILED', 'failed_commissioning'],
		[['commission'], 'TESTING', 'testing'],
		[['commission', 'commissioned', 'test'], 'OK', 'ready'],
		[['commission', 'commissioned', 'test'], 'FAILED', 'failed_testing'],
		[['commission', 'commissioned', 'enter_rescue'], 'WORKING', 'rescue_mode'],
		[['commission', 'commissioned', 'enter_rescue'], 'FAILED', 'failed_entering_rescue_mode'],
		[['commission', 'commissioned', 'allocate', 'deploy'], 'OK', 'deploying'],
		[['commission', 'commissioned', 'allocate', 'deploy'], 'FAILED', 'failed_deployment'],
		[['commission', 'commissioned', 'allocate', 'deploy', 'deployed'], 'OK', 'deployed'],
		[['commission', 'commissioned', 'allocate', 'erase'], 'OK', 'disk_erasing'],
		[['commission', 'commissioned', 'allocate', 'erase'], 'FAILED', 'failed_disk_erasing'],
		[['commission', 'commissioned'], 'OK', 'ready'],
		[['commission', 'fail'], 'OK', 'failed_commissioning'],
	] as const) {
		const { machine, signal } = await signalling(t, ...events);
		signal(status);
		assert.equal(machine().status, after, `${events.at(-1)} ${status}`);
	}
	const { signal } = await signalling(t, 'commission', 'commissioned', 'allocate');
	assert.throws(() => signal('OK'), refused('conflict', /^Machine status isn't valid \(status is Allocated\)$/));
});

test('a machine that introduces itself is New again when it has done so', async (t) => {
	const { machine, signal } = await signalling(t);
	signal('COMMISSIONING');
	signal('OK');
	assert.equal(machine().status, 'new');
});

test('results are kept as they come, and an inventory is read when all is well', async (t) => {
	const { machine, signal, job, store } = await signalling(t, 'commission');
	const { result, state } = job('commission', INVENTORY, 'commissioning');
	const printed = Buffer.from(printedBy(INVENTORY, makeHardware(1)));
	signal('WORKING', { resultId: result().id });
	assert.equal(result().status, 'running');
	signal('WORKING', {
		resultId: result().id,
		exitStatus: 0,
		files: new Map([
			[INVENTORY, printed],
			[`${INVENTORY}.out`, printed],
			[`${INVENTORY}.err`, Buffer.from('x')],
		]),
	});
	assert.deepEqual([result().status, result().exitStatus, result().outputBytes], ['passed', 0, printed.length]);
	signal('OK');
	assert.deepEqual([machine().status, state()], ['ready', 'done']);
	assert.ok((machine().cpuCount ?? 0) > 0 && store.inventory.blockDevices(machine().id).length > 0);
});

test('a script that failed fails the commissioning, whatever the last word is', async (t) => {
	for (const [more, expected] of [
		[{ exitStatus: 3 }, 'failed'],
		[{ status: 'TIMEDOUT' }, 'timed_out'],
		[{ exitStatus: 0, files: new Map([['x.yaml', Buffer.from('status: failed\n')]]) }, 'failed'],
	] as const) {
		const { machine, signal, job } = await signalling(t, 'commission');
		const { result, state } = job('commission', 'x', 'commissioning');
		const { status = 'WORKING', ...rest } = more as Partial<Signal>;
		signal(status, { resultId: result().id, ...rest });
		assert.equal(result().status, expected);
		signal('OK');
		assert.deepEqual([machine().status, state(), machine().statusText], ['failed_commissioning', 'failed', 'x failed.']);
	}
});

test('results of others, and of work that is over, change nothing', async (t) => {
	const { machine, signal, job, store } = await signalling(t, 'commission');
	const { jobId, result } = job('commission', 'x', 'commissioning');
	const other = addMachine(store, 2);
	const theirs = store.results.createJob({
		...{ nodeId: other.id, kind: 'commission', at: '2026' },
		scripts: [{ name: 'y', kind: 'commissioning' }],
	});
	const foreign = store.results.ofJob(theirs.id)[0]?.id ?? 0;
	assert.throws(() => signal('WORKING', { resultId: foreign }), refused('not-found', /^No ScriptResult matches/));
	store.results.setJobState(jobId, 'aborted');
	signal('WORKING', { resultId: result().id, exitStatus: 0 });
	assert.deepEqual([result().status, machine().status], ['pending', 'commissioning']);
});

test('a BMC that the machine has found is taken, unless a person has set one, and only IPMI', async (t) => {
	const { machine, signal, store } = await signalling(t, 'commission');
	const power = (type: string, address: string) => ({ type, parameters: { power_address: address, power_user: 'maas' } });
	signal('WORKING', { power: power('manual', '192.0.2.1') });
	assert.equal(machine().bmcId, null);
	signal('WORKING', { power: power('ipmi', '192.0.2.1') });
	signal('WORKING', { power: power('ipmi', '192.0.2.2') });
	assert.equal(store.bmcs.parameters(machine().bmcId ?? 0).power_address, '192.0.2.1');
	assert.throws(() => signal('WORKING', { power: power('magic', '') }), refused('bad-input', /^Bad power_type 'magic'$/));
});

test('an error is shown with the machine, and a signal is a sign of life', async (t) => {
	const { machine, signal, clock } = await signalling(t, 'commission');
	clock.pass(20 * 60_000);
	signal('WORKING', { error: 'disk\u001b[31m slow' });
	assert.equal(machine().errorDescription, 'disk [31m slow');
	assert.equal(machine().deadlineAt, new Date(clock.now().getTime() + 30 * 60_000).toISOString());
	for (const word of ['', 'ok', 'OK ', 'constructor'])
		assert.throws(() => readSignalStatus(word), refused('bad-input', /^Unknown status: '/));
});
