import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCleanup } from '../lab/cleanup.ts';
import { run } from '../lab/command.ts';
import { createRack, type Rack, type RackMachine } from '../lab/rack/rack.ts';
import { needs, needsRoot } from '../support/needs.ts';

const missing =
	needsRoot() || needs('qemu-system-x86_64', 'qemu-system-x86') || needs('ipmi_sim', 'openipmi') || needs('ipmitool', 'ipmitool');

describe('a lab machine and its BMC', { skip: missing, timeout: 120_000 }, () => {
	const cleanup = createCleanup((text) => console.error(text));
	let rack: Rack;
	let machine: RackMachine;

	before(async () => {
		rack = await createRack({ machines: ['bios'], memory: 128, cleanup });
		machine = rack.machines[0] as RackMachine;
	});
	after(() => cleanup.run());

	const power = async () => (await machine.bmc.chassis('power', 'status')).replace('Chassis Power is ', '');
	/** `bootparam get 5`, the selector alone */
	const nextBoot = async () => /Boot Device Selector : (.*)/.exec(await machine.bmc.chassis('bootparam', 'get', '5'))?.[1];
	const consoleStarts = async () => (await readFile(machine.serialLog, 'latin1')).split('SeaBIOS (version').length - 1;
	/** the order of devices that the running QEMU was started with: network card, disk */
	const startedWith = async () => {
		const script = 'tr "\\0" "\\n" < "/proc/$(pgrep -n -f -- "$1")/cmdline"';
		return (await run(['sh', '-c', script, 'sh', `^qemu-system.*${machine.directory}/`])).match(/bootindex=\d/g);
	};

	it('is off until it is told', async () => assert.equal(await power(), 'off'));

	it('boots from the network when it is powered on, and from the disk once when it is told so', async () => {
		await machine.bmc.chassis('bootdev', 'disk');
		assert.equal(await nextBoot(), 'Force Boot from default Hard-Drive');
		await machine.bmc.chassis('power', 'on');
		assert.equal(await power(), 'on');
		assert.deepEqual(await startedWith(), ['bootindex=3', 'bootindex=2']);
		assert.equal(await nextBoot(), 'No override', 'the override was for one boot');

		await machine.bmc.chassis('power', 'off');
		await machine.bmc.chassis('power', 'on');
		assert.deepEqual(await startedWith(), ['bootindex=1', 'bootindex=2']);
	});

	it('starts again at a reset, and forgets the boot device that was meant for it', async () => {
		await until(async () => (await consoleStarts()) >= 1, 'the firmware speaks');
		const before = await consoleStarts();
		await machine.bmc.chassis('bootdev', 'disk');
		assert.equal(await nextBoot(), 'Force Boot from default Hard-Drive', 'kept until the machine boots');
		await machine.bmc.chassis('power', 'reset');
		await until(async () => (await consoleStarts()) > before, 'the firmware speaks again');
		await until(async () => (await nextBoot()) === 'No override', 'the override is gone');
		assert.equal(await power(), 'on');
	});

	it('is off and on again after a cycle', async () => {
		const before = await consoleStarts();
		await machine.bmc.chassis('power', 'cycle');
		await until(async () => (await consoleStarts()) > before, 'the firmware speaks again');
		assert.equal(await power(), 'on');
	});

	it('refuses a reset while it is off', async () => {
		await machine.bmc.chassis('power', 'off');
		await assert.rejects(machine.bmc.chassis('power', 'reset'), /Unspecified error/);
	});

	it('is seen to be off when its own system ends it', async () => {
		await machine.bmc.chassis('power', 'on');
		await run(['sh', '-c', 'echo \'{"execute":"quit"}\' > "$1"', 'sh', join(machine.directory, 'qmp.in')]);
		await until(async () => (await power()) === 'off', 'the BMC notices');
	});

	it('lets nobody in with a wrong password', async () => {
		const login = ['-I', 'lanplus', '-C', '3', '-H', machine.bmc.address, '-U', 'admin', '-P', 'wrong'];
		await assert.rejects(run([...rack.network.enter, 'ipmitool', ...login, 'lan', 'print', '1']), /Unable to establish/);
	});

	async function until(isTrue: () => Promise<boolean>, what: string): Promise<void> {
		for (let left = 100; left > 0; left -= 1) {
			if (await isTrue()) return;
			await sleep(200);
		}
		assert.fail(`not within 20 s: ${what}`);
	}
});
