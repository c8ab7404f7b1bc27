import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { silentLog } from '../../../controller/log.ts';
import { proveOff, proveOn } from '../../../controller/power/prove.ts';
import { createPowerDrivers, type PowerDrivers } from '../../../controller/power/registry.ts';
import { openSimulatedRack, type RackOptions, type SimulatedRack } from '../../../controller/simulation/rack.ts';
import type { RackedMachine } from '../../../controller/simulation/rackedMachine.ts';
import { needs } from '../../support/needs.ts';

/** A rack without a controller: its machines find no DHCP server and wait, which is enough to see what their BMCs do. */
const run = promisify(execFile);
const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-rack-'));
const options: RackOptions = {
	machines: 5,
	faultPercent: 0,
	slow: false,
	memory: path.join(folder, 'rack.json'),
	log: silentLog,
};
let rack: SimulatedRack;
let drivers: PowerDrivers;

before(async () => {
	rack = await openSimulatedRack(options);
	drivers = createPowerDrivers({ udpSocket: async () => createSocket('udp4'), log: silentLog });
});
after(async () => {
	await drivers.stop();
	await rack.stop();
	rmSync(folder, { recursive: true, force: true });
});

const racked = (number: number) => rack.machines[number - 1] as RackedMachine;
const doing = (number: number) => racked(number).machine.doing;
/** The account of the README. */
const parametersOf = ({ bmc }: RackedMachine) => ({
	...{ power_address: `${bmc.address}:${bmc.port}`, power_user: 'admin', power_pass: 'metaldesk' },
});
async function until(truth: () => boolean): Promise<void> {
	for (const end = performance.now() + 2000; !truth(); await new Promise((next) => setTimeout(next, 5)))
		if (performance.now() > end) assert.fail('it never came true');
}

test('every BMC has a place of its own, and switches its own machine alone', async () => {
	assert.equal(new Set(rack.machines.map(({ bmc }) => `${bmc.address} ${bmc.port}`)).size, 5);
	const driver = drivers.find('ipmi');
	assert.ok(driver);
	const on = await proveOn(driver, parametersOf(racked(1)));
	assert.deepEqual([on, doing(1), doing(2)], [{ ok: true, value: 'on' }, 'firmware', 'off']);
	const off = await proveOff(driver, parametersOf(racked(1)));
	assert.deepEqual([off, doing(1)], [{ ok: true, value: 'off' }, 'off']);
});

test('a soft off takes the time of a shutdown, and ends at off', async () => {
	const driver = drivers.find('ipmi');
	assert.ok(driver);
	racked(2).machine.powerOn();
	await driver.off(parametersOf(racked(2)), { soft: true });
	assert.deepEqual(await driver.query(parametersOf(racked(2))), { ok: true, value: 'on' });
	assert.deepEqual(await proveOff(driver, parametersOf(racked(2)), { soft: true }), { ok: true, value: 'off' });
});

test('a boot device is for the next boot alone', async () => {
	const driver = drivers.find('ipmi');
	const { bmc, machine } = racked(3);
	assert.deepEqual(await driver?.setBootDevice?.(parametersOf(racked(3)), { device: 'disk', efi: false }), {
		...{ ok: true, value: { device: 'disk', efi: false } },
	});
	assert.equal(bmc.machine.bootFlags[0], 0x80);
	machine.powerOn();
	await until(() => bmc.machine.bootFlags[0] === 0);
	machine.powerOff();
});

test('ipmitool reads and switches it', { skip: needs('ipmitool', 'ipmitool') }, async () => {
	const { bmc, machine } = racked(4);
	const ipmitool = async (...words: string[]) => {
		const login = ['-I', 'lanplus', '-H', bmc.address, '-p', String(bmc.port), '-U', 'admin', '-P', 'metaldesk'];
		return (await run('ipmitool', [...login, ...words])).stdout.trim();
	};
	const { version } = machine.hardware.bmc;
	assert.match(
		await ipmitool('mc', 'info'),
		new RegExp(`^Firmware Revision\\s*: ${version.split('.').slice(0, 2).join('.')}$`, 'm'),
	);
	assert.match(await ipmitool('mc', 'guid'), new RegExp(machine.hardware.uuid, 'i'));
	assert.equal(await ipmitool('power', 'status'), 'Chassis Power is off');
	assert.equal(await ipmitool('chassis', 'bootdev', 'pxe'), 'Set Boot Device to pxe');
	assert.match(await ipmitool('chassis', 'bootparam', 'get', '5'), /Force PXE/);
	await ipmitool('power', 'on');
	assert.deepEqual([await ipmitool('power', 'status'), doing(4)], ['Chassis Power is on', 'firmware']);
	await ipmitool('power', 'cycle');
	assert.deepEqual([await ipmitool('power', 'status'), doing(4)], ['Chassis Power is on', 'firmware']);
	await ipmitool('power', 'soft');
	await until(() => doing(4) === 'off');
	assert.equal(await ipmitool('power', 'status'), 'Chassis Power is off');
	assert.match(await ipmitool('user', 'list', '1'), /^3\s+maas\s/m);
});

test('ipmipower reads and switches it', { skip: needs('ipmipower', 'freeipmi-tools') }, async () => {
	const { bmc } = racked(5);
	const ipmipower = async (...words: string[]) =>
		(await run('ipmipower', ['-D', 'LAN_2_0', '-h', `${bmc.address}:${bmc.port}`, '-u', 'admin', '-p', 'metaldesk', ...words]))
			.stdout;
	assert.match(await ipmipower('--stat'), /: off$/m);
	assert.match(await ipmipower('--on', '--wait-until-on'), /: ok$/m);
	assert.match(await ipmipower('--stat'), /: on$/m);
	assert.equal(doing(5), 'firmware');
	assert.match(await ipmipower('--reset'), /: ok$/m);
	assert.match(await ipmipower('--off', '--wait-until-off'), /: ok$/m);
	assert.equal(doing(5), 'off');
});

test('a second rack finds a place beside the first, and the first comes back to its own', async (t: TestContext) => {
	const second = await openSimulatedRack({ ...options, memory: path.join(folder, 'second.json') });
	const places = (some: SimulatedRack) => some.machines.map(({ bmc }) => `${bmc.address}:${bmc.port}`);
	const before = places(second);
	assert.deepEqual(
		before.filter((place) => places(rack).includes(place)),
		[],
	);
	second.machines[0]?.machine.powerOn();
	await second.stop();
	const again = await openSimulatedRack({ ...options, memory: path.join(folder, 'second.json') });
	t.after(() => again.stop());
	assert.deepEqual(places(again), before);
	assert.deepEqual(
		again.machines.map(({ machine }) => machine.on),
		[true, false, false, false, false],
	);
	await assert.rejects(
		openSimulatedRack({ ...options, memory: path.join(folder, 'second.json') }),
		/which another program has taken/,
	);
});
