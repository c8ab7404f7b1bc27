import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { describe, type TestContext, test } from 'node:test';
import { type CallName, contract, type Input, type Output } from '../../controller/api/contract.ts';
import type { MachineView } from '../../controller/api/views.ts';

/** The demo rack as people start it: a controller process of its own, spoken to over the app API. */
const METALDESK = path.join(import.meta.dirname, '../../controller/cli/metaldesk.mjs');
const DEMO = path.join(import.meta.dirname, '../../main/launch/demo.mjs');
const PASSWORD = 'correct horse';

function dataFolder(t: TestContext): string {
	const folder = mkdtempSync(path.join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'metaldesk-demo-'));
	t.after(() => rmSync(folder, { recursive: true, force: true }));
	return path.join(folder, 'data');
}

/** Answers the address in its `ready` line. */
async function readyAt(t: TestContext, child: ChildProcess): Promise<string> {
	t.after(() => child.kill('SIGKILL'));
	assert.ok(child.stdout);
	for await (const line of createInterface({ input: child.stdout })) {
		const url = /^ready (http:\S+)\/MAAS$/.exec(line)?.[1] ?? /^page\s+(http:\S+)\/MAAS\/r\/$/.exec(line)?.[1];
		if (url) return url;
	}
	throw new Error('it ended without being ready');
}

function callsAt(url: string) {
	let cookie = '';
	const ask = async (method: string, where: string, input?: unknown): Promise<Response> => {
		const response = await fetch(`${url}/MAAS/app/${where}`, {
			method,
			headers: { 'content-type': 'application/json', 'x-metaldesk': '1', cookie },
			...(input === undefined ? {} : { body: JSON.stringify(input) }),
		});
		assert.equal(response.status, 200, `${where}: ${response.status}`);
		return response;
	};
	const call = async <Name extends CallName>(name: Name, input: Input<Name>): Promise<Output<Name>> =>
		contract[name].kind === 'query'
			? (await ask('GET', `${name}?${new URLSearchParams(input as Record<string, string>)}`)).json()
			: (await ask('POST', name, input)).json();
	const enter = async (name: 'session.login' | 'setup.createAdmin', username: string, password: string) => {
		cookie = (await ask('POST', name, { username, password })).headers.getSetCookie()[0]?.split(';')[0] ?? '';
	};
	/** Answers the machines as soon as what is said of them is so. */
	const until = async (truth: (machines: MachineView[]) => boolean, seconds: number): Promise<MachineView[]> => {
		for (const end = performance.now() + seconds * 1000; ; await new Promise((next) => setTimeout(next, 150))) {
			const machines = await call('machines.list', {});
			if (truth(machines)) return machines;
			if (performance.now() > end) assert.fail(machines.map((each) => `${each.statusName}: ${each.statusText}`).join('\n'));
		}
	};
	return { call, enter, until };
}

