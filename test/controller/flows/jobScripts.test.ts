import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BootPurpose } from '../../../controller/domain/lifecycle.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { diskToDeploy } from '../../../controller/flows/storageLayout.ts';
import type { ResultKind } from '../../../controller/store/results.ts';
import { agentServer, type Flows, makeFlows } from '../../support/makeFlows.ts';
import { makeHardware } from '../../support/plainHardware.ts';

const own = { title: 'Own', timeoutMs: 61_500, updatedAt: '2026-01-02T03:04:05.000Z' };
const addOwn = ({ store }: Flows) => {
	store.scripts.save({ ...own, name: 'zz-rack-label', kind: 'commissioning', content: '#!/bin/sh\necho label\n', tags: [] });
	store.scripts.save({
		...own,
		name: 'aa-fans',
		kind: 'testing',
		content: '#!/usr/bin/python3\nprint(1)\n',
		tags: ['commissioning'],
	});
	store.scripts.save({ ...own, name: 'burn-in', kind: 'testing', content: '#!/bin/sh\n', tags: ['slow'] });
};
/** A result of this script that waits, on a machine with its inventory. */
async function waiting(flows: Flows, name: string, kind: ResultKind) {
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const { id } = flows.machineOf(hardware);
	const job = flows.store.results.createJob({ nodeId: id, kind: 'test', at: own.updatedAt, scripts: [{ name, kind }] });
	return { machine: flows.machineOf(hardware), result: flows.store.results.ofJob(job.id)[0] as never };
}
const exported = (program: string) =>
	Object.fromEntries([...program.matchAll(/^export (\w+)='(.*)'$/gm)].map((line) => [line[1], line[2]]));

test('an inventory runs the builtin scripts, then an operator’s own, then the tests that are due after it', async (t) => {
	const flows = await makeFlows(t);
	addOwn(flows);
	const names = (purpose: BootPurpose) => flows.jobScripts.select(purpose).map(({ name, kind }) => `${kind} ${name}`);
	const commission = names('commission');
	assert.deepEqual(commission.slice(-5), [
		'commissioning zz-rack-label',
		'testing 10-memory-size',
		'testing 11-link',
		'testing smartctl-validate',
		'testing aa-fans',
	]);
	assert.equal(commission[0], 'commissioning 30-maas-01-bmc-config');
	assert.ok(!commission.includes('testing burn-in'));
	flows.store.scripts.save({ ...own, name: '40-layout', kind: 'commissioning', content: '#!/bin/sh\n', tags: [] });
	assert.deepEqual(names('commission').slice(0, 3), [
		'commissioning 30-maas-01-bmc-config',
		'commissioning 40-layout',
		'commissioning 50-maas-01-commissioning',
	]);
	assert.deepEqual(names('test'), commission.slice(-4));
	assert.ok(names('enlist').every((name) => name.startsWith('enlist ') && !name.endsWith('zz-rack-label')));
	assert.deepEqual(names('deploy'), [
		'deployment 10-write-image',
		'deployment 20-grow',
		'deployment 30-cloud-init',
		'deployment 40-boot-order',
	]);
	assert.deepEqual(names('erase'), ['release wipe-disks', 'release 90-verify-erase']);
	assert.throws(() => flows.jobScripts.select('local'), /no scripts are run for local/);
});

test('time limits are whole seconds, and a script that was deleted has none', async (t) => {
	const flows = await makeFlows(t);
	addOwn(flows);
	const { result } = await waiting(flows, 'zz-rack-label', 'commissioning');
	assert.equal(flows.jobScripts.seconds(result), 62);
	flows.store.scripts.delete('zz-rack-label');
	assert.equal(flows.jobScripts.seconds(result), 0);
});

