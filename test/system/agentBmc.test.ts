import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { builtinScriptBody, builtinScripts } from '../../controller/agent/builtinScripts.ts';
import { withParameters } from '../../controller/domain/script.ts';
import { startAgentMachine } from '../support/agentMachine.ts';
import { type JobScript, startAgentServer } from '../support/agentServer.ts';
import { testBootAssets } from '../support/bootAssets.ts';
import { startInBandBmc } from '../support/inBandBmc.ts';

const TOKEN = 'one-boot-token';

interface BmcResult {
	power_type: string;
	power_parameters: Record<string, string> & { power_pass: string };
}

test('the machine finds its BMC and, only when allowed, makes an account there that works over the network', async (t) => {
	const assets = await testBootAssets();
	const bmc = await startInBandBmc();
	t.after(async () => await bmc.stop());
	const scripts = await Promise.all([bmcScript('look', '0'), bmcScript('make', '1'), bmcScript('renew', '1'), lister]);
	const server = await startAgentServer([{ id: '1', kind: 'enlist', end: 'poweroff', scripts }], { token: TOKEN });
	const machine = startAgentMachine({ assets, port: server.port, token: TOKEN, extra: bmc.qemu });
	const seconds = await machine.ended(180);
	await server.stop();
	t.diagnostic(`power-on to powered off ${seconds.toFixed(1)} s; making the account ${server.delivered.get('make')?.seconds} s`);

	const printed = (id: string) => server.delivered.get(id)?.output.toString() ?? '';
	const [look, make, renew] = ['look', 'make', 'renew'].map((id) => server.delivered.get(id));
	assert.deepEqual(
		[look?.exit, make?.exit, renew?.exit],
		[0, 0, 0],
		`${machine.console()}\n${printed('look')}${printed('make')}${printed('renew')}`,
	);
	assert.match(printed('look'), new RegExp(`BMC address ${bmc.address}, MAC ${bmc.mac}, LAN channel 1`));
	assert.equal(look?.result, '');

	const made = JSON.parse(make?.result ?? '') as BmcResult;
	const renewed = JSON.parse(renew?.result ?? '') as BmcResult;
	const { power_pass, ...rest } = made.power_parameters;
	assert.match(power_pass, /^[A-Za-z0-9]{16}$/);
	assert.notEqual(renewed.power_parameters.power_pass, power_pass);
	assert.deepEqual(
		{ ...made, power_parameters: rest },
		{
			power_type: 'ipmi',
			power_parameters: {
				power_address: bmc.address,
				power_user: 'maas',
				power_driver: 'LAN_2_0',
				power_boot_type: 'auto',
				cipher_suite_id: '3',
				privilege_level: 'ADMIN',
				k_g: '',
				mac_address: bmc.mac,
			},
		},
	);
	for (const id of ['make', 'renew']) assert.match(printed(id), /Account maas \(number 3\) is ready/);
	assert.equal(printed('list').match(/\bmaas\b/g)?.length, 1, printed('list'));
	for (const secret of [power_pass, renewed.power_parameters.power_pass]) {
		assert.ok(![...server.delivered].some(([id]) => printed(id).includes(secret)), 'the password is not printed');
		assert.ok(!machine.console().includes(secret));
	}
	assert.match((await overNetwork(bmc, renewed.power_parameters.power_pass)).stdout, /Device ID/);
	await assert.rejects(overNetwork(bmc, power_pass), 'the old password is no longer good');
});

async function overNetwork(bmc: { address: string; port: number }, password: string) {
	const where = ['-I', 'lanplus', '-C', '3', '-H', bmc.address, '-p', String(bmc.port), '-U', 'maas'];
	return await promisify(execFile)('ipmitool', [
		...where,
		'-P',
		password,
		'-L',
		'ADMINISTRATOR',
		'-N',
		'2',
		'-R',
		'2',
		'mc',
		'info',
	]);
}

async function bmcScript(id: string, allowed: string): Promise<JobScript> {
	const script = builtinScripts.find(({ name }) => name === '30-maas-01-bmc-config');
	assert.ok(script);
	const body = withParameters(await builtinScriptBody(script), { METALDESK_CONFIGURE_BMC: allowed });
	return { id, name: script.name, timeoutSeconds: script.timeoutSeconds, body };
}

const lister: JobScript = { id: 'list', name: 'list', timeoutSeconds: 60, body: '#!/bin/sh\nipmitool user list 1\n' };
