import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { test } from 'node:test';
import { createIpmiClient } from '../../../controller/ipmi-js/client.ts';
import { createIpmiDriver } from '../../../controller/power/ipmi.ts';
import { proveOn } from '../../../controller/power/prove.ts';
import { startBmc } from '../../../controller/simulation/bmc/bmc.ts';
import { shortPatience, testBmc, testClient } from '../../support/ipmiClient.ts';
import { startIpmiSim } from '../../support/ipmiSim.ts';
import { powerDriverSuite } from '../../support/powerDriverSuite.ts';

const parametersFor = (bmc: { address: string; port: number }) => ({
	...{ power_address: `${bmc.address}:${bmc.port}`, power_user: 'admin', power_pass: 'secret' },
});
const nobody = { address: '127.255.255.250', port: 6230 };

powerDriverSuite('ipmi at ipmi_sim', async () => {
	const [sim, deaf] = [await startIpmiSim(), await startIpmiSim()];
	await deaf.stopActing();
	const client = createIpmiClient({ socket: async () => createSocket('udp4'), patience: [100, 200, 400] });
	const parameters = parametersFor(sim);
	return {
		driver: createIpmiDriver(client),
		parameters,
		failures: {
			unreachable: parametersFor(nobody),
			'wrong-credentials': { ...parameters, power_pass: 'guess' },
			'cipher-refused': { ...parameters, cipher_suite_id: '17' },
			'did-not-act': parametersFor(deaf),
		},
		async stop() {
			await client.close();
			for (const each of [sim, deaf]) await each.stop();
		},
	};
}, ['unreachable', 'wrong-credentials', 'cipher-refused', 'did-not-act']);

powerDriverSuite('ipmi at the simulated BMC, cipher suite 17', async () => {
	const [bmc, full, deaf] = [await startBmc(), await startBmc({ sessionLimit: 0 }), await startBmc()];
	// ipmi_sim 2.0.33 lets every user do everything.
	const weak = await startBmc({ users: [{ name: 'admin', password: 'secret', privilege: 2, enabled: true }] });
	deaf.faults.deaf = true;
	const client = createIpmiClient({ socket: async () => createSocket('udp4'), patience: [100, 200, 400] });
	const with17 = (parameters: object) => ({ ...parameters, cipher_suite_id: '17' });
	return {
		driver: createIpmiDriver(client),
		parameters: with17(parametersFor(bmc)),
		failures: {
			unreachable: with17(parametersFor(nobody)),
			'wrong-credentials': with17({ ...parametersFor(bmc), power_pass: 'guess' }),
			'session-limit': with17(parametersFor(full)),
			'privilege-too-low': with17(parametersFor(weak)),
			'did-not-act': with17(parametersFor(deaf)),
		},
		async stop() {
			await client.close();
			for (const each of [bmc, full, deaf, weak]) await each.stop();
		},
	};
}, ['unreachable', 'wrong-credentials', 'session-limit', 'privilege-too-low', 'did-not-act']);

test('the four causes that users meet are four different sentences', async (t) => {
	const client = testClient(t, { patience: shortPatience });
	const driver = createIpmiDriver(client);
	const [bmc, full] = [await testBmc(t, { suites: [3] }), await testBmc(t, { sessionLimit: 0 })];
	const place = bmc.address;
	const text = async (parameters: object) => {
		const result = await driver.query({ ...parametersFor(bmc), ...parameters });
		return result.ok ? 'no failure' : result.text;
	};
	assert.deepEqual(
		[
			await text({ power_pass: 'guess' }),
			await text(parametersFor(nobody)),
			await text({ cipher_suite_id: '17' }),
			await text(parametersFor(full)),
		],
		[
			`The BMC at ${place} does not accept the user name or password of user "admin": the BMC holds another password for this user.`,
			'The BMC at 127.255.255.250 does not answer on UDP port 6230: no reply from 127.255.255.250 port 6230 within 0.4 s.',
			`The BMC at ${place} refuses the cipher suite: the BMC refused the session request: no cipher suite with these algorithms (RAKP status 0x11).`,
			`The BMC at ${place} has no free session: the BMC refused the session request: no resources for another session (RAKP status 0x01).`,
		],
	);
});

test('no failure shows the password or the K_g key', async (t) => {
	const client = testClient(t, { patience: [20] });
	const driver = createIpmiDriver(client);
	const bmc = await testBmc(t);
	const secrets = { power_pass: 'very-secret-word', k_g: 'very-secret-key' };
	for (const place of [bmc, nobody]) {
		const result = await driver.query({ ...parametersFor(place), ...secrets });
		assert.equal(result.ok, false);
		assert.doesNotMatch(JSON.stringify(result), /very-secret/);
	}
});

test('the EFI flag is asked for by the caller, and overruled by the setting', async (t) => {
	const driver = createIpmiDriver(testClient(t));
	const bmc = await testBmc(t);
	for (const [power_boot_type, asked, held] of [
		['auto', true, true],
		['auto', false, false],
		['efi', false, true],
		['legacy', true, false],
	] as const) {
		const result = await driver.setBootDevice?.({ ...parametersFor(bmc), power_boot_type }, { device: 'pxe', efi: asked });
		assert.deepEqual(result, { ok: true, value: { device: 'pxe', efi: held } });
		assert.equal(bmc.machine.bootFlags.toString('hex'), held ? 'a004000000' : '8004000000');
	}
});

test('the setting power_off_mode decides when the caller does not', async (t) => {
	const driver = createIpmiDriver(testClient(t));
	const bmc = await testBmc(t);
	const soft = { ...parametersFor(bmc), power_off_mode: 'soft' };
	await driver.off(soft);
	await driver.off(soft, { soft: false });
	await driver.off(parametersFor(bmc));
	await driver.off(parametersFor(bmc), { soft: true });
	assert.deepEqual(bmc.machine.log, ['soft', 'off', 'off', 'soft']);
});

test('a BMC that accepts and does not act gets the order three times and is named', async (t) => {
	const driver = createIpmiDriver(testClient(t));
	const bmc = await testBmc(t);
	bmc.faults.deaf = true;
	const result = await proveOn(driver, parametersFor(bmc), { timeLimit: 600, interval: 20 });
	assert.deepEqual(bmc.machine.log, ['on', 'on', 'on']);
	assert.deepEqual(result, {
		ok: false,
		code: 'did-not-act',
		text: `The BMC at ${bmc.address} accepted power on 3 times but still reports off.`,
		nextStep: 'Look at the machine: press its power button, check its power supply, and restart its BMC.',
	});
});

test('a BMC that drops the boot device is named', async (t) => {
	const driver = createIpmiDriver(testClient(t));
	const bmc = await testBmc(t);
	Object.defineProperty(bmc.machine, 'bootFlags', { get: () => Buffer.alloc(5), set: () => undefined });
	const result = await driver.setBootDevice?.(parametersFor(bmc), { device: 'pxe', efi: true });
	assert.ok(result && !result.ok);
	assert.equal(result.text, `The BMC at ${bmc.address} accepted pxe as the next boot device but still reports none.`);
});

test('firmware is the version that the BMC reports', async (t) => {
	const driver = createIpmiDriver(testClient(t));
	assert.deepEqual(await driver.firmware?.(parametersFor(await testBmc(t))), { ok: true, value: '2.44' });
});
