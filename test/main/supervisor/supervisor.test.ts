import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ControllerState } from '../../../main/ipc/contract.ts';
import { createSupervisor, type Supervisor } from '../../../main/supervisor/supervisor.ts';

const standIn = fileURLToPath(import.meta.resolve('../../support/standInController.mjs'));

test('a controller that is killed is started again on the same port', async (t) => {
	const { supervisor, seen, until } = supervise(t, '');
	await supervisor.start();
	await until('running');
	const [origin, pid] = [supervisor.origin(), await pidAt(supervisor.origin())];
	process.kill(pid, 'SIGKILL');
	await until('waiting');
	await until('running');
	assert.equal(supervisor.origin(), origin);
	assert.notEqual(await pidAt(origin), pid);
	assert.deepEqual(seen, [
		{ state: 'starting' },
		running(),
		{ state: 'waiting', reason: 'The controller was ended by SIGKILL.', againInMs: 200 },
		{ state: 'starting' },
		running(),
	]);
});

test('a controller that dies right after each start is given up after five deaths, with its own words as the reason', async (t) => {
	const { supervisor, seen, until } = supervise(t, 'crash');
	await supervisor.start();
	await until('failed');
	const reason = 'The controller ended with code 1: the disk is on fire';
	assert.deepEqual(
		seen.filter(({ state }) => state !== 'starting'),
		[...[200, 400, 800, 1600].map((againInMs) => ({ state: 'waiting', reason, againInMs })), { state: 'failed', reason }],
	);
});

const refusals = [
	{ says: 'refuse', means: 'its data folder is in use', reason: 'Another controller uses this data folder.' },
	{ says: 'badOption', means: 'an option is wrong', reason: 'The controller ended with code 2.' },
];
for (const { says, means, reason } of refusals) {
	test(`a controller that refuses because ${means} is not started again`, async (t) => {
		const { supervisor, seen, until } = supervise(t, says);
		await supervisor.start();
		await until('failed');
		await delay(500);
		assert.deepEqual(seen, [{ state: 'starting' }, { state: 'failed', reason }]);
	});
}

test('without a Node that is new enough the state says what was tried', async (t) => {
	const { supervisor } = supervise(t, '', { outcome: 'none', tried: ['PATH: Node 20.18.1 is too old'] });
	await supervisor.start();
	assert.deepEqual(supervisor.state(), {
		state: 'failed',
		reason: 'No Node 22.14 or newer was found for the controller (PATH: Node 20.18.1 is too old).',
	});
});

test('stopping ends the process and it stays away', async (t) => {
	const { supervisor, until } = supervise(t, '');
	await supervisor.start();
	await until('running');
	const pid = await pidAt(supervisor.origin());
	await supervisor.stop();
	assert.equal(isAlive(pid), false);
	await delay(500);
	assert.deepEqual(supervisor.state(), { state: 'stopped' });
});

test('a controller that ignores SIGTERM is killed', { timeout: 20_000 }, async (t) => {
	const { supervisor, until } = supervise(t, 'stubborn');
	await supervisor.start();
	await until('running');
	const pid = await pidAt(supervisor.origin());
	await supervisor.stop();
	assert.equal(isAlive(pid), false);
});

test('a stop that comes while the runtime is looked for leaves nothing running', async (t) => {
	const { supervisor, seen } = supervise(t, '');
	const starting = supervisor.start();
	await supervisor.stop();
	await starting;
	assert.deepEqual(seen, [{ state: 'starting' }, { state: 'stopped' }]);
});

test('restart brings a given-up controller back to a first start', async (t) => {
	const { supervisor, until } = supervise(t, 'refuse');
	await supervisor.start();
	await until('failed');
	process.env.STANDIN = '';
	await supervisor.restart();
	await until('running');
});

test('stop serving is answered when the controller says that no interface is left', async (t) => {
	const { supervisor, until } = supervise(t, 'serving');
	await supervisor.start();
	await until('running', (state) => state.state === 'running' && state.serving.leases === 12);
	assert.equal(await supervisor.stopServing(), 'stopped');
	assert.deepEqual(supervisor.state(), { state: 'running', serving: { interfaces: [], leases: 12, machinesBusy: 0 } });
});

