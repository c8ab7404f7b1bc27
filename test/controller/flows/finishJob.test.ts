import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Status } from '../../../controller/domain/lifecycle.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { type Ending, type Flows, makeFlows } from '../../support/makeFlows.ts';
import { makeHardware } from '../../support/plainHardware.ts';

const hardware = makeHardware(1);

/** A machine of the fake BMC that is brought to a status and boots there. */
async function inStatus(flows: Flows, status: 'commissioning' | 'testing' | 'deploying' | 'disk_erasing'): Promise<Machine> {
	await flows.runThrough(hardware);
	const { advance, store } = flows;
	const { id } = flows.givePower(flows.machineOf(hardware));
	advance(id, 'commission');
	if (status === 'commissioning') return flows.machineOf(hardware);
	await flows.runThrough(hardware);
	await flows.perMachine.idle();
	if (status === 'testing') advance(id, 'test');
	else advance(id, 'allocate');
	if (status === 'deploying') {
		const image = await store.images.import({ name: 'debian', bytes: oneChunk(1024 * 1024) });
		store.machines.update(id, { imageId: image.id });
		advance(id, 'deploy');
	}
	if (status === 'disk_erasing') {
		store.machines.update(id, { erase: 'full' });
		advance(id, 'erase');
	}
	return flows.machineOf(hardware);
}
async function* oneChunk(size: number) {
	// a disk: its boot sector has the signature of a partition table
	const bytes = Buffer.alloc(size);
	bytes.writeUInt16LE(0xaa55, 510);
	yield bytes;
}

const endings: {
	what: string;
	from: Parameters<typeof inStatus>[1];
	differs: Record<string, Ending>;
	status: Status;
	text: RegExp | null;
	end: string;
}[] = [
	{ what: 'all is well', from: 'commissioning', differs: {}, status: 'ready', text: null, end: 'poweroff' },
	{
		what: 'the inventory fails',
		from: 'commissioning',
		differs: { '50-maas-01-commissioning': { exit: 2, stdout: 'dmesg: out of memory\n' } },
		status: 'failed_commissioning',
		text: /^50-maas-01-commissioning failed with exit status 2\. dmesg: out of memory$/,
		end: 'poweroff',
	},
	{
		what: 'the inventory is garbage',
		from: 'commissioning',
		differs: { '50-maas-01-commissioning': { stdout: '\u0000\u0001not json' } },
		status: 'failed_commissioning',
		text: /^50-maas-01-commissioning printed something else than an inventory: it is no JSON/,
		end: 'poweroff',
	},
	{
		what: 'the inventory is empty',
		from: 'commissioning',
		differs: { '50-maas-01-commissioning': { stdout: '{"api_version":"1.0","resources":{}}' } },
		status: 'failed_commissioning',
		text: /^50-maas-01-commissioning printed something else than an inventory: it has no resources/,
		end: 'poweroff',
	},
	{
		what: 'a script runs into its time limit',
		from: 'commissioning',
		differs: { 'maas-lshw': { exit: 124, timedOut: true, stdout: 'waiting for the DVD drive\n' } },
		status: 'failed_commissioning',
		text: /^maas-lshw did not end within its time limit\. waiting for the DVD drive$/,
		end: 'poweroff',
	},
	{
		what: 'a test fails after the inventory',
		from: 'commissioning',
		differs: { 'smartctl-validate': { exit: 1, stdout: 'sda: SMART overall-health: FAILED!\n' } },
		status: 'failed_testing',
		text: /^smartctl-validate failed with exit status 1\. sda: SMART overall-health: FAILED!$/,
		end: 'poweroff',
	},
	{ what: 'all tests pass', from: 'testing', differs: {}, status: 'ready', text: null, end: 'poweroff' },
	{
		what: 'a test fails',
		from: 'testing',
		differs: { '11-link': { exit: 1, stdout: 'eno1 has no link.\n' } },
		status: 'failed_testing',
		text: /^11-link failed with exit status 1\. eno1 has no link\.$/,
		end: 'poweroff',
	},
	{ what: 'the image is on the disk', from: 'deploying', differs: {}, status: 'deploying', text: null, end: 'reboot' },
	{
		what: 'the image has other bytes',
		from: 'deploying',
		differs: { '10-write-image': { exit: 1, stdout: 'The image does not have the expected content: SHA-256 is a, not b.\n' } },
		status: 'failed_deployment',
		text: /does not have the expected content: SHA-256 is a, not b\.$/,
		end: 'poweroff',
	},
	{
		what: 'all samples are zero',
		from: 'disk_erasing',
		differs: {},
		status: 'releasing',
		text: /^The disks were erased/,
		end: 'poweroff',
	},
	{
		what: 'a disk still has data',
		from: 'disk_erasing',
		differs: { '90-verify-erase': { exit: 1, stdout: 'sda: NOT ERASED: there is data at offset 512\n' } },
		status: 'failed_disk_erasing',
		text: /sda: NOT ERASED: there is data at offset 512$/,
		end: 'poweroff',
	},
];
for (const { what, from, differs, status, text, end } of endings)
	test(`${from}, ${what}: ${status}, ${end}`, async (t) => {
		const flows = await makeFlows(t);
		await inStatus(flows, from);
		const done = await flows.runThrough(hardware, differs);
		assert.deepEqual([done.machine.status, done.end, done.boot.state], [status, `end ${end}\n`, 'done']);
		if (text) assert.match(done.machine.statusText ?? '', text);
		else if (status !== 'deploying') assert.equal(done.machine.statusText, null);
		await flows.perMachine.idle();
	});

