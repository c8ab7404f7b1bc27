import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, type TestContext, test } from 'node:test';
import type { ServiceView } from '../../controller/api/views.ts';
import { dataPaths } from '../../controller/store/dataDirectory.ts';
import { openStore } from '../../controller/store/store.ts';
import { addMachine } from '../support/makeStore.ts';
import { needs, needsRoot } from '../support/needs.ts';
import { socketsOf, startRack } from '../support/simulatedRack.ts';

/** The `metaldesk` command as people and scripts use it: exit codes, sentences, and what runs beside a controller. */
const METALDESK = path.join(import.meta.dirname, '../../controller/cli/metaldesk.mjs');

async function run(args: readonly string[], input = '') {
	const child = spawn(process.execPath, [METALDESK, ...args], { stdio: 'pipe' });
	child.stdin.end(input);
	return ended(child);
}
async function ended(child: ChildProcess) {
	let [stdout, stderr] = ['', ''];
	child.stdout?.on('data', (text) => {
		stdout += text;
	});
	child.stderr?.on('data', (text) => {
		stderr += text;
	});
	const [code] = (await once(child, 'close')) as [number | null];
	return { code, stdout, stderr };
}
function dataFolder(t: TestContext): string {
	const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-cli-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return path.join(folder, 'data');
}
/** Serves on a free port of loopback, no interface; killed with the test. */
const serve = (t: TestContext, data: string) => serveWith(t, process.execPath, data);
async function serveWith(t: TestContext, node: string, data: string) {
	const child = spawn(node, [METALDESK, 'serve', '--data', data, '--http', '127.0.0.1:0', '--log-level', 'warn'], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	t.after(() => child.kill('SIGKILL'));
	const over = ended(child);
	const [line] = (await Promise.race([once(child.stdout, 'data'), over])) as [Buffer];
	const url = /^ready (http:\/\/127\.0\.0\.1:\d+)\/MAAS\n$/.exec(String(line))?.[1];
	assert.ok(url, `it said ${line}`);
	return { child, over, url };
}

test('a bad option ends with 2 and one sentence that names it', async () => {
	const options = [
		[['serve', '--http', 'nowhere'], '--http: “nowhere” is not HOST:PORT'],
		[['serve', '--http', '127.0.0.1:99999'], '--http: “99999” is no port number'],
		[['serve', '--tftp-port', 'x'], '--tftp-port: “x” is no port number'],
		[['serve', '--interface', 'eth0=proxy'], '--interface eth0: the mode is “off” or “full”, not “proxy”'],
		[['serve', '--interface', 'eth0; reboot=full'], '--interface: “eth0; reboot” is no interface name'],
		[['serve', '--log-level', 'loud'], '--log-level: there is no level “loud”'],
		[['serve', '--netport', ' '], '--netport: no command'],
		[['serve', '--unheard-of'], "Unknown option '--unheard-of'"],
	] as const;
	await Promise.all(
		options.map(async ([args, sentence]) => {
			const { code, stdout, stderr } = await run(args);
			assert.deepEqual([code, stdout, stderr.startsWith(`metaldesk: ${sentence}`)], [2, '', true], stderr);
		}),
	);
	assert.equal((await run(['admin', 'create'])).code, 2);
	assert.equal((await run(['no-such-command'])).code, 2);
	const help = await run(['serve', '--help']);
	assert.deepEqual([help.code, /--interface NAME=MODE/.test(help.stdout)], [0, true]);
});

test('admin create and apikey work beside a running controller', async (t) => {
	const data = dataFolder(t);
	const { url } = await serve(t, data);
	const create = (name: string, password: string) =>
		run(['admin', 'create', '--data', data, '--username', name, '--password-stdin'], `${password}\n`);
	assert.deepEqual(await create('ann', 'correct horse'), { code: 0, stdout: 'ann is an administrator.\n', stderr: '' });
	for (const [name, password, sentence] of [
		['ann', 'correct horse', 'there is a user ann already'],
		['bob', 'short', 'the password has at least 8 characters'],
		['$(id)', 'correct horse', '--username: up to 150 letters, digits, and @ . + - _'],
	] as const)
		assert.deepEqual(await create(name, password), { code: 1, stdout: '', stderr: `metaldesk: ${sentence}\n` });

	const login = await fetch(`${url}/MAAS/app/session.login`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-metaldesk': '1' },
		body: JSON.stringify({ username: 'ann', password: 'correct horse' }),
	});
	assert.equal(login.status, 200);
	const key = await run(['apikey', '--data', data, '--username', 'ann']);
	assert.match(key.stdout, /^[A-Za-z0-9]{18}:[A-Za-z0-9]{18}:[A-Za-z0-9]{32}\n$/);
	assert.deepEqual(await run(['apikey', '--data', data, '--username', 'bob']), {
		code: 1,
		stdout: '',
		stderr: 'metaldesk: there is no user bob\n',
	});

	const [consumer = '', token = '', secret = ''] = key.stdout.trim().split(':');
	const signed = `OAuth oauth_consumer_key="${consumer}",oauth_token="${token}",oauth_signature="%26${secret}",oauth_signature_method="PLAINTEXT",oauth_timestamp="1"`;
	const whoami = async () => (await fetch(`${url}/MAAS/api/2.0/users/?op=whoami`, { headers: { authorization: signed } })).status;
	assert.equal(await whoami(), 200);
	const disabled = await run(['admin', 'disable', '--data', data, '--username', 'ann']);
	assert.deepEqual([disabled.stdout, await whoami()], ['ann may not sign in any more.\n', 403]);
	await run(['admin', 'enable', '--data', data, '--username', 'ann']);
	assert.equal(await whoami(), 200);
});

