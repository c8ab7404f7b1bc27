import assert from 'node:assert/strict';
import { test } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import type { LifecycleEvent } from '../../../controller/domain/lifecycle.ts';
import type { Machine } from '../../../controller/domain/machine.ts';
import { type Flows, makeFlows } from '../../support/makeFlows.ts';
import { addMachine } from '../../support/makeStore.ts';
import { makeHardware } from '../../support/plainHardware.ts';
import { now, ready, refused } from '../../support/readyMachine.ts';

async function image(flows: Flows, size = 1024 * 1024) {
	return flows.store.images.import({ name: `debian ${size}`, bytes: disk(size) });
}
/** zstd: an empty disk of any size is small. */
async function* disk(size: number) {
	const start = Buffer.alloc(512);
	start.writeUInt16LE(0xaa55, 510);
	yield zstdCompressSync(start);
	const piece = zstdCompressSync(Buffer.alloc(2 ** 20));
	for (let left = size - 512; left > 0; left -= 2 ** 20) yield left < 2 ** 20 ? zstdCompressSync(Buffer.alloc(left)) : piece;
}
test('commission: status, network boot, proven power, and the boot begins', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const answered = flows.actions.commission(machine, await flows.admin());
	assert.equal(answered.status, 'commissioning');
	await flows.perMachine.idle();
	const { status, power } = now(flows, machine);
	assert.deepEqual([status, power.state, power.problem], ['commissioning', 'on', null]);
	assert.deepEqual(
		flows.store.boots.runningOf(machine.id).map(({ purpose, stage }) => [purpose, stage]),
		[['commission', 'power']],
	);
});

test('a machine without power settings can’t be booted from here, and says what to do', async (t) => {
	const flows = await makeFlows(t);
	const machine = addMachine(flows.store, 1);
	const by = await flows.admin();
	assert.throws(
		() => flows.actions.commission(machine, by),
		refused('conflict', 'node-1 has no power settings, so it can’t be booted from here.'),
	);
	assert.deepEqual(now(flows, machine), machine);
});

test('a BMC that accepts and doesn’t act: the status says so', async (t) => {
	const flows = await makeFlows(t, { powerTimeLimit: 50 });
	const machine = await ready(flows, 'did-not-act');
	flows.actions.commission(machine, await flows.admin());
	await flows.perMachine.idle();
	const { status, statusText, power } = now(flows, machine);
	const sentence = new RegExp(`^The simulated BMC ${machine.systemId} accepted power on once but still reports off\\.$`);
	assert.equal(status, 'failed_commissioning');
	assert.match(statusText ?? '', sentence);
	assert.deepEqual([power.state, power.problem?.text], ['error', statusText]);
	const event = flows.store.events.ofMachine(machine.id).find(({ kind }) => kind === 'status');
	assert.match(event?.nextStep ?? '', /press its power button/);
});

test('a BMC that refuses the password fails what was under way, in its words', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows, 'wrong-credentials');
	flows.actions.deploy(machine, await flows.admin(), { imageId: (await image(flows)).id, userData: null });
	await flows.perMachine.idle();
	const { status, statusText } = now(flows, machine);
	assert.equal(status, 'failed_deployment');
	assert.match(statusText ?? '', /was told to fail with "wrong-credentials"/);
});

test('deploy: a Ready machine becomes the user’s, with its image and user data, and boots', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	const { id: imageId } = await image(flows);
	flows.actions.deploy(machine, by, { imageId, userData: '#cloud-config\n' });
	await flows.perMachine.idle();
	const deploying = now(flows, machine);
	assert.deepEqual(
		[deploying.status, deploying.ownerId, deploying.imageId, deploying.netboot, deploying.power.state],
		['deploying', by.id, imageId, true, 'on'],
	);
	assert.equal(Buffer.from(flows.store.machines.userData(machine.id) ?? []).toString(), '#cloud-config\n');
});

test('two clicks on Deploy: the second is refused and changes nothing', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	const [one, other] = [await image(flows), await image(flows, 2 * 1024 * 1024)];
	flows.actions.deploy(machine, by, { imageId: one.id, userData: null });
	assert.throws(
		() => flows.actions.deploy(now(flows, machine), by, { imageId: other.id, userData: 'other' }),
		refused('invalid-transition', `${machine.hostname} is Deploying: it can’t be deployed.`),
	);
	await flows.perMachine.idle();
	assert.equal(now(flows, machine).imageId, one.id);
	assert.equal(flows.store.machines.userData(machine.id), null);
	assert.equal(flows.store.boots.latest(machine.id, 10).filter(({ purpose }) => purpose === 'deploy').length, 1);
});

