import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import Sqlite from 'better-sqlite3';
import type { ApiFailure } from '../../controller/api/views.ts';
import { addMachine } from '../support/makeStore.ts';
import type { Program } from '../support/namespaces.ts';
import { needs, needsRoot } from '../support/needs.ts';
import { bmcAddress, server, startRack } from '../support/simulatedRack.ts';
import { startApi } from '../support/startApi.ts';

/** What goes wrong on a rack and what somebody might try: each ends in a clear error, nothing half done, and the controller up. */
const skip = needsRoot() || needs('ip', 'iproute2') || needs('cc', 'gcc libc6-dev');
let rack: Awaited<ReturnType<typeof startRack>>;
let controller: Program;

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
		],
		{ input: 'correct horse\n', encoding: 'utf8' },
	);
	assert.equal(admin.status, 0, admin.stderr);
	controller = await rack.start('--interface', 's1=full', '--log-level', 'debug');
	await rack.signIn('ann', 'correct horse');
	await rack.call('settings.set', { configureBmcs: true });
});
after(async () => {
	if (!skip) await rack.remove();
});
const powerOf = (password: string) => ({
	...{ power_address: bmcAddress, power_user: 'admin', power_pass: password, privilege_level: 'ADMIN' },
});
const only = async () => {
	const [machine, ...others] = await rack.call('machines.list', {});
	assert.ok(machine && others.length === 0, 'one machine');
	return machine;
};

test('a machine with hostile names enlists, and not one control character reaches log, API or event', {
	skip,
	timeout: 60_000,
}, async () => {
	const nasty = '\\u001b]0;owned\\u0007\\r\\n\\u202e<img src=x>';
	const hostile = `{"api_version":"1.0","resources":{"system":{"vendor":"${nasty}","serial":"${nasty}"},"storage":{"disks":[{"id":"sda","model":"${nasty}","serial":"${nasty}","size":1000000000000}]}}}`;
	rack.tell({ do: 'run', script: '50-maas-01-commissioning', stdout: hostile });
	rack.tell({ do: 'run', script: 'maas-lshw', stdout: '<list>\u001b[2J\u0000</list>', exit: 0 });
	const off = rack.step('off', 40);
	rack.tell({ do: 'power', on: true });
	const machine = await rack.machineIs('New');
	await off;
	const seen = JSON.stringify([
		machine,
		await rack.call('machine.get', { systemId: machine.systemId }),
		await rack.call('machine.timeline', { systemId: machine.systemId }),
	]);
	assert.doesNotMatch(seen, /\\u00[01]|\u202e|\\r/);
	assert.match(seen, /\]0;owned <img src=x>/);
	for (const script of ['50-maas-01-commissioning', 'maas-lshw']) rack.tell({ do: 'run', script });
});

test('a host name in a DHCP request that would write into a terminal is cleaned on its way in', {
	skip,
	timeout: 60_000,
}, async () => {
	const wire = new URL('../../controller/wire/dhcp.ts', import.meta.url).href;
	const program = rack.spaces.start('machine', [
		...[process.execPath, '--input-type=module', '-e'],
		`import dgram from 'node:dgram';
		import { decode, encode } from ${JSON.stringify(wire)};
		const socket = dgram.createSocket({ type: 'udp4', reuseAddr: true });
		const none = '0.0.0.0';
		const ask = (options) => socket.send(encode({ op: 'request', hardwareType: 1, hops: 0, xid: 7, secs: 0, broadcast: true, ciaddr: none,
			yiaddr: none, siaddr: none, giaddr: none, chaddr: Buffer.from('525400660001', 'hex'), sname: '', file: '',
			options: { hostName: '\\u001b[31m\\u0000evil\\r\\n', ...options } }), 67, '255.255.255.255');
		socket.on('message', (bytes) => {
			const { xid, yiaddr, options } = decode(bytes);
			if (xid !== 7) return;
			console.log(options.messageType, yiaddr);
			if (options.messageType === 'offer') ask({ messageType: 'request', requestedAddress: yiaddr, serverId: options.serverId });
			else process.exit();
		});
		socket.bind(68, () => { socket.setBroadcast(true); ask({ messageType: 'discover' }); });`,
	]);
	const { output } = await program.ended;
	assert.match(output, /^offer 192\.168\.77\.\d+\nack 192\.168\.77\.\d+\n$/);
	const db = new Sqlite(path.join(rack.data, 'region.db'), { readonly: true });
	const hostname = db.prepare('select hostname from lease where mac = ?').pluck().get('52:54:00:66:00:01') as string | null;
	db.close();
	assert.doesNotMatch(hostname ?? '', /[\u0000-\u001f\u007f]/);
});

