/**
 * A demo rack from power-on to Ready: how long, how much processor, how much memory, and that nothing is stuck; once healthy, and once
 * with one machine in twenty broken, each of which must end in a verdict. `npm run bench rack -- 50` does it with 50 machines.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataPaths } from '../../controller/store/dataDirectory.ts';
import { openStore } from '../../controller/store/store.ts';
import { cpuSeconds, printTable, residentMegabytes } from './measure.ts';

const machines = Number(process.argv[2] ?? 200);
const PATIENCE_MS = 20 * 60_000;
const rows = [await rack('healthy', []), await rack('5 % broken', ['--simulate-bmc-failures', '5'])];
printTable(`${machines} simulated machines, power-on to Ready`, rows);
if (rows.some((row) => row.stuck !== 0)) process.exitCode = 1;

async function rack(title: string, options: readonly string[]) {
	const data = mkdtempSync(path.join(tmpdir(), 'metaldesk-rack-'));
	const entry = path.resolve(import.meta.dirname, '../../controller/process.ts');
	const child = spawn(
		process.execPath,
		[entry, 'serve', '--data', data, '--http', '127.0.0.1:0', '--log-level', 'error', '--simulate', String(machines), ...options],
		{ stdio: ['ignore', 'pipe', 'inherit'] },
	);
	await ready(child);
	const pid = child.pid as number;
	const began = Date.now();
	// beside the controller that serves the folder: the database takes many readers
	const store = openStore(dataPaths(data));
	const settled = () => {
		const all = store.machines.all();
		return {
			all,
			ready: all.filter((each) => each.status === 'ready'),
			failed: all.filter((each) => /fail|broken/.test(each.status)),
		};
	};
	let peak = 0;
	let seen = '';
	let still = 0;
	// over when nothing has changed for a while that is longer than any stage's patience in the fast rack
	while (Date.now() - began < PATIENCE_MS && still < 90) {
		await pause(1000);
		peak = Math.max(peak, residentMegabytes(pid));
		const { all, ready: fit, failed } = settled();
		if (fit.length + failed.length === machines) break;
		const now = all.map((each) => each.status + each.statusAt).join();
		still = now === seen ? still + 1 : 0;
		seen = now;
	}
	const seconds = (Date.now() - began) / 1000;
	const { all, ready: fit, failed } = settled();
	const unexplained = failed.filter((each) => !each.statusText).length;
	const row = {
		rack: title,
		seconds,
		'machines/s': fit.length / seconds,
		'CPU s': cpuSeconds(pid),
		'peak MB': peak,
		ready: fit.length,
		failed: failed.length,
		'without a verdict': unexplained,
		'never seen': machines - all.length,
		stuck: all.length - fit.length - failed.length,
	};
	store.close();
	child.removeAllListeners('exit');
	const ended = new Promise((resolve) => child.once('exit', resolve));
	child.kill('SIGTERM');
	await ended;
	rmSync(data, { recursive: true, force: true });
	return row;
}

function ready(child: ChildProcess): Promise<void> {
	return new Promise((resolve, reject) => {
		child.stdout?.on('data', (text: Buffer) => String(text).includes('ready http') && resolve());
		child.on('exit', (code) => reject(new Error(`the controller ended with ${code}`)));
	});
}
