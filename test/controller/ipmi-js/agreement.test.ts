import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { createIpmiClient, type IpmiClient } from '../../../controller/ipmi-js/client.ts';
import { getBootFlags, setBootFlags } from '../../../controller/ipmi-js/commands/bootOptions.ts';
import { chassisControl, getChassisStatus } from '../../../controller/ipmi-js/commands/chassis.ts';
import type { Command } from '../../../controller/ipmi-js/commands/command.ts';
import { getDeviceId } from '../../../controller/ipmi-js/commands/device.ts';
import * as lan from '../../../controller/ipmi-js/commands/lan.ts';
import * as users from '../../../controller/ipmi-js/commands/users.ts';
import { startBmc } from '../../../controller/simulation/bmc/bmc.ts';
import { loginTo } from '../../support/ipmiClient.ts';
import { startIpmiSim } from '../../support/ipmiSim.ts';

const run = promisify(execFile);

/** The same question to the same BMC, once by ipmitool and once by us. */
for (const { name, suite, start } of [
	{ name: 'ipmi_sim, cipher suite 3', suite: 3 as const, start: () => startIpmiSim() },
	{ name: 'the simulated BMC, cipher suite 17', suite: 17 as const, start: () => startBmc() },
]) {
	describe(`ipmitool and the client agree on ${name}:`, () => {
		let bmc: Awaited<ReturnType<typeof start>>;
		let client: IpmiClient;
		before(async () => {
			bmc = await start();
			client = createIpmiClient({ socket: async () => createSocket('udp4') });
		});
		after(async () => {
			await client.close();
			await bmc.stop();
		});

		const ours = <T>(command: Command<T>): Promise<T> => client.run(loginTo(bmc, { cipherSuite: suite }), command);
		async function ipmitool(...words: string[]): Promise<string> {
			const login = [
				'-I',
				'lanplus',
				'-C',
				String(suite),
				'-H',
				bmc.address,
				'-p',
				String(bmc.port),
				'-U',
				'admin',
				'-P',
				'secret',
			];
			return (await run('ipmitool', [...login, ...words])).stdout;
		}
		/** The value behind `label :` in ipmitool's tables. */
		const value = (table: string, label: string): string | undefined =>
			new RegExp(`^${label}\\s*:\\s*(.*?)\\s*$`, 'm').exec(table)?.[1];
		const powerOf = async () => /Chassis Power is (on|off)/.exec(await ipmitool('power', 'status'))?.[1];

		async function bothSay(powerOn: boolean): Promise<void> {
			assert.equal((await ours(getChassisStatus)).powerOn, powerOn);
			assert.equal(await powerOf(), powerOn ? 'on' : 'off');
		}

		test('off at first', () => bothSay(false));

		for (const [order, state] of [
			['on', true],
			['soft', false],
			['on', true],
			['reset', true],
			['off', false],
		] as const) {
			test(`power ${order} by us`, async () => {
				await ours(chassisControl(order));
				await bothSay(state);
			});
		}

		for (const [order, state] of [
			['on', true],
			['soft', false],
			['on', true],
			['reset', true],
			['off', false],
		] as const) {
			test(`power ${order} by ipmitool`, async () => {
				await ipmitool('power', order);
				await bothSay(state);
			});
		}

		test('power cycle by us', async () => {
			await ours(chassisControl('on'));
			await ours(chassisControl('cycle'));
			// ipmi_sim turns off, looks again each second, and turns on.
			for (let round = 0; round < 50 && !(await ours(getChassisStatus)).powerOn; round++) await sleep(100);
			await bothSay(true);
		});

		test('chassis status', async () => {
			const [status, table] = [await ours(getChassisStatus), await ipmitool('chassis', 'status')];
			const yes = (label: string) => value(table, label) !== 'false' && value(table, label) !== 'inactive';
			assert.deepEqual(status, {
				powerOn: value(table, 'System Power') === 'on',
				powerOverload: yes('Power Overload'),
				powerFault: yes('Main Power Fault'),
				powerControlFault: yes('Power Control Fault'),
				restorePolicy: { 'always-off': 'stay-off', previous: 'previous', 'always-on': 'always-on' }[
					value(table, 'Power Restore Policy') ?? ''
				],
				intrusion: yes('Chassis Intrusion'),
				driveFault: yes('Drive Fault'),
				coolingFault: yes('Cooling/Fan Fault'),
			});
		});

		test('device ID', async () => {
			const [id, table] = [await ours(getDeviceId), await ipmitool('mc', 'info')];
			assert.deepEqual(
				[id.deviceId, id.deviceRevision, id.firmware, id.ipmiVersion, id.manufacturerId, id.productId].map(String),
				[
					...['Device ID', 'Device Revision', 'Firmware Revision', 'IPMI Version', 'Manufacturer ID'].map((label) =>
						value(table, label),
					),
					/\d+/.exec(value(table, 'Product ID') ?? '')?.[0],
				],
			);
			const auxiliary = [...table.matchAll(/^ {4}0x([0-9a-f]{2})$/gm)].map((match) => match[1]).join('');
			assert.equal(id.auxiliary, auxiliary);
		});

		test('boot device set by us', async () => {
			await ours(setBootFlags({ device: 'pxe', efi: false, persistent: false }));
			assert.match(await ipmitool('chassis', 'bootparam', 'get', '5'), /Boot Device Selector : Force PXE/);
			await ours(setBootFlags({ device: 'disk', efi: false, persistent: false }));
			assert.match(
				await ipmitool('chassis', 'bootparam', 'get', '5'),
				/Boot Device Selector : Force Boot from default Hard-Drive/,
			);
		});

		test('boot device set by ipmitool', async () => {
			for (const device of ['pxe', 'disk', 'cdrom'] as const) {
				await ipmitool('chassis', 'bootdev', device);
				assert.equal((await ours(getBootFlags)).device, device);
			}
		});

		test('a user is made by us', async () => {
			// ipmi_sim 2.0.33 stores 20 bytes and logs in with 16, whoever asks.
			const password = suite === 3 ? 'sixteen bytes...' : 'twenty-bytes-are-max';
			await ours(users.setUserName(5, 'metaldesk'));
			await ours(users.setUserPassword(5, password));
			await ours(users.setUserAccess(5, 'operator', 1));
			await ours(users.enableUser(5, true));
			assert.equal(await ours(users.getUserName(5)), 'metaldesk');
			assert.equal((await ours(users.getUserAccess(5, 1))).privilege, 'operator');
			assert.match(await ipmitool('user', 'list', '1'), /^5\s+metaldesk\s.*OPERATOR/m);
			const login = { ...loginTo(bmc), userName: 'metaldesk', password, privilege: 'operator' as const };
			assert.equal((await client.run(login, getChassisStatus)).powerOn, true);
			await ours(users.enableUser(5, false));
			const disabled = createIpmiClient({ socket: async () => createSocket('udp4') });
			await assert.rejects(disabled.run(login, getChassisStatus), { code: 'wrong-credentials' });
			await disabled.close();
		});

		test('a user is made by ipmitool', async () => {
			await ipmitool('user', 'set', 'name', '6', 'colleague');
			await ipmitool('user', 'set', 'password', '6', 'their password');
			await ipmitool('user', 'priv', '6', '4', '1');
			await ipmitool('user', 'enable', '6');
			assert.equal(await ours(users.getUserName(6)), 'colleague');
			assert.equal((await ours(users.getUserAccess(6, 1))).privilege, 'administrator');
			await ours(users.testUserPassword(6, 'their password')).catch((error) => assert.equal(error.code, 'rejected'));
			const login = { ...loginTo(bmc), userName: 'colleague', password: 'their password' };
			assert.equal((await client.run(login, getChassisStatus)).powerOn, true);
		});

		if (suite === 3)
			test('LAN configuration', async () => {
				const table = await ipmitool('lan', 'print', '1');
				assert.deepEqual(
					[
						await ours(lan.getLanAddress()),
						await ours(lan.getLanNetmask()),
						await ours(lan.getLanGateway()),
						await ours(lan.getLanMac()),
					],
					['IP Address', 'Subnet Mask', 'Default Gateway IP', 'MAC Address'].map((label) => value(table, label)),
				);
				assert.equal(await ours(lan.getLanAddressSource()), 'static');
				assert.equal(value(table, 'IP Address Source'), 'Static Address');
			});
	});
}