/** What is sent, and what the answer's first line may be; `null`: the connection just ends. */
const malformed: [string, RegExp | null][] = [
	['\u0000\u0001\u0002\u0003\r\n\r\n', /^HTTP\/1\.1 400 /],
	['GET\r\n\r\n', /^HTTP\/1\.1 400 /],
	['GET / HTTP/9.9\r\n\r\n', /^HTTP\/1\.1 400 /],
	[`GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, /^HTTP\/1\.1 (431|414|400) /],
	['GET / HTTP/1.1\r\n\r\n', /^HTTP\/1\.1 400 /],
	['POST /MAAS/metadata/agent/v1/report HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n', /^HTTP\/1\.1 400 /],
	['POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n', /^HTTP\/1\.1 400 /],
	['GET /boot/../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 (400|404) /],
	['GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 (400|404) /],
	['GET /%zz%00 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 (400|404) /],
	['GET http://evil.example.org/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', /^HTTP\/1\.1 (30[12]|400|404) /],
	['CONNECT evil.example.org:443 HTTP/1.1\r\nHost: x\r\n\r\n', null],
];

test('malformed HTTP to the people’s port is answered by an error or by nothing, and the next request works', async (t) => {
	const { port, ask } = await startApi(t);
	for (const [sent, answer] of malformed) {
		const first = await firstLine(port, sent);
		assert.ok(answer ? answer.test(first) : first === '', `${JSON.stringify(sent.slice(0, 60))} got ${first}`);
	}
	assert.equal((await ask('GET', '/healthz')).status, 200);
});
function firstLine(port: number, sent: string): Promise<string> {
	return new Promise((resolve) => {
		let heard = '';
		const socket = connect(port, '127.0.0.1', () => socket.write(sent, 'latin1'));
		socket.on('data', (bytes) => {
			heard += bytes.toString('latin1');
			socket.destroy();
		});
		socket.on('error', () => resolve(heard));
		socket.on('close', () => resolve(heard.split('\r\n')[0] ?? ''));
		socket.setTimeout(3000, () => socket.destroy());
	});
}

test('malformed HTTP to the rack’s port likewise; nothing of the people’s side is to be had there', {
	skip,
	timeout: 60_000,
}, async () => {
	const program = `const { connect } = require('node:net');
		const sent = JSON.parse(${JSON.stringify(JSON.stringify(malformed.map(([text]) => text)))});
		(async () => {
			for (const text of sent) console.log(await new Promise((resolve) => {
				let heard = '';
				const socket = connect(5248, '${server}', () => socket.write(text, 'latin1'));
				socket.on('data', (bytes) => { heard += bytes.toString('latin1'); socket.destroy(); });
				socket.on('error', () => {});
				socket.on('close', () => resolve(JSON.stringify(heard.split('\\r\\n')[0])));
				socket.setTimeout(3000, () => socket.destroy());
			}));
		})();`;
	const { output } = await rack.spaces.start('machine', [process.execPath, '-e', program]).ended;
	const answers = output
		.trim()
		.split('\n')
		.map((line) => JSON.parse(line) as string);
	for (const [at, [sent, answer]] of malformed.entries())
		assert.ok(
			answer ? answer.test(answers[at] ?? '') : answers[at] === '',
			`${JSON.stringify(sent.slice(0, 60))} got ${answers[at]}`,
		);

	for (const [where, status] of [
		['/MAAS/app/session.get', '404'],
		['/MAAS/metadata/../app/session.get', '404'],
		['/MAAS/metadata/..%2fapp/session.get', '404'],
		['//MAAS/app/session.get', '404'],
		['/MAAS/r/', '404'],
		['/MAAS/enter?t=x', '404'],
		['/healthz', '404'],
		['/MAAS/metadata/', '401'],
	]) {
		const curl = ['curl', '-s', '--path-as-is', '-o', '/dev/null', '-w', '%{http_code}', `http://${server}:5248${where}`];
		assert.equal((await rack.spaces.start('machine', curl).ended).output, status, where);
	}
	assert.equal((await rack.call('session.get', {})).user?.username, 'ann');
});