test('a script that the agent never ran is no success: nothing passes, and no disk counts as written', async (t) => {
	for (const [from, status, first] of [
		['commissioning', 'failed_commissioning', '30-maas-01-bmc-config'],
		['testing', 'failed_testing', '10-memory-size'],
		['deploying', 'failed_deployment', '10-write-image'],
		['disk_erasing', 'failed_disk_erasing', 'wipe-disks'],
	] as const) {
		const flows = await makeFlows(t);
		await inStatus(flows, from);
		const boot = await flows.bootKernel(hardware.macs[0] as never);
		flows.reportAs(boot, hardware);
		assert.equal(flows.agentJob.done(flows.again(boot)), 'end poweroff\n', from);
		const { status: now, statusText, netboot } = flows.machineOf(hardware);
		assert.deepEqual(
			[now, statusText, netboot],
			[status, `${first} was not run to its end: the agent has brought no result of it.`, true],
		);
		await flows.perMachine.idle();
	}
});

test('a machine that enlists stays New, and is commissioned in the same boot when the setting says so', async (t) => {
	const flows = await makeFlows(t);
	const first = await flows.runThrough(hardware);
	assert.deepEqual([first.end, first.machine.status, first.machine.cpuCount], ['end poweroff\n', 'new', 8]);

	flows.store.settings.set({ commissionOnEnlist: true });
	const boot = await flows.bootKernel(hardware.macs[0] as never);
	flows.runScripts(boot, flows.reportAs(boot, hardware), hardware);
	const next = flows.agentJob.done(flows.again(boot));
	assert.match(next, /^job \d+ commission\n/);
	flows.runScripts(boot, next, hardware);
	assert.equal(flows.agentJob.done(flows.again(boot)), 'end poweroff\n');
	assert.equal(flows.machineOf(hardware).status, 'ready');
});

test('an enlistment whose inventory is garbage says so, and the machine can be commissioned all the same', async (t) => {
	const flows = await makeFlows(t);
	const { machine } = await flows.runThrough(hardware, { '50-maas-01-commissioning': { stdout: 'Segmentation fault' } });
	assert.equal(machine.status, 'new');
	const warnings = flows.store.events.ofMachine(machine.id).filter(({ level }) => level === 'warning');
	assert.match(warnings[0]?.text ?? '', /^50-maas-01-commissioning printed something else than an inventory/);
});

test('a deployed machine that passes its tests goes back to its own system', async (t) => {
	const flows = await makeFlows(t);
	const { id } = await inStatus(flows, 'deploying');
	flows.store.machines.update(id, { netboot: false });
	flows.advance(id, 'deployed');
	flows.advance(id, 'test');
	const { end, machine } = await flows.runThrough(hardware);
	assert.deepEqual([end.trim(), machine.status], ['end reboot', 'deployed']);
});

test('a machine keeps as many jobs of a kind as the configuration says', async (t) => {
	const flows = await makeFlows(t);
	const { id } = await inStatus(flows, 'testing');
	flows.store.config.set('max_node_testing_results', 1);
	for (let turn = 0; turn < 2; turn++) {
		await flows.runThrough(hardware);
		await flows.perMachine.idle();
		flows.advance(id, 'test');
	}
	assert.deepEqual(
		flows.store.results.jobs(id).map(({ kind }) => kind),
		['test', 'commission', 'enlist'],
	);
});