test('a disk that is smaller than the image is refused before anything happens, with both sizes', async (t) => {
	const flows = await makeFlows(t);
	const small = { name: 'sda', model: 'Small', serial: 'S1', size: 2 ** 29, rotational: false };
	const machine = await ready(flows, '', makeHardware(1, { disks: [small] }));
	const big = await image(flows, 2 ** 29 + 512);
	const by = await flows.admin();
	assert.throws(
		() => flows.actions.deploy(machine, by, { imageId: big.id, userData: null }),
		refused('conflict', `The disk sda has 536870912 bytes, the image ${big.name} needs 536871424.`, 'imageId'),
	);
	assert.deepEqual(now(flows, machine), machine);
	assert.throws(
		() => flows.actions.deploy(machine, by, { imageId: 4711, userData: null }),
		refused('not-found', 'There is no such image.', 'imageId'),
	);
});

test('a machine without a disk for a system is refused', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows, '', makeHardware(1, { disks: [] }));
	const { id } = await image(flows);
	const by = await flows.admin();
	assert.throws(
		() => flows.actions.deploy(machine, by, { imageId: id, userData: null }),
		refused('bad-input', 'Specify a storage device to be able to deploy this node.'),
	);
});

test('release: off is proven, and nothing of the owner stays', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	flows.actions.deploy(machine, by, { imageId: (await image(flows)).id, userData: 'secret' });
	await flows.perMachine.idle();
	flows.store.metadataKeys.renew(machine.id);
	flows.advance(machine.id, 'deployed');
	flows.actions.release(now(flows, machine), by, 'none');
	await flows.perMachine.idle();
	const { status, statusText, ownerId, imageId, power, netboot } = now(flows, machine);
	assert.deepEqual(
		{ status, statusText, ownerId, imageId, power: power.state, netboot },
		{ status: 'ready', statusText: 'Released, and proven to be off.', ownerId: null, imageId: null, power: 'off', netboot: true },
	);
	assert.equal(flows.store.machines.userData(machine.id), null);
	assert.equal(flows.store.metadataKeys.current(machine.id), undefined);
});

test('release with erase: the disks first, then off, then Ready', async (t) => {
	const flows = await makeFlows(t);
	const hardware = makeHardware(1);
	const machine = await ready(flows, '', hardware);
	const by = await flows.admin();
	flows.actions.allocate(machine, by);
	flows.actions.release(now(flows, machine), by, 'full');
	await flows.perMachine.idle();
	assert.deepEqual([now(flows, machine).status, now(flows, machine).erase], ['disk_erasing', 'full']);
	const boot = await flows.bootKernel(hardware.macs[0] as never);
	const manifest = flows.reportAs(boot, hardware);
	const [wipe] = flows.resultsOf(manifest);
	assert.match(
		flows.agentJob.script(flows.again(boot), wipe?.id ?? 0, { address: '192.168.77.1' as never, httpPort: 5248 }),
		/^#!\/bin\/sh\nexport ERASE_MODE='full'\n/,
	);
	flows.runScripts(boot, manifest, hardware);
	// the machine obeys the closing word: its BMC shows it
	await flows.power.off(machine.id);
	assert.equal(flows.agentJob.done(flows.again(boot)), 'end poweroff\n');
	await flows.perMachine.idle();
	assert.deepEqual([now(flows, machine).status, now(flows, machine).power.state], ['ready', 'off']);
});

test('a release that is refused leaves what is being erased as it was', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	assert.throws(() => flows.actions.release(machine, by, 'full'), refused('invalid-transition', /its disks can’t be erased/));
	assert.equal(now(flows, machine).erase, 'none');
	flows.actions.allocate(machine, by);
	flows.actions.release(now(flows, machine), by, 'full');
	assert.throws(
		() => flows.actions.release(now(flows, machine), by, 'none'),
		refused('invalid-transition', /nothing to release/),
	);
	assert.equal(now(flows, machine).erase, 'full');
	await flows.perMachine.idle();
});