test('a wrong BMC password, and an address where no BMC is: two different sentences, at the API and on the page', {
	skip,
	timeout: 90_000,
}, async () => {
	const { systemId } = await only();
	const problem = async (parameters: Record<string, string>) =>
		(await rack.call('machine.setPower', { systemId, driver: 'ipmi', parameters })).power.problem?.text ?? null;
	const wrong = await problem(powerOf('not the password'));
	assert.match(wrong ?? '', /192\.168\.77\.20/);
	const failed = await rack.fetch('POST', '/MAAS/app/machine.act', JSON.stringify({ systemId, action: 'power_on' }), {
		'content-type': 'application/json',
	});
	const { code, text, nextStep } = JSON.parse(failed.body) as ApiFailure;
	assert.deepEqual([failed.status, code, text], [503, 'power-failed', wrong]);
	assert.ok(nextStep);
	const nobody = await problem({ ...powerOf('secret'), power_address: '192.168.77.99' });
	assert.match(nobody ?? '', /192\.168\.77\.99/);
	assert.notEqual(nobody, wrong?.replace('.20', '.99'));
	assert.equal(await problem(powerOf('secret')), null);
	const { events } = await rack.call('machine.timeline', { systemId });
	assert.ok(events.some((event) => event.level === 'error' && event.cause === wrong && event.nextStep === nextStep));
});

test('an operator’s own script with MAAS’s header runs; a test that fails says why; the same machine through its other card', {
	skip,
	timeout: 90_000,
}, async () => {
	const { systemId } = await only();
	const content = `#!/bin/sh
# --- Start MAAS 1.0 script metadata ---
# name: rack-label
# title: Reads the label of the rack
# script_type: commissioning
# timeout: 00:01:00
# --- End MAAS 1.0 script metadata ---
echo label
`;
	const added = await rack.call('scripts.add', { name: 'rack-label', content });
	assert.deepEqual([added.title, added.kind, added.timeoutMs], ['Reads the label of the rack', 'commissioning', 60_000]);
	rack.tell({ do: 'run', script: 'smartctl-validate', stdout: 'sda: SMART overall-health: FAILED!\n', exit: 1 });
	rack.tell({ do: 'boot from', card: 1 });
	await rack.call('machine.act', { systemId, action: 'commission' });
	const failed = await rack.machineIs('Failed testing');
	assert.equal(failed.statusText, 'smartctl-validate failed with exit status 1. sda: SMART overall-health: FAILED!');
	assert.equal(failed.results.find(({ name }) => name === 'rack-label')?.status, 'passed');
	const stage = (await rack.call('machine.timeline', { systemId })).boots[0]?.stages.find(({ state }) => state === 'failed');
	assert.deepEqual([stage?.stage, stage?.nextStep], ['script:smartctl-validate', 'Read its output below.']);
	const { systemId: still } = await only();
	assert.equal(still, systemId);
	assert.equal((await rack.call('machine.get', { systemId })).interfaces.find(({ boot }) => boot)?.name, 'eno2');

	rack.tell({ do: 'run', script: 'smartctl-validate' });
	await rack.call('machine.act', { systemId, action: 'commission' });
	await rack.machineIs('Ready');
});

