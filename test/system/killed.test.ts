import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { needs, needsRoot } from '../support/needs.ts';
import { bmcAddress, startRack } from '../support/simulatedRack.ts';

/**
 * The controller is killed (kill -9) at every status that a machine passes through on its way from the first boot to a released
 * machine, while the machine goes on: its agent repeats what got no answer. After each restart the machine must go on to the end.
 */
const skip = needsRoot() || needs('ip', 'iproute2') || needs('cc', 'gcc libc6-dev');
let rack: Awaited<ReturnType<typeof startRack>>;

before(async () => {
	if (skip) return;
	rack = await startRack();
	const admin = spawnSync(
		process.execPath,
		[
			path.join(import.meta.dirname, '../../controller/cli/index.ts'),
			'admin',
			'create',
			'--data',
			rack.data,
			'--username',
			'ann',
			'--password-stdin',
		],
		{ input: 'correct horse\n', encoding: 'utf8' },
	);
	assert.equal(admin.status, 0, admin.stderr);
	await rack.start('--interface', 's1=full');
	await rack.signIn('ann', 'correct horse');
	await rack.call('settings.set', { configureBmcs: true });
	// the account that the agent would have made on the BMC
	const account = {
		power_address: bmcAddress,
		power_user: 'admin',
		power_pass: 'secret',
		power_driver: 'LAN_2_0',
		privilege_level: 'ADMIN',
	};
	const result = JSON.stringify({ power_type: 'ipmi', power_parameters: account });
	rack.tell({ do: 'run', script: '30-maas-01-bmc-config', result });
});
after(async () => {
	if (!skip) await rack.remove();
});

const act = async (input: { action: 'commission' | 'allocate' | 'deploy' | 'release'; imageId?: number; erase?: 'full' }) => {
	const [machine] = await rack.call('machines.list', {});
	await rack.call('machine.act', { systemId: machine?.systemId ?? '', ...input });
};
/** An empty disk with the signature of a boot sector. */
const image = async (): Promise<number> => {
	const disk = Buffer.alloc(4096);
	disk.writeUInt16LE(0xaa55, 510);
	const { status, body } = await rack.fetch('PUT', '/MAAS/app/images.upload?name=debian', disk);
	assert.equal(status, 200, body);
	return JSON.parse(body).id;
};

const walk: { status: string; begin: () => Promise<unknown>; killAt: string; ends: string }[] = [
	{
		status: 'booting for the first time',
		begin: async () => rack.tell({ do: 'power', on: true }),
		killAt: 'boot',
		ends: 'New',
	},
	{
		status: 'enlisting',
		begin: async () => rack.tell({ do: 'power', on: true }),
		killAt: 'script:maas-lshw',
		ends: 'New',
	},
	{ status: 'Commissioning', begin: () => act({ action: 'commission' }), killAt: 'script:maas-dmidecode', ends: 'Ready' },
	{ status: 'Testing', begin: () => act({ action: 'commission' }), killAt: 'script:11-link', ends: 'Ready' },
	{
		status: 'Commissioning, at its last word',
		begin: () => act({ action: 'commission' }),
		killAt: 'ran:smartctl-validate',
		ends: 'Ready',
	},
	{
		status: 'Deploying, before the image is written',
		begin: async () => act({ action: 'deploy', imageId: await image() }),
		killAt: 'script:10-write-image',
		ends: 'Deployed',
	},
	{ status: 'Disk erasing', begin: () => act({ action: 'release', erase: 'full' }), killAt: 'script:wipe-disks', ends: 'Ready' },
	{
		status: 'Deploying, after the image is written',
		begin: async () => act({ action: 'deploy', imageId: (await rack.call('images.list', {}))[0]?.id ?? 0 }),
		killAt: 'local',
		ends: 'Deployed',
	},
	{ status: 'Releasing, after the erase', begin: () => act({ action: 'release', erase: 'full' }), killAt: 'done', ends: 'Ready' },
];

for (const { status, begin, killAt, ends } of walk)
	test(`killed while ${status}: the machine ends up ${ends}`, { skip, timeout: 90_000 }, async () => {
		const reached = rack.step(killAt);
		await begin();
		await reached;
		await rack.kill();
		await rack.start();
		const off = ends === 'Deployed' ? null : rack.step('off', 60).catch(() => null);
		const machine = await rack.machineIs(ends, 60);
		assert.equal(machine.deadlineAt, null);
		if (ends === 'New') await off;
		if (ends === 'Ready') assert.equal(machine.power.problem, null);
		if (ends === 'Deployed') assert.equal(machine.image?.name, 'debian');
	});

test('its page tells the whole story: each restart, and no failure', { skip }, async () => {
	const machine = await rack.machineIs('Ready');
	const { boots, events } = await rack.call('machine.timeline', { systemId: machine.systemId });
	assert.deepEqual(
		boots.filter(({ state }) => state === 'failed').map(({ verdict }) => verdict),
		[],
	);
	assert.ok(events.some(({ text }) => text === 'The controller was restarted; going on.'));
	assert.deepEqual(
		events.filter(({ level }) => level === 'error').map(({ text, cause }) => [text, cause]),
		[],
	);
	assert.deepEqual((await rack.call('machines.list', {})).length, 1);
});
