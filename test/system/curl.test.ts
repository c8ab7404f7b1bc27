import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { demoRack } from '../support/demoRack.ts';
import { oauthHeader } from '../support/maasClient.ts';

const run = promisify(execFile);

test('a machine’s life by curl alone: allocated by constraints, deployed with user data, released; a device and a file', async (t) => {
	const { url, key } = await demoRack(t, 3);
	const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-curl-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	const curl = async (where: string, ...more: string[]) => {
		const wanted = [
			'-sS',
			'-H',
			`Authorization: ${oauthHeader(key)}`,
			'-w',
			'\n%{http_code}',
			...more,
			`${url}/MAAS/api/2.0/${where}`,
		];
		const lines = (await run('curl', wanted)).stdout.split('\n');
		return { status: Number(lines.pop()), text: lines.join('\n') };
	};
	const object = async (where: string, ...more: string[]) => {
		const { status, text } = await curl(where, ...more);
		assert.equal(status, 200, `${where}: ${text}`);
		return JSON.parse(text) as {
			system_id: string;
			status_name: string;
			interface_set: unknown[];
			owner_data: Record<string, string>;
		};
	};
	const until = async (systemId: string, status: string) => {
		for (let tries = 0; (await object(`machines/${systemId}/`)).status_name !== status; tries++) {
			assert.ok(tries < 300, `${systemId} becomes ${status}`);
			await pause(200);
		}
	};

	const none = await curl('machines/?op=allocate', '-d', 'mem=99999999');
	assert.deepEqual(
		[none.status, none.text.split('\n')[0]],
		[409, `No available machine matches constraints: [('mem', ['99999999'])] (resolved to "mem=99999999")`],
	);
	const { system_id: id, status_name } = await object('machines/?op=allocate', '-d', 'mem=2048&cpu_count=2', '-d', 'arch=amd64');
	assert.equal(status_name, 'Allocated');
	const userData = Buffer.from('#cloud-config\n{}\n').toString('base64');
	const deploying = await object(`machines/${id}/?op=deploy`, '--data-urlencode', `user_data=${userData}`);
	assert.equal(deploying.status_name, 'Deploying');
	await until(id, 'Deployed');
	// as a form with parts, the other way in which curl sends values
	assert.equal((await object(`machines/${id}/?op=set_owner_data`, '-F', 'purpose=a test')).owner_data.purpose, 'a test');

	const device = await object('devices/', '-F', 'hostname=printer', '-F', 'mac_addresses=52:54:00:aa:cc:01');
	assert.equal(device.interface_set.length, 1);
	assert.equal((await curl(`devices/${device.system_id}/`, '-X', 'DELETE')).status, 204);
	writeFileSync(path.join(folder, 'state'), 'kept');
	assert.equal((await curl('files/', '-F', 'filename=state', '-F', `file=@${path.join(folder, 'state')}`)).status, 201);
	assert.deepEqual(await curl('files/?op=get&filename=state'), { status: 200, text: 'kept' });

	assert.equal((await curl('machines/?op=release', '-d', `machines=${id}`)).text, JSON.stringify([id]));
	await until(id, 'Ready');
});
