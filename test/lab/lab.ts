/**
 * `npm run lab`: a rack that exists, of QEMU machines with simulated BMCs on a network of their own, and the real controller that
 * serves it. See options.ts for what can be asked for. Exit status: 0 every machine got there, 1 not, 2 bad option.
 */
import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { buildBootAssets } from '../../controller/bootAssets/build.ts';
import { silentLog } from '../../controller/log.ts';
import { buildIfStale } from '../../main/launch/build.mjs';
import { type Cleanup, createCleanup } from './cleanup.ts';
import { signUp } from './drive/api.ts';
import { startController } from './drive/controller.ts';
import { drive } from './drive/drive.ts';
import { createProgress } from './drive/progress.ts';
import { type LabReport, makeReport, printReport } from './drive/report.ts';
import { makeSshKey } from './drive/ssh.ts';
import { createWatch } from './drive/watch.ts';
import { openWindow } from './drive/window.ts';
import { ensureImage } from './image/image.ts';
import { type LabOptions, parseOptions, usage } from './options.ts';
import { createRack } from './rack/rack.ts';
import { labRequirements, meetRequirements } from './requirements.ts';

const cache = process.env.METALDESK_TEST_CACHE ?? join(import.meta.dirname, '../../node_modules/.cache/metaldesk');
const say = (text: string) => void process.stderr.write(`${text}\n`);

const parsed = parseOptions(process.argv.slice(2));
if ('help' in parsed) {
	process.stdout.write(usage);
} else if ('problem' in parsed) {
	say(`${parsed.problem}\n\n${usage}`);
	process.exitCode = 2;
} else {
	const cleanup = createCleanup(say);
	try {
		process.exitCode = (await lab(parsed.options, cleanup, stopRequest())) ? 0 : 1;
	} catch (error) {
		say(`lab: ${error instanceof Error ? error.message : String(error)}`);
		process.exitCode = 1;
	}
	await cleanup.run();
	// A step that was interrupted may still wait for something that is gone.
	process.exit();
}

/** Resolves at Ctrl-C, SIGTERM or a closed terminal; a second one ends the program at once (the kernel then clears the network). */
function stopRequest(): Promise<void> {
	return new Promise((resolve) => {
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
			process.on(signal, () => {
				resolve();
				process.once(signal, () => process.exit(1));
			});
		}
	});
}

/** Answers whether every machine got there. */
async function lab(options: LabOptions, cleanup: Cleanup, stopped: Promise<void>): Promise<boolean> {
	const run = await Promise.race([unattended(options, cleanup), stopped.then(() => null)]);
	if (!run) return false;
	if (options.json) process.stdout.write(`${JSON.stringify(run.report)}\n`);
	if (options.keep || options.through === null) {
		for (const line of run.advice) say(line);
		await stopped;
	}
	return run.report.ok;
}

async function unattended(options: LabOptions, cleanup: Cleanup): Promise<{ report: LabReport; advice: string[] }> {
	const { through } = options;
	const installs = through !== 'ready';
	const missing = await meetRequirements(labRequirements(installs), say);
	if (missing) throw new Error(missing.problem);
	const bootAssets = options.bootAssets ?? (await ownBootAssets());
	const imageFile = installs ? await ensureImage(cache, say) : null;
	// people will look at the page; an unattended run needs none
	if (options.keep || through === null) buildIfStale();

	const started = Date.now();
	const rack = await createRack({ machines: options.machines, net: options.net, cleanup });
	const { network, directory } = rack;
	const launchToken = randomBytes(32).toString('base64url');
	const { url } = await startController({ network, directory, bootAssets, port: options.port, launchToken, cache, cleanup });
	process.stdout.write(`ready ${url}\n`);
	if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) openWindow({ url, launchToken, directory, cleanup });

	const password = randomBytes(9).toString('base64url');
	const api = await signUp(url, 'admin', password);
	await api.call('settings.set', { configureBmcs: true });
	const sshKey = await makeSshKey(directory);
	await api.call('sshKeys.add', { key: sshKey.publicKey });
	const image = imageFile ? api.uploadImage(imageFile) : Promise.reject(new Error('this run deploys nothing'));
	// Whoever deploys hears of a failed upload.
	image.catch(() => undefined);

	const progress = createProgress(rack.machines, process.stderr);
	const watch = createWatch(api, progress.show);
	cleanup.add('stopping the progress display', () => watch.stop());
	// One more than processors: firmware spends seconds on waiting.
	const slots = availableParallelism() + 1;
	const outcomes = await drive({ rack, api, watch, goal: through ?? 'new', sshKey, image, slots, say: progress.note });
	watch.stop();
	const report = await makeReport(api, outcomes, Math.round((Date.now() - started) / 100) / 10);
	await printReport(report, outcomes, say);
	const advice = [
		'',
		`Open ${url}/enter?t=${launchToken}`,
		`or sign in at ${url}/r/ as admin with the password ${password}.`,
		`A command in the lab's network: ${network.enter.join(' ')} COMMAND`,
		`Consoles: ${directory}/m*/serial.log; SSH key: ${sshKey.privateFile}`,
		'Ctrl-C ends it and removes everything.',
	];
	return { report, advice };
}

async function ownBootAssets(): Promise<string> {
	const outDir = join(cache, 'boot-assets-qemu');
	let last = '';
	await buildBootAssets({
		outDir,
		cacheDir: join(cache, 'packages'),
		profile: 'qemu',
		compress: 'zstd',
		log: silentLog,
		onProgress: ({ step, text }) => {
			if (step !== last) say(`boot assets: ${text}`);
			last = step;
		},
	});
	return outDir;
}