test('every working status can be aborted: its boot ends, its token with it, and the machine is switched off', async (t) => {
	for (const [event, before, after] of [
		['commission', [], 'new'],
		['test', [], 'ready'],
		['deploy', ['allocate'], 'allocated'],
		['erase', ['allocate'], 'failed_disk_erasing'],
	] as [LifecycleEvent, LifecycleEvent[], string][]) {
		const flows = await makeFlows(t);
		const machine = await ready(flows);
		for (const step of [...before, event]) flows.advance(machine.id, step);
		await flows.power.bootFromNetwork(machine.id);
		const token = flows.trail.giveToken(flows.store.boots.runningOf(machine.id)[0] as never);
		flows.actions.abort(now(flows, machine), await flows.admin());
		await flows.perMachine.idle();
		assert.deepEqual([now(flows, machine).status, now(flows, machine).power.state], [after, 'off'], event);
		assert.deepEqual(flows.store.boots.runningOf(machine.id), [], event);
		assert.throws(() => flows.bootOf(token), /good for nothing/);
	}
});

test('an order that was overtaken by an abort is not carried out', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	const { promise, resolve } = Promise.withResolvers<void>();
	const busy = flows.perMachine(machine.id, () => promise);
	flows.actions.commission(machine, by);
	flows.actions.abort(now(flows, machine), by);
	resolve();
	await busy;
	await flows.perMachine.idle();
	assert.deepEqual([now(flows, machine).status, now(flows, machine).power.state], ['new', 'off']);
});

test('a locked machine is left alone by every action', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	flows.store.machines.update(machine.id, { locked: true });
	const by = await flows.admin();
	const locked = now(flows, machine);
	for (const act of [
		() => flows.actions.commission(locked, by),
		() => flows.actions.allocate(locked, by),
		() => flows.actions.deploy(locked, by, { imageId: 1, userData: null }),
		() => flows.actions.release(locked, by, 'none'),
		() => flows.actions.abort(locked, by),
		() => flows.actions.mark(locked, by, 'mark_broken', null),
	])
		assert.throws(act, refused('locked', `${machine.hostname} is locked.`));
	assert.deepEqual(now(flows, machine), locked);
});

test('a comment goes with the mark', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	flows.actions.mark(machine, by, 'mark_broken', 'fan 3 is loud');
	assert.deepEqual([now(flows, machine).status, now(flows, machine).statusText], ['broken', 'fan 3 is loud']);
	flows.actions.mark(now(flows, machine), by, 'mark_fixed', null);
	assert.equal(now(flows, machine).status, 'ready');
});

test('after a restart: a boot under way goes on by itself, one that never began is begun, a release is completed', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	flows.advance(machine.id, 'commission');
	flows.actions.resume(now(flows, machine));
	await flows.perMachine.idle();
	assert.equal(now(flows, machine).power.state, 'on');

	const [boot] = flows.store.boots.runningOf(machine.id);
	flows.actions.resume(now(flows, machine));
	await flows.perMachine.idle();
	assert.deepEqual(
		flows.store.boots.runningOf(machine.id).map(({ id }) => id),
		[boot?.id],
	);

	for (const event of ['commissioned', 'allocate', 'release'] as LifecycleEvent[]) flows.advance(machine.id, event);
	flows.actions.resume(now(flows, machine));
	await flows.perMachine.idle();
	assert.deepEqual([now(flows, machine).status, now(flows, machine).power.state], ['ready', 'off']);
});

test('a controller that stops leaves the machine in its status, for the next one to go on with', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows, 'did-not-act');
	flows.actions.commission(machine, await flows.admin());
	const begun = performance.now();
	setTimeout(flows.power.stop, 50);
	await flows.perMachine.idle();
	assert.ok(performance.now() - begun < 2000);
	assert.equal(now(flows, machine).status, 'commissioning');
});

test('a machine that was never commissioned is New when it is given back', async (t) => {
	const flows = await makeFlows(t);
	const by = await flows.admin();
	const { id } = addMachine(flows.store, 1);
	flows.store.machines.writeStatus(id, { status: 'deployed', at: '2026', text: null, previousStatus: null, deadlineAt: null });
	flows.store.machines.update(id, { ownerId: by.id });
	flows.actions.release(flows.store.machines.byId(id) as Machine, by, 'none');
	assert.equal(flows.store.machines.byId(id)?.status, 'new');
});

test('a lock is told, and a locked machine is not deleted', async (t) => {
	const flows = await makeFlows(t);
	const machine = await ready(flows);
	const by = await flows.admin();
	assert.equal(flows.actions.lock(machine, by, true, 'payroll').locked, true);
	const [event] = flows.store.events.ofMachine(machine.id);
	assert.deepEqual([event?.text, event?.cause, event?.by], ['Locked', 'payroll', 'ann']);
	assert.throws(() => flows.actions.delete(now(flows, machine), by), refused('locked', `${machine.hostname} is locked.`));
	flows.actions.delete(flows.actions.lock(machine, by, false), by);
	assert.equal(flows.store.machines.byId(machine.id), undefined);
});
