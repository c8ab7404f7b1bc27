import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import type { LifecycleEvent } from '../../../controller/domain/lifecycle.ts';
import { createCloudInit } from '../../../controller/flows/cloudInit.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { addMachine, mac } from '../../support/makeStore.ts';

async function deploying(t: TestContext) {
	const flows = await makeFlows(t);
	const { store, advance, clock, trail } = flows;
	const { id } = addMachine(store, 1);
	for (const event of ['commission', 'commissioned', 'allocate', 'deploy'] as LifecycleEvent[]) advance(id, event);
	const boot = trail.reached(mac(1), 'dhcp', {});
	trail.done(boot, 'Handed over to the local disk');
	const machine = () => store.machines.byId(id) as never as ReturnType<typeof addMachine>;
	return { ...flows, boot, machine, cloudInit: createCloudInit(store, advance, clock.now) };
}
const line = (change: Record<string, unknown>) => ({
	...{ origin: 'cloudinit', name: 'init-network', description: 'searching for network datasources', event_type: 'finish' },
	...{ result: 'SUCCESS', timestamp: 1, ...change },
});

test('the installed system learns its name, and the keys of the machine’s owner', async (t) => {
	const { cloudInit, machine, store, admin } = await deploying(t);
	assert.deepEqual(cloudInit.metaData(machine()), {
		'instance-id': 'abc001',
		'local-hostname': 'node-1.maas',
		'public-keys': null,
		'vendor-data': '{"cloud-init":"#cloud-config\\n{}\\n"}\n',
		x509: null,
	});
	const { id } = await admin();
	for (const key of ['ssh-ed25519 AAAA one', 'ssh-ed25519 BBBB two'])
		store.users.addSshKey(id, { type: 'ssh-ed25519', fingerprint: `SHA256:${key}`, comment: '', key });
	store.machines.update(machine().id, { ownerId: id });
	assert.equal(cloudInit.metaData(machine())['public-keys'], 'ssh-ed25519 AAAA one\nssh-ed25519 BBBB two\n');
	store.machines.update(machine().id, { domainId: store.domains.create({ name: 'lab.example.org' }).id });
	assert.equal(cloudInit.metaData(machine())['local-hostname'], 'node-1.lab.example.org');
});

test('asking for the user data while Deploying is the proof that the installed system runs', async (t) => {
	const { cloudInit, machine, store, boot } = await deploying(t);
	store.machines.update(machine().id, { userData: Buffer.from('#cloud-config\n') });
	assert.equal(Buffer.from(cloudInit.userData(machine()) ?? []).toString(), '#cloud-config\n');
	assert.equal(machine().status, 'deployed');
	cloudInit.userData(machine());
	assert.deepEqual(
		store.events.ofBoots([boot.id]).map(({ stage }) => stage),
		['dhcp', 'done', 'cloud-init'],
	);
});

test('each stage of cloud-init is drawn with its duration; what lies below is left out unless it fails', async (t) => {
	const { cloudInit, machine, store, boot } = await deploying(t);
	for (const change of [
		{ event_type: 'start', result: undefined },
		{ duration: 1.25 },
		{ name: 'init-network/search-NoCloud', duration: 0.1 },
		{ name: 'modules-final/config-scripts_user', result: 'FAIL', description: 'running scripts', duration: 2 },
	])
		cloudInit.status(machine(), line(change));
	assert.deepEqual(
		store.events
			.ofBoots([boot.id])
			.slice(2)
			.map(({ kind, text, ms, cause }) => [kind, text, ms, cause]),
		[
			['stage-start', 'init-network began', null, null],
			['stage', 'init-network', 1250, null],
			['stage', 'modules-final/config-scripts_user', 2000, 'cloud-init: modules-final/config-scripts_user: running scripts'],
		],
	);
	assert.equal(machine().status, 'deploying');
});

test('a top-level stage that fails fails the deployment', async (t) => {
	const { cloudInit, machine } = await deploying(t);
	cloudInit.status(machine(), line({ name: 'modules-config', result: 'FAIL', description: 'ran out of disk' }));
	assert.deepEqual(
		[machine().status, machine().statusText],
		['failed_deployment', 'cloud-init: modules-config: ran out of disk'],
	);
});

test('a status line is a sign of life', async (t) => {
	const { cloudInit, machine, clock, watch } = await deploying(t);
	clock.pass(29 * 60_000);
	cloudInit.status(machine(), line({ event_type: 'start' }));
	clock.pass(29 * 60_000);
	watch.look();
	assert.equal(machine().status, 'deploying');
});

test('what is no status line is refused with its field, and hostile text is cleaned', async (t) => {
	const { cloudInit, machine, store } = await deploying(t);
	for (const [body, field] of [
		[null, 'origin'],
		['text', 'origin'],
		[[], 'origin'],
		[line({ name: 7 }), 'name'],
		[line({ description: undefined }), 'description'],
		[line({ event_type: null }), 'event_type'],
	] as const)
		assert.throws(
			() => cloudInit.status(machine(), body),
			(error) => error instanceof Refusal && error.field === field,
		);
	cloudInit.status(machine(), line({ name: 'init\u001b[31m\u0000', duration: -5 }));
	const [event] = store.events.ofMachine(machine().id);
	assert.deepEqual([event?.text, event?.ms], ['init [31m', null]);
});

test('netboot_off hands the next network boot to the disk', async (t) => {
	const { cloudInit, machine } = await deploying(t);
	cloudInit.setNetboot(machine(), false);
	assert.equal(machine().netboot, false);
});

test('the timeline says how long the installed system took to its first word', async (t) => {
	const { boot, clock, cloudInit, machine, store } = await deploying(t);
	clock.pass(34_000);
	cloudInit.userData(machine());
	const [stage] = store.events.ofBoots([boot.id]).filter((event) => event.stage === 'cloud-init');
	assert.deepEqual([stage?.text, stage?.ms], ['cloud-init of the installed system asked for its user data', 34_000]);
});
