import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timelineView } from '../../../controller/api/app/timelineView.ts';
import type { Mac } from '../../../controller/domain/address.ts';
import type { LifecycleEvent, Status } from '../../../controller/domain/lifecycle.ts';
import { bios, type Flows, ipxe, kernel, makeFlows, served } from '../../support/makeFlows.ts';
import { addMachine, mac } from '../../support/makeStore.ts';
import { makeHardware } from '../../support/plainHardware.ts';

/** Each boot goes as far as its row says, then nothing more is heard: the verdict names what never came. */
const silences: {
	last: string;
	go: (flows: Flows, card: Mac) => Promise<unknown>;
	seconds: number;
	verdict: string;
	failed: string;
}[] = [
	{
		last: 'its power',
		go: async ({ trail, machineOf }, card) => trail.poweredOn(machineOf(hardwareOf(card)), 'commission', 'Powered on, proven'),
		seconds: 600,
		verdict: 'It was powered on but never asked for an address.',
		failed: 'dhcp',
	},
	{
		last: 'its address',
		go: ({ lease }, card) => lease(card, bios),
		seconds: 60,
		verdict: 'It got an address but never asked for its boot loader.',
		failed: 'loader',
	},
	{
		last: 'its loader',
		go: async ({ lease, pxe }, card) => pxe.fetched(await lease(card, bios), 'undionly.kpxe'),
		seconds: 120,
		verdict: 'It took the boot loader but never asked for its boot script.',
		failed: 'script',
	},
	{
		last: 'the second address, which its loader asked for',
		go: async ({ lease, pxe }, card) => {
			pxe.fetched(await lease(card, bios), 'undionly.kpxe');
			await lease(card, ipxe);
		},
		seconds: 120,
		verdict: 'It took the boot loader but never asked for its boot script.',
		failed: 'script',
	},
	{
		last: 'its address, with iPXE in its card',
		go: ({ lease }, card) => lease(card, ipxe),
		seconds: 120,
		verdict: 'It took the boot loader but never asked for its boot script.',
		failed: 'script',
	},
	{
		last: 'its script',
		go: async ({ lease, pxe }, card) => {
			await lease(card, ipxe);
			pxe.ipxeScriptFor(card, served.server);
		},
		seconds: 180,
		verdict: 'It read its boot script but never finished loading the kernel.',
		failed: 'kernel',
	},
	{
		last: 'its kernel',
		go: async ({ lease, pxe }, card) => {
			const address = await lease(card, ipxe);
			pxe.ipxeScriptFor(card, served.server);
			pxe.fetched(address, 'boot/initrd');
		},
		seconds: 240,
		verdict: 'It loaded the kernel, but the kernel never reported.',
		failed: 'boot',
	},
	{
		last: 'its kernel’s address',
		go: async ({ lease, pxe }, card) => {
			const address = await lease(card, ipxe);
			pxe.ipxeScriptFor(card, served.server);
			pxe.fetched(address, 'boot/initrd');
			await lease(card, kernel);
		},
		seconds: 120,
		verdict: 'Its kernel took an address, but the agent never reported.',
		failed: 'agent',
	},
	{
		last: 'its agent',
		go: async ({ bootKernel, reportAs }, card) => reportAs(await bootKernel(card), hardwareOf(card)),
		seconds: 120,
		verdict: 'The agent went silent in the middle of its work.',
		failed: 'agent',
	},
];
const hardwareOf = (card: Mac) => makeHardware(1, { macs: [card] });

for (const { last, go, seconds, verdict, failed } of silences)
	test(`a commissioning machine that is silent after ${last}: ${verdict}`, async (t) => {
		const flows = await makeFlows(t);
		const { store, clock, advance, watch } = flows;
		const { id, systemId } = addMachine(store, 1);
		advance(id, 'commission');
		await go(flows, mac(1));

		clock.pass(seconds * 1000 - 1);
		watch.look();
		assert.equal(store.machines.byId(id)?.status, 'commissioning');

		clock.pass(1);
		watch.look();
		const machine = store.machines.byId(id);
		assert.ok(machine);
		assert.deepEqual([machine.status, machine.statusText], ['failed_commissioning', verdict]);
		const [boot] = timelineView(store, machine).boots;
		const stage = boot?.stages.find((each) => each.state === 'failed');
		assert.deepEqual([boot?.state, boot?.verdict?.text, stage?.stage, stage?.cause], ['failed', verdict, failed, verdict]);
		assert.match(stage?.nextStep ?? '', /^[A-Z].*\.$/);
		assert.equal(boot?.verdict?.nextStep, stage?.nextStep);
		const [status] = store.events.ofMachine(id);
		assert.deepEqual(
			[systemId, status?.level, status?.text, status?.cause],
			[machine.systemId, 'error', 'Commissioning → Failed commissioning', verdict],
		);
		assert.equal(status?.nextStep, stage?.nextStep);
	});