test('an image whose bytes were changed on the disk is never booted: the deployment fails and says why', {
	skip,
	timeout: 90_000,
}, async () => {
	const { systemId } = await only();
	const disk = Buffer.alloc(4096);
	disk.writeUInt16LE(0xaa55, 510);
	const { body } = await rack.fetch('PUT', '/MAAS/app/images.upload?name=debian', disk);
	const image = JSON.parse(body) as { id: number; sha256: string };
	const [file = ''] = readdirSync(path.join(rack.data, 'images'));
	writeFileSync(path.join(rack.data, 'images', file), Buffer.alloc(4096, 7));

	const deploy = JSON.stringify({ systemId, action: 'deploy', imageId: image.id });
	const json = { 'content-type': 'application/json' };
	const clicks = await Promise.all([1, 2].map(() => rack.fetch('POST', '/MAAS/app/machine.act', deploy, json)));
	assert.deepEqual(clicks.map(({ status }) => status).toSorted(), [200, 409]);
	assert.equal((JSON.parse(clicks.find(({ status }) => status === 409)?.body ?? '{}') as ApiFailure).code, 'invalid-transition');

	const failed = await rack.machineIs('Failed deployment');
	assert.match(
		failed.statusText ?? '',
		/^10-write-image failed with exit status 1\. The image does not have the expected content/,
	);
	assert.deepEqual(
		failed.results.filter(({ kind }) => kind === 'deployment').map(({ status }) => status),
		['failed', 'skipped', 'skipped', 'skipped'],
	);
	const deployments = (await rack.call('machine.timeline', { systemId })).boots.filter(({ purpose }) => purpose === 'deploy');
	assert.equal(deployments.length, 1);
});

test('of all that, the log has printable lines alone', { skip }, () => {
	const log = controller.output();
	assert.match(log, /"msg":"ready"/);
	assert.doesNotMatch(log.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('the database’s disk is full: 507 with what to do, nothing half done, the service up, and it works again with space', {
	skip: needsRoot(),
	timeout: 60_000,
}, async (t) => {
	const data = mkdtempSync(path.join(tmpdir(), 'metaldesk-full-'));
	execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', data]);
	const api = await startApi(t, { data });
	t.after(() => {
		execFileSync('umount', ['-l', data]);
		rmSync(data, { recursive: true });
	});
	const { systemId } = addMachine(api.store, 1);
	const agent = api.bootAgent();
	const [, script] = /^script (\d+) /m.exec((await agent.report()).body) ?? [];
	const hostname = async () => (await api.call('machine.get', { systemId })).body.hostname;
	const ballast = fill(data);
	// what the write-ahead log still has room for is used up by renaming until it is refused
	let renamed = 0;
	const rename = async () => api.call('machine.rename', { systemId, hostname: `name-${renamed + 1}` });
	let answer = await rename();
	while (answer.status === 200 && renamed < 2000) {
		renamed++;
		answer = await rename();
	}
	const failure = answer.body as unknown as ApiFailure;
	assert.deepEqual([answer.status, failure.code], [507, 'storage-full']);
	assert.equal(failure.text, 'The disk that holds Metaldesk’s data is full; nothing was changed.');
	assert.equal(await hostname(), `name-${renamed}`.replace('name-0', 'node-1'));

	assert.equal((await agent.agent(`output/${script}?offset=0`, 'x'.repeat(100_000))).status, 507);
	assert.equal((await api.call('session.login', { username: 'ann', password: api.password }, {})).status, 507);
	const upload = await api.ask('PUT', '/MAAS/app/images.upload?name=debian', {
		headers: { cookie: api.cookie, 'x-metaldesk': '1' },
		body: new Uint8Array(2 ** 20),
	});
	assert.deepEqual([upload.status, upload.body.code], [507, 'storage-full']);
	assert.deepEqual(readdirSync(path.join(data, 'images')), []);
	assert.equal((await api.ask('GET', '/healthz')).status, 200);

	for (const file of ballast) rmSync(file);
	assert.equal((await rename()).status, 200);
	assert.equal((await agent.agent(`output/${script}?offset=0`, 'x'.repeat(100_000))).status, 200);
	assert.equal(api.store.results.byId(Number(script))?.outputBytes, 100_000);
});
/** Fills a file system to its last kilobyte; answers the files. */
function fill(folder: string): string[] {
	const files: string[] = [];
	for (let size = 2 ** 22; size >= 1024; ) {
		const file = path.join(folder, `ballast ${files.length}`);
		files.push(file);
		try {
			writeFileSync(file, Buffer.alloc(size));
		} catch (error) {
			assert.equal((error as NodeJS.ErrnoException).code, 'ENOSPC');
			size /= 2;
		}
	}
	return files;
}
