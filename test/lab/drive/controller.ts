/** The real controller, in this computer's own network; only the sockets that machines talk to are opened in the lab's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureNetport } from '../../../controller/services/netportBuild.ts';
import type { Cleanup } from '../cleanup.ts';
import type { LabNetwork } from '../rack/network.ts';

const program = join(import.meta.dirname, '../../../controller/process.ts');
/** It closes its sockets within 2 s; one that is stuck does not hold up the lab. */
const stopPatience = 8000;

interface ControllerOptions {
	network: LabNetwork;
	/** where its data folder and its log `controller.log` are made */
	directory: string;
	bootAssets: string;
	/** of the page and the API on the loopback; 0: any free one */
	port: number;
	/** opens `/MAAS/enter?t=…` without a password */
	launchToken: string;
	/** for what is compiled once and kept */
	cache: string;
	cleanup: Cleanup;
}

export interface RunningController {
	/** `http://127.0.0.1:PORT/MAAS` */
	url: string;
	log: string;
}

/** Throws with the end of the controller's log when it does not get ready. */
export async function startController(options: ControllerOptions): Promise<RunningController> {
	const { network, directory, cleanup } = options;
	const log = join(directory, 'controller.log');
	const netport = await ensureNetport(options.cache);
	const child = spawn(
		process.execPath,
		[
			...[program, 'serve', '--data', join(directory, 'data'), '--http', `127.0.0.1:${options.port}`],
			...['--interface', 'br0=full', '--boot-assets', options.bootAssets],
			...['--netport', JSON.stringify([...network.enter, netport])],
		],
		{ stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, METALDESK_LAUNCH_TOKEN: options.launchToken } },
	);
	child.stderr.pipe(createWriteStream(log));
	const ended = once(child, 'close').then(() => null);
	cleanup.add('stopping the controller', async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill('SIGTERM');
		const forced = setTimeout(() => child.kill('SIGKILL'), stopPatience);
		await ended;
		clearTimeout(forced);
	});
	const url = await Promise.race([readyLine(child.stdout), ended]);
	if (url) return { url, log };
	const said = (await readFile(log, 'utf8')).split('\n').filter((line) => line.trim() && !line.startsWith('    at '));
	throw new Error(`the controller did not start:\n${said.slice(-12).join('\n')}`);
}

function readyLine(output: NodeJS.ReadableStream): Promise<string> {
	return new Promise((resolve) => {
		createInterface(output).on('line', (line) => {
			const url = /^ready (http:\S+)/.exec(line)?.[1];
			if (url) resolve(url);
		});
	});
}