test('the BMC is configured only when a person has allowed it, and only while there is no way into it', async (t) => {
	const flows = await makeFlows(t);
	const { machine, result } = await waiting(flows, '30-maas-01-bmc-config', 'commissioning');
	const allowed = (who: Machine) => exported(flows.jobScripts.text(result, who, agentServer)).METALDESK_CONFIGURE_BMC;
	assert.equal(allowed(machine), '0');
	flows.store.settings.set({ configureBmcs: true });
	assert.equal(allowed(machine), '1');
	assert.equal(allowed(flows.givePower(machine)), '0');
});

test('the account that is made on a BMC is the configured one', async (t) => {
	const flows = await makeFlows(t);
	const { machine, result } = await waiting(flows, '30-maas-01-bmc-config', 'commissioning');
	flows.store.config.set('maas_auto_ipmi_user', "o'brien");
	flows.store.config.set('maas_auto_ipmi_user_privilege_level', 'OPERATOR');
	flows.store.config.set('maas_auto_ipmi_cipher_suite_id', '17');
	const text = flows.jobScripts.text(result, machine, agentServer);
	for (const line of [
		`export METALDESK_BMC_USER='o'\\''brien'`,
		"export METALDESK_BMC_PRIVILEGE='OPERATOR'",
		"export METALDESK_BMC_CIPHER_SUITE='17'",
	])
		assert.ok(text.includes(`${line}\n`), text.slice(0, 400));
});

test('a deployment is told its image, its disk and the keys of this deployment, the same when it asks again', async (t) => {
	const flows = await makeFlows(t);
	const { machine, result } = await waiting(flows, '10-write-image', 'deployment');
	const image = await flows.store.images.import({ name: 'debian', bytes: disk() });
	flows.store.machines.update(machine.id, { imageId: image.id });
	const text = () => flows.jobScripts.text(result, flows.store.machines.byId(machine.id) as Machine, agentServer);
	const { CONSUMER_KEY, TOKEN_KEY, TOKEN_SECRET, ...told } = exported(text());
	assert.deepEqual(told, {
		IMAGE_URL: `http://192.168.77.1:5248/images/${image.id}/${image.sha256}`,
		IMAGE_FORMAT: 'raw',
		IMAGE_SHA256: image.sha256,
		IMAGE_SIZE: '1024',
		DISK: 'serial:NV0001A',
		METADATA_URL: 'http://192.168.77.1:5248/MAAS/metadata/',
		STATUS_URL: `http://192.168.77.1:5248/MAAS/metadata/status/${machine.systemId}`,
		HOSTNAME: machine.hostname,
	});
	const keys = { consumerKey: CONSUMER_KEY ?? '', tokenKey: TOKEN_KEY ?? '', tokenSecret: TOKEN_SECRET ?? '' };
	assert.equal(flows.store.metadataKeys.nodeOf(keys), machine.id);
	assert.deepEqual(exported(text()).TOKEN_SECRET, TOKEN_SECRET);
});
async function* disk() {
	const bytes = Buffer.alloc(1024);
	bytes.writeUInt16LE(0xaa55, 510);
	yield bytes;
}

test('what can’t be handed out is refused in words', async (t) => {
	const flows = await makeFlows(t);
	const { machine, result } = await waiting(flows, '10-write-image', 'deployment');
	assert.throws(() => flows.jobScripts.text(result, machine, agentServer), /has no image to deploy\./);
	const gone = await waiting(flows, 'no-such-script', 'testing');
	assert.throws(() => flows.jobScripts.text(gone.result, machine, agentServer), /The script no-such-script has been deleted\./);
});

test('the boot disk is the first of 512 MiB or more that stays in the machine', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1);
	await flows.runThrough(hardware);
	const { id } = flows.machineOf(hardware);
	assert.equal(diskToDeploy(flows.store, id).name, 'nvme0n1');
	const tiny = { name: 'sda', model: 'USB', serial: 'U1', size: 2 ** 28, rotational: false };
	const big = { ...tiny, name: 'sdb', serial: 'U2', size: 2 ** 40 };
	await flows.runThrough(makeHardware(1, { disks: [tiny, big] }));
	assert.equal(diskToDeploy(flows.store, id).name, 'sdb');
});
