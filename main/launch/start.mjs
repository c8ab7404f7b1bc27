// npm start: opens the desktop app; where there is no display, serves without a window and prints the address.
// Runs on whatever Node npm runs on (20 or newer); what needs a newer one is started with the project's own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildIfStale, node, root } from './build.mjs';
import { electronRuntime } from './electronRuntime.mjs';

try {
	buildIfStale();
	if (hasDisplay()) await openWindow();
	else serveHeadless();
} catch (error) {
	console.error(error.message);
	process.exitCode = 1;
}

function hasDisplay() {
	return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

async function openWindow() {
	const { executable } = await electronRuntime();
	const given = [root, ...process.argv.slice(2)];
	if (process.platform === 'linux' && process.getuid() === 0) {
		console.error('Chromium can not build its sandbox as root, so it runs without; start as an ordinary user to have it.');
		given.unshift('--no-sandbox');
	}
	stayWith(spawn(executable, given, { stdio: 'inherit' }));
}

/** The same controller with the same data; METALDESK_DATA and METALDESK_HTTP_PORT mean what they mean for the window. */
function serveHeadless() {
	const data = process.env.METALDESK_DATA ? ['--data', process.env.METALDESK_DATA] : [];
	const given = ['serve', ...data, '--http', `127.0.0.1:${process.env.METALDESK_HTTP_PORT || 5240}`, ...process.argv.slice(2)];
	const controller = spawn(node, [path.join(root, 'controller/process.ts'), ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
	console.error('There is no display, so Metaldesk serves without a window.');
	createInterface({ input: controller.stdout }).on('line', (line) => {
		console.log(line);
		const [, address] = /^ready (\S+)/.exec(line) ?? [];
		if (address) console.error(`Open ${address}/r/ in a browser on this machine. Ctrl-C ends it.`);
	});
	stayWith(controller);
}

/** Passes signals on and ends as the child ends. */
function stayWith(child) {
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	child.on('error', (error) => {
		console.error(`It could not be started: ${error.message}`);
		process.exitCode = 1;
	});
	child.on('exit', (code) => {
		process.exitCode = code ?? 1;
	});
}