test('power that is cut in the middle of a deployment: the agent goes silent, the deployment fails, its token is dead', async (t) => {
	const { store, clock, advance, agentJob, bootKernel, reportAs, resultsOf, runThrough, again, watch, machineOf } =
		await makeFlows(t);
	const hardware = makeHardware(1);
	await runThrough(hardware);
	const { id } = machineOf(hardware);
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy'] as LifecycleEvent[]) advance(id, event);
	const boot = await bootKernel(hardware.macs[0] as Mac);
	const [write] = resultsOf(reportAs(boot, hardware));
	agentJob.started(again(boot), write?.id ?? 0);
	clock.pass(120_000);
	watch.look();
	const machine = machineOf(hardware);
	assert.deepEqual(
		[machine.status, machine.statusText, machine.netboot],
		['failed_deployment', 'The agent went silent in the middle of its work.', true],
	);
	assert.equal(store.results.byId(write?.id ?? 0)?.status, 'aborted');
	assert.throws(() =>
		agentJob.result(again(boot), write?.id ?? 0, { exit: 0, seconds: 1, timedOut: false, result: Buffer.alloc(0) }),
	);
	assert.equal(store.boots.byId(boot.id)?.state, 'failed');
});

test('a sign of life puts the verdict off', async (t) => {
	const { store, clock, agentJob, bootKernel, reportAs, watch, again } = await makeFlows(t);
	const boot = await bootKernel(mac(1));
	reportAs(boot, makeHardware(1, { macs: [mac(1)] }));
	for (let minute = 0; minute < 90; minute++) {
		clock.pass(60_000);
		agentJob.alive(again(boot));
		watch.look();
	}
	assert.equal(store.boots.byId(boot.id)?.state, 'running');
	clock.pass(120_000);
	watch.look();
	assert.equal(store.boots.byId(boot.id)?.verdict?.text, 'The agent went silent in the middle of its work.');
});

test('a machine that is at rest is not failed by a boot that comes to nothing', async (t) => {
	const { store, clock, lease, watch } = await makeFlows(t);
	const { id } = addMachine(store, 1);
	await lease(mac(1), bios);
	clock.pass(60_000);
	watch.look();
	assert.equal(store.machines.byId(id)?.status, 'new');
	assert.equal(store.boots.latest(id, 1)[0]?.verdict?.text, 'It got an address but never asked for its boot loader.');
});

const patience: [Status, LifecycleEvent[], minutes: number, Status][] = [
	['commissioning', ['commission'], 30, 'failed_commissioning'],
	['testing', ['commission', 'tests_started'], 30, 'failed_testing'],
	['deploying', ['commission', 'commissioned', 'allocate', 'deploy'], 30, 'failed_deployment'],
	['releasing', ['commission', 'commissioned', 'allocate', 'release'], 5, 'failed_releasing'],
	['disk_erasing', ['commission', 'commissioned', 'allocate', 'erase'], 30, 'failed_disk_erasing'],
	['entering_rescue_mode', ['enter_rescue'], 30, 'failed_entering_rescue_mode'],
	['exiting_rescue_mode', ['enter_rescue', 'exit_rescue'], 5, 'failed_exiting_rescue_mode'],
];
for (const [status, way, minutes, failure] of patience)
	test(`a machine that is ${status} and gives no sign of life ends as ${failure} after ${minutes} minutes`, async (t) => {
		const { store, clock, advance, watch } = await makeFlows(t);
		const { id } = addMachine(store, 1);
		for (const event of way) advance(id, event);
		assert.equal(store.machines.byId(id)?.status, status);
		clock.pass(minutes * 60_000 - 1);
		watch.look();
		assert.equal(store.machines.byId(id)?.status, status);
		clock.pass(1);
		watch.look();
		assert.equal(store.machines.byId(id)?.status, failure);
		assert.match(store.machines.byId(id)?.statusText ?? '', new RegExp(`no sign of life for ${minutes} minutes`));
	});

test('after a restart everyone gets the whole time again: nobody could be seen meanwhile', async (t) => {
	const { store, clock, advance, lease, watch } = await makeFlows(t);
	const { id } = addMachine(store, 1);
	advance(id, 'commission');
	await lease(mac(1), bios);
	clock.pass(3_600_000);
	watch.start();
	watch.stop();
	watch.look();
	assert.equal(store.machines.byId(id)?.status, 'commissioning');
	clock.pass(60_000);
	watch.look();
	assert.equal(store.machines.byId(id)?.statusText, 'It got an address but never asked for its boot loader.');
});