test('a controller that does not stop serving within two seconds is ended and stays down', async (t) => {
	const { supervisor, until } = supervise(t, 'serving deaf');
	await supervisor.start();
	await until('running', (state) => state.state === 'running' && state.serving.leases === 12);
	const pid = await pidAt(supervisor.origin());
	assert.equal(await supervisor.stopServing(), 'ended');
	assert.equal(isAlive(pid), false);
	assert.deepEqual(supervisor.state(), {
		state: 'failed',
		reason: 'The controller did not stop serving within two seconds, so it was ended.',
	});
});

test('stop serving between death and restart keeps the controller down', async (t) => {
	const { supervisor, until } = supervise(t, '');
	await supervisor.start();
	await until('running');
	process.kill(await pidAt(supervisor.origin()), 'SIGKILL');
	await until('waiting');
	assert.equal(await supervisor.stopServing(), 'ended');
	await delay(400);
	assert.equal(supervisor.state().state, 'failed');
	assert.equal(await supervisor.stopServing(), 'notRunning');
});

test('a controller ends when its parent is killed', async (t) => {
	const parent = spawn(process.execPath, ['--input-type=module', '--eval', parentProgram], {
		env: { ...process.env, STANDIN: '' },
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	t.after(() => parent.kill('SIGKILL'));
	const [line] = (await once(createInterface({ input: parent.stdout }), 'line')) as [string];
	const pid = await pidAt(line);
	parent.kill('SIGKILL');
	const deadline = Date.now() + 5_000;
	while (isAlive(pid) && Date.now() < deadline) await delay(20);
	assert.equal(isAlive(pid), false);
});

/** A program that supervises the stand-in and prints where it answers. */
const parentProgram = `
import { createSupervisor } from ${JSON.stringify(import.meta.resolve('../../../main/supervisor/supervisor.ts'))};
const runtime = { executable: process.execPath, environment: {}, origin: 'PATH' };
const supervisor = createSupervisor({
	entry: ${JSON.stringify(standIn)}, dataFolder: undefined, port: 0, launchToken: 'secret', onLine() {},
	findRuntime: async () => ({ outcome: 'found', runtime, version: '24' }),
});
supervisor.subscribe((state) => state.state === 'running' && console.log(supervisor.origin()));
await supervisor.start();
`;

type Choice = Awaited<ReturnType<Parameters<typeof createSupervisor>[0]['findRuntime']>>;

function supervise(t: TestContext, standInWords: string, choice?: Choice) {
	process.env.STANDIN = standInWords;
	const seen: ControllerState[] = [];
	const runtime = { executable: process.execPath, environment: {}, origin: 'PATH' } as const;
	const supervisor: Supervisor = createSupervisor({
		entry: standIn,
		dataFolder: undefined,
		port: 0,
		launchToken: 'secret',
		findRuntime: async () => choice ?? { outcome: 'found', runtime, version: process.versions.node },
		onLine: () => undefined,
	});
	supervisor.subscribe((state) => seen.push(state));
	t.after(() => supervisor.stop());

	/** Waits for a state that matches, beginning with the present one. */
	function until(name: ControllerState['state'], matches = (state: ControllerState) => state.state === name): Promise<void> {
		if (matches(supervisor.state())) return Promise.resolve();
		return new Promise((resolve) => {
			const unsubscribe = supervisor.subscribe((state) => {
				if (!matches(state)) return;
				unsubscribe();
				resolve();
			});
		});
	}
	return { supervisor, seen, until };
}

function running(): ControllerState {
	return { state: 'running', serving: { interfaces: [], leases: 0, machinesBusy: 0 } };
}

async function pidAt(origin: string): Promise<number> {
	const answer = (await (await fetch(`${origin}/healthz`)).json()) as { pid: number };
	return answer.pid;
}

function isAlive(pid: number): boolean {
	try {
		return process.kill(pid, 0);
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
		throw error;
	}
}