test('a second controller on the same folder is refused with a sentence and 3; after kill -9 the next one starts', async (t) => {
	const data = dataFolder(t);
	const first = await serve(t, data);
	const second = await run(['serve', '--data', data, '--http', '127.0.0.1:0']);
	assert.deepEqual(
		[second.code, second.stdout, second.stderr],
		[3, '', `metaldesk: Another Metaldesk already serves ${data}: stop it first, or choose another folder with --data.\n`],
	);
	first.child.kill('SIGKILL');
	await first.over;
	await serve(t, data);
});

test('kill -9 of the command ends its controller too, whichever Node the command was started with', async (t) => {
	// the system's own may be too old to run the controller, which then is a child of the command
	for (const node of [process.execPath, ...(existsSync('/usr/bin/node') ? ['/usr/bin/node'] : [])]) {
		const { child, over, url } = await serveWith(t, node, dataFolder(t));
		child.kill('SIGKILL');
		await over;
		await assert.rejects(fetch(`${url}/healthz`), node);
	}
});

test('a port that another program has is said, with what to do, and ends with 1', async (t) => {
	const other = createServer().listen(0, '127.0.0.1');
	await once(other, 'listening');
	t.after(() => other.close());
	const { port } = other.address() as { port: number };
	assert.deepEqual(await run(['serve', '--data', dataFolder(t), '--http', `127.0.0.1:${port}`]), {
		code: 1,
		stdout: '',
		stderr: `metaldesk: Port ${port} on 127.0.0.1 is taken by another program: stop it, or choose another with --http HOST:PORT.\n`,
	});
});

test('SIGTERM and SIGINT end it within 2 s, with 0, also with a connection that is kept open', async (t) => {
	for (const signal of ['SIGTERM', 'SIGINT'] as const) {
		const { child, over, url } = await serve(t, dataFolder(t));
		await fetch(`${url}/healthz`);
		const begun = performance.now();
		child.kill(signal);
		assert.equal((await over).code, 0, signal);
		assert.ok(performance.now() - begun < 2000, `${signal}: ${Math.round(performance.now() - begun)} ms`);
	}
});

