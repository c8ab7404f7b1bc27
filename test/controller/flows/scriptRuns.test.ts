import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Machine } from '../../../controller/domain/machine.ts';
import type { Script } from '../../../controller/domain/script.ts';
import { parametersOfRuns, programWithParameters } from '../../../controller/flows/scriptRuns.ts';
import { temporaryFolder } from '../../support/diskFile.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { makeHardware } from '../../support/plainHardware.ts';

const script: Script = {
	...{ name: 'spin', title: 'Spin', kind: 'testing', timeoutSeconds: 0, tags: [], content: '' },
	parameters: { storage: { type: 'storage' }, note: { type: 'string', required: false } },
};
/** Prints each word that it gets; fails for the first disk. */
const program = '#!/bin/bash\nprintf "<%s>" "$@"\ncase $1 in *a) exit 3 ;; esac\n';

async function withDisks(t: TestContext) {
	const flows = await makeFlows(t);
	const disk = { model: 'M', size: 2 ** 40, rotational: false };
	const hardware = makeHardware(1, {
		disks: [
			{ ...disk, name: 'sda', serial: 'S1' },
			{ ...disk, name: 'sdb', serial: '' },
		],
	});
	await flows.runThrough(hardware);
	return { store: flows.store, machine: flows.machineOf(hardware) };
}
/** Runs it as the agent would, with its functions that find disks replaced by one that finds `/dev/sdz`. */
function run(t: TestContext, text: string) {
	const folder = temporaryFolder(t);
	mkdirSync(path.join(folder, 'room'));
	writeFileSync(path.join(folder, 'disk.sh'), 'find_disk() { [ "$1" = serial:S1 ] && echo sdza; }\n');
	const file = path.join(folder, 'program');
	writeFileSync(file, text.replaceAll('/usr/lib/metaldesk', folder));
	chmodSync(file, 0o700);
	try {
		return { said: execFileSync(file, { env: { ...process.env, TMPDIR: path.join(folder, 'room') } }).toString(), status: 0 };
	} catch (error) {
		const { status, stdout } = error as { status: number; stdout: Buffer };
		return { said: stdout.toString(), status };
	}
}

test('a script for disks runs once for each, and is told which by the serial number', async (t) => {
	const { store, machine } = await withDisks(t);
	const runs = parametersOfRuns(store, script, new Map([['note', "it's $HOME"]]), machine);
	assert.deepEqual(runs, [
		{
			storage: { type: 'storage', value: 'sda', argument: '--storage=/dev/sda' },
			note: { type: 'string', value: "it's $HOME", argument: "--note=it's $HOME" },
		},
		{
			storage: { type: 'storage', value: 'sdb', argument: '--storage=/dev/sdb' },
			note: { type: 'string', value: "it's $HOME", argument: "--note=it's $HOME" },
		},
	]);
	const told = runs.map((parameters) => run(t, programWithParameters(store, script, program, { parameters }, machine)));
	assert.deepEqual(told, [
		{ said: "<--storage=/dev/sdza><--note=it's $HOME>", status: 3 },
		{ said: "<--storage=/dev/sdb><--note=it's $HOME>", status: 0 },
	]);
});

test('a result that was made before the disks were known runs for all of them, and fails when one of them does', async (t) => {
	const { store, machine } = await withDisks(t);
	const [parameters] = parametersOfRuns(store, script, new Map(), null);
	assert.deepEqual(parameters, { storage: { type: 'storage', value: 'all', argument: '' } });
	const text = programWithParameters(store, script, program, { parameters: parameters ?? {} }, machine);
	assert.deepEqual(run(t, text), { said: '<--storage=/dev/sdza><--storage=/dev/sdb>', status: 3 });
});

test('a machine without such a device has a result that says so; a script without parameters stays as it is', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1, { disks: [] });
	await flows.runThrough(hardware);
	const machine = flows.machineOf(hardware) as Machine;
	const [parameters = {}] = parametersOfRuns(flows.store, script, new Map(), machine);
	const text = programWithParameters(flows.store, script, program, { parameters }, machine);
	assert.deepEqual(run(t, text), { said: 'This machine has no device of the kind that this script is for.\n', status: 0 });
	const plain = { ...script, parameters: {} };
	assert.deepEqual(parametersOfRuns(flows.store, plain, new Map(), machine), [{}]);
	assert.equal(programWithParameters(flows.store, plain, program, { parameters: {} }, machine), program);
});

test('an order for tests says what scripts are told; destructive ones stay away from a deployed machine', async (t) => {
	const flows = await makeFlows(t);
	const disk = { model: 'M', size: 2 ** 40, rotational: false };
	const hardware = makeHardware(1, { disks: ['sda', 'sdb'].map((name) => ({ ...disk, name, serial: name })) });
	await flows.runThrough(hardware);
	const machine = flows.machineOf(hardware);
	const select = (testing: string[], parameters: Record<string, string> = {}, change: Partial<Machine> = {}) =>
		flows.jobScripts
			.select('test', { testing, parameters: new Map(Object.entries(parameters)) }, { ...machine, ...change })
			.map(({ name, parameters }) => [name, parameters?.storage?.argument].join(' '));
	assert.deepEqual(select(['smartctl-validate', 'memtester']), [
		'smartctl-validate --storage=/dev/sda',
		'smartctl-validate --storage=/dev/sdb',
		'memtester ',
	]);
	assert.deepEqual(select(['badblocks-destructive'], { 'badblocks-destructive_storage': 'sdb' }), [
		'badblocks-destructive --storage=/dev/sdb',
	]);
	assert.throws(() => select(['badblocks'], { storage: 'sdc' }), { code: 'bad-input', field: 'badblocks_storage' });
	assert.throws(() => select(['destructive'], {}, { imageId: 1, netboot: false }), {
		code: 'bad-input',
		field: 'testing_scripts',
		message: `badblocks-destructive destroys data, and ${machine.hostname} is deployed: release it first.`,
	});
});

test('a script for certain hardware runs where that is, and wherever it is named', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const machine = flows.machineOf(hardware);
	const { store } = flows;
	const at = '2026-01-02T03:04:05.000Z';
	const [device] = store.nodeDevices.of(machine.id);
	const [alias = ''] = Buffer.from(
		store.results.files(store.results.latest(machine.id).find(({ name }) => name === 'maas-list-modaliases')?.id ?? 0).stdout ??
			[],
	)
		.toString()
		.split('\n');
	assert.ok(device && alias.includes(':'));
	for (const [name, entry] of [
		['by-vendor', `system_vendor:${machine.vendor}`],
		['by-device', `${device.bus === 'USB' ? 'usb' : 'pci'}:${device.vendorId}:${device.productId}`],
		['by-alias', `modalias:${alias.slice(0, -1)}*`],
		['elsewhere', 'pci:dead:beef'],
	] as const)
		store.scripts.save({
			...{ name, title: '', kind: 'testing', content: '#!/bin/sh\n', timeoutMs: 0, tags: ['special'], updatedAt: at },
			forHardware: [entry],
		});
	const select = (testing: string[], on: Machine | undefined = machine) =>
		flows.jobScripts.select('test', { testing }, on).map(({ name }) => name);
	assert.deepEqual(select(['special']), ['by-alias', 'by-device', 'by-vendor']);
	assert.deepEqual(select(['special', 'elsewhere']), ['by-alias', 'by-device', 'by-vendor', 'elsewhere']);
	assert.deepEqual(flows.jobScripts.select('test', { testing: ['special'] }), []);
});