async function serve(t: TestContext, data: string, ...more: string[]) {
	const child = spawn(
		process.execPath,
		[METALDESK, 'serve', '--data', data, '--http', '127.0.0.1:0', '--log-level', 'warn', ...more],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	const calls = callsAt(await readyAt(t, child));
	const stop = async () => {
		child.kill('SIGTERM');
		await once(child, 'exit');
	};
	return { ...calls, stop };
}

const inStatus = (machines: readonly MachineView[], name: string) => machines.filter((machine) => machine.statusName === name);

// side by side: most of their time is waiting
describe('the demo rack', { concurrency: true }, () => {
	test('six machines come to Ready; one is deployed, released, and all are there after a restart', async (t) => {
		const data = dataFolder(t);
		const { call, enter, until, stop } = await serve(t, data, '--simulate', '6');
		await enter('setup.createAdmin', 'ann', PASSWORD);
		const ready = await until((machines) => inStatus(machines, 'Ready').length === 6, 90);
		assert.deepEqual(
			ready.map(({ power }) => [power.state, power.driver]),
			Array.from({ length: 6 }, () => ['off', 'ipmi']),
		);

		const { systemId } = ready[0] as MachineView;
		const detail = await call('machine.get', { systemId });
		assert.ok(detail.interfaces.length >= 2 && detail.blockDevices.length >= 1 && detail.components.length >= 4);
		const [image] = await call('images.list', {});
		await call('machine.act', { systemId, action: 'deploy', imageId: image?.id });
		await until((machines) => inStatus(machines, 'Deployed').length === 1, 60);
		const { boots } = await call('machine.timeline', { systemId });
		const stages = new Set(boots.flatMap((boot) => boot.stages.map(({ stage }) => stage)));
		for (const stage of [
			'dhcp',
			'loader',
			'script',
			'kernel',
			'agent',
			'script:maas-lshw',
			'deploy:10-write-image',
			'cloud-init',
		])
			assert.ok(stages.has(stage), `${stage} is missing among ${[...stages]}`);

		await stop();
		const again = await serve(t, data, '--simulate', '6');
		await again.enter('session.login', 'ann', PASSWORD);
		const after = await again.until((machines) => machines.length === 6, 20);
		assert.deepEqual([inStatus(after, 'Ready').length, inStatus(after, 'Deployed').length], [5, 1]);
		assert.equal((await again.call('machine.act', { systemId, action: 'check_power' }))?.power.state, 'on');
		await again.call('machine.act', { systemId, action: 'release', erase: 'quick' });
		await again.until((machines) => inStatus(machines, 'Ready').length === 6, 60);
		await again.stop();
		assert.equal(JSON.parse(readFileSync(path.join(data, 'demo-rack.json'), 'utf8')).machines.length, 6);
	});

	test('each fault ends in its own verdict, and the sound machines are Ready', async (t) => {
		const { call, enter, until } = await serve(t, dataFolder(t), '--simulate', '7', '--simulate-bmc-failures', '71');
		await enter('setup.createAdmin', 'ann', PASSWORD);
		const failed = /^(Failed commissioning|Failed testing)$/;
		const machines = await until(
			(all) => inStatus(all, 'Ready').length === 2 && all.filter(({ statusName }) => failed.test(statusName)).length === 5,
			90,
		);
		const verdicts = await Promise.all(
			machines
				.filter(({ statusName }) => failed.test(statusName))
				.map(async ({ systemId }) => {
					const events = await call('machine.events', { systemId });
					return events.find((event) => event.level === 'error' && event.nextStep)?.cause ?? '';
				}),
		);
		const expected = [
			/^The BMC at \S+ does not answer on UDP port \d+/,
			/^The BMC at \S+ does not accept the user name or password of user "maas"/,
			/^It was powered on but never asked for an address\./,
			/^maas-lshw did not end within its time limit\./,
			/^smartctl-validate .*Failing disks: /,
		];
		assert.deepEqual(
			expected.map((words) => verdicts.filter((verdict) => words.test(verdict)).length),
			[1, 1, 1, 1, 1],
			verdicts.join('\n'),
		);
	});

	test('npm run demo prints who may sign in, and leaves nothing behind', async (t) => {
		const child = spawn(process.execPath, [DEMO, '--machines', '2', '--to', 'new', '--http', '127.0.0.1:0'], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let printed = '';
		child.stdout.on('data', (text) => {
			printed += text;
		});
		const { enter, until } = callsAt(await readyAt(t, child));
		const told = (label: string) => new RegExp(`^${label}\\s+(\\S+)$`, 'm').exec(printed)?.[1] ?? '';
		await enter('session.login', told('user name'), told('password'));
		assert.match(told('API key'), /^\w+:\w+:\w+$/);
		await until((machines) => inStatus(machines, 'New').length === 2, 60);
		child.kill('SIGTERM');
		const [code] = await once(child, 'exit');
		assert.equal(code, 0);
	});

	test('a folder with machines of its own is not made a demo rack', async (t) => {
		const data = dataFolder(t);
		const first = await serve(t, data, '--simulate', '1', '--simulate-to', 'new');
		await first.enter('setup.createAdmin', 'ann', PASSWORD);
		await first.until((machines) => machines.length === 1, 60);
		await first.stop();
		rmSync(path.join(data, 'demo-rack.json'));
		const child = spawn(process.execPath, [METALDESK, 'serve', '--data', data, '--http', '127.0.0.1:0', '--simulate', '1'], {
			stdio: ['ignore', 'ignore', 'pipe'],
		});
		let said = '';
		child.stderr.on('data', (text) => {
			said += text;
		});
		const [code] = await once(child, 'exit');
		assert.equal(code, 1);
		assert.match(said, /holds machines that are not simulated: give the demo rack a folder of its own with --data\./);
	});
});