test('a power order under way does not keep it: the machine is picked up by the next run', async (t) => {
	const data = dataFolder(t);
	const { child, over, url } = await serve(t, data);
	await run(['admin', 'create', '--data', data, '--username', 'ann', '--password-stdin'], 'correct horse\n');

	const store = openStore(dataPaths(data));
	const { id, systemId } = addMachine(store, 1);
	store.machines.update(id, { bmcId: store.bmcs.insert('fake', null, { power_id: 'a', failure: 'did-not-act', delay: '0' }) });
	const cookie = `metaldesk_session=${store.users.openSession(1, '9999')}`;
	const answer = await fetch(`${url}/MAAS/app/machine.act`, {
		method: 'POST',
		headers: { 'content-type': 'application/json', 'x-metaldesk': '1', cookie },
		body: JSON.stringify({ systemId, action: 'commission' }),
	});
	assert.equal(answer.status, 200, await answer.text());
	const begun = performance.now();
	child.kill('SIGTERM');
	assert.equal((await over).code, 0);
	assert.ok(performance.now() - begun < 2000, `${Math.round(performance.now() - begun)} ms`);
	assert.equal(store.machines.byId(id)?.status, 'commissioning');
	store.close();
});

const skip = needsRoot() || needs('ip', 'iproute2') || needs('cc', 'gcc libc6-dev');
let rack: Awaited<ReturnType<typeof startRack>>;
before(async () => {
	if (!skip) rack = await startRack();
});
after(async () => {
	if (!skip) await rack.remove();
});
const machineFacing = () => socketsOf(rack.spaces.name('rack')).filter((socket) => /^(udp 6\d|udp 4011|tcp 5248)$/.test(socket));

test('without an interface not one machine-facing socket is open; with one they are, and stop means stop', {
	skip,
	timeout: 60_000,
}, async () => {
	const silent = await rack.start();
	assert.deepEqual(machineFacing(), []);
	silent.child.kill('SIGTERM');
	await silent.ended;

	const serving = await rack.start('--interface', 's1=full');
	assert.deepEqual(machineFacing().toSorted(), ['tcp 5248', 'udp 67', 'udp 67', 'udp 69']);
	const begun = performance.now();
	serving.child.kill('SIGTERM');
	assert.equal((await serving.ended).status, 0);
	assert.ok(performance.now() - begun < 2000, `${Math.round(performance.now() - begun)} ms`);
	assert.deepEqual(machineFacing(), []);

	// what was on is on again; and the descriptors die with the process, however it dies
	await rack.start();
	assert.deepEqual(machineFacing().length, 4);
	await rack.kill();
	assert.deepEqual(machineFacing(), []);
});

test('a port that another program has takes its own service away and no other, and the page shows it', {
	skip,
	timeout: 60_000,
}, async () => {
	const squatter = rack.spaces.start('rack', [
		process.execPath,
		'-e',
		"require('dgram').createSocket('udp4').bind(69, () => console.log('bound'))",
	]);
	await squatter.says('bound');
	await rack.start('--interface', 's1=full');
	await run(['admin', 'create', '--data', rack.data, '--username', 'ann', '--password-stdin'], 'correct horse\n');
	await rack.signIn('ann', 'correct horse');
	const services = await rack.call('services.get', {});
	const brief = ({ name, state, where, problem }: ServiceView) => [name, state, where, problem?.text ?? null];
	assert.deepEqual(services.map(brief), [
		['api', 'running', null, null],
		['dhcp', 'running', '67/udp on s1', null],
		['tftp', 'failed', '69/udp on s1', 'Another program already uses udp:69@s1.'],
		['http-boot', 'running', '5248/tcp on s1', null],
	]);
	const s1 = (await rack.call('network.interfaces', {})).find(({ name }) => name === 's1');
	assert.deepEqual([s1?.mode, s1?.state, s1?.problem?.text], ['full', 'failed', 'Another program already uses udp:69@s1.']);
	squatter.child.kill();
	await squatter.ended;
	await rack.kill();
});
