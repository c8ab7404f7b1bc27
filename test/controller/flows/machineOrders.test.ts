import assert from 'node:assert/strict';
import { test } from 'node:test';
import { emptyDisk } from '../../support/maasMachines.ts';
import { makeFlows } from '../../support/makeFlows.ts';
import { makeHardware } from '../../support/plainHardware.ts';
import { now, ready, refused } from '../../support/readyMachine.ts';

/** What people say with an order (flows/machineActions.ts): reasons, scripts, what is to be left alone. */

test('an order carries its reason, what it runs and what it leaves alone to the boot that it is for', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1);
	const machine = await ready(flows, '', hardware);
	const by = await flows.admin();
	const scripts = { testing: ['10-memory-size'] };
	flows.actions.commission(machine, by, { comment: 'new card', scripts, options: { skipNetwork: true, stayOn: true } });
	assert.equal(now(flows, machine).statusText, 'new card');
	const waiting = flows.store.results.openJob(machine.id);
	assert.deepEqual([waiting?.state, waiting?.options], ['pending', { skipNetwork: true, stayOn: true }]);
	await flows.perMachine.idle();

	const moved = makeHardware(1, { macs: [...hardware.macs, '52:54:00:99:00:01' as never] });
	const boot = await flows.bootKernel(hardware.macs[0] as never);
	const manifest = flows.reportAs(boot, hardware);
	const tests = flows.resultsOf(manifest).filter(({ kind }) => kind === 'testing');
	assert.deepEqual([tests.map(({ name }) => name), tests[0]?.jobId], [['10-memory-size'], waiting?.id]);
	flows.runScripts(boot, manifest, moved);
	assert.equal(flows.agentJob.done(flows.again(boot)), 'end stay\n', 'it stays on, with its shell');
	assert.equal(now(flows, machine).status, 'ready');
	assert.equal(flows.store.inventory.interfaces(machine.id).length, 2, 'its cards were left alone');
});

test('a script that is not there is refused before anything happens', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	const sentence = '“nothing” is neither the name nor a tag of such a script.';
	for (const [act, field] of [
		[() => flows.actions.commission(machine, by, { scripts: { commissioning: ['nothing'] } }), 'commissioning_scripts'],
		[() => flows.actions.test(machine, by, { scripts: { testing: ['nothing'] } }), 'testing_scripts'],
	] as const)
		assert.throws(act, refused('bad-input', sentence, field));
	assert.throws(
		() => flows.actions.test(machine, by, { scripts: { testing: [] } }),
		refused('bad-input', 'No testing scripts found!'),
	);
	assert.deepEqual(now(flows, machine), machine);
});

test('a machine that breaks in use is taken out of it, and switched off', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	flows.actions.deploy(machine, by, {
		imageId: (await flows.store.images.import({ name: 'debian', bytes: emptyDisk() })).id,
		userData: 'secret',
	});
	await flows.perMachine.idle();
	flows.store.machines.update(machine.id, { ownerData: { model: '1' } });
	const container = {
		kind: 'device',
		systemId: 'cont01',
		hostname: 'container',
		at: machine.statusAt,
		parentId: machine.id,
	} as const;
	flows.store.nodes.insert(container);
	flows.advance(machine.id, 'deployed');
	flows.actions.mark(now(flows, machine), by, 'mark_broken', 'it burns');
	await flows.perMachine.idle();
	const { status, ownerId, ownerData, imageId, errorDescription, power } = now(flows, machine);
	assert.deepEqual(
		{ status, ownerId, ownerData, imageId, errorDescription, power: power.state },
		{ status: 'broken', ownerId: null, ownerData: {}, imageId: null, errorDescription: 'it burns', power: 'off' },
	);
	assert.deepEqual(flows.store.nodes.all('device'), []);
	flows.actions.mark(now(flows, machine), by, 'mark_fixed', null);
	assert.deepEqual([now(flows, machine).status, now(flows, machine).errorDescription], ['ready', '']);
});

test('failed tests that are overridden give a deployed machine back to its user', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	for (const [netboot, expected] of [
		[true, 'ready'],
		[false, 'deployed'],
	] as const) {
		const { id: imageId } =
			flows.store.images.list()[0] ?? (await flows.store.images.import({ name: 'debian', bytes: emptyDisk() }));
		flows.store.machines.update(machine.id, { imageId, netboot });
		flows.store.machines.writeStatus(machine.id, {
			...{ status: 'failed_testing', at: machine.statusAt, text: null, previousStatus: null, deadlineAt: null },
		});
		assert.equal(flows.actions.mark(now(flows, machine), by, 'override_tests', null).status, expected);
	}
});

test('a release runs the scripts that it is told, without erasing unless it is told so', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	flows.store.scripts.save({
		...{ name: 'sign-off', title: 'Sign off', kind: 'release', content: '#!/bin/sh\n', timeoutMs: 0, tags: [] },
		updatedAt: machine.statusAt,
	});
	const job = (erase: 'none' | 'quick') => {
		flows.store.machines.writeStatus(machine.id, {
			...{ status: 'allocated', at: machine.statusAt, text: null, previousStatus: null, deadlineAt: null },
		});
		flows.actions.release(now(flows, machine), by, erase, { scripts: ['sign-off'] });
		return flows.store.results.ofJob(flows.store.results.openJob(machine.id)?.id ?? 0).map(({ name }) => name);
	};
	assert.deepEqual(job('none'), ['sign-off']);
	await flows.perMachine.idle();
	assert.deepEqual(job('quick'), ['wipe-disks', '90-verify-erase', 'sign-off']);
	await flows.perMachine.idle();
});
