#!/usr/bin/env node
// Debian 12 has no Node that can run the controller, so the package brings one: whatever node starts this file, Node 24 does the work.
import { spawn } from 'node:child_process';
import module, { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const newEnough = major > 22 || (major === 22 && minor >= 19);
const bundled = () => path.join(path.dirname(createRequire(import.meta.url).resolve('node/package.json')), 'bin', 'node');
const script = fileURLToPath(new URL('./index.ts', import.meta.url));

// A command of the client is over in a tenth of a second; half of that is compiling, unless it is kept.
const cache =
	process.env.NODE_COMPILE_CACHE ??
	path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'metaldesk', 'compiled');

if (newEnough) {
	module.enableCompileCache?.(cache);
	await import('./index.ts');
} else {
	// By the channel the controller notices when this process is gone, also by kill -9, and closes its sockets.
	const child = spawn(bundled(), [script, ...process.argv.slice(2)], {
		stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
		env: { ...process.env, NODE_COMPILE_CACHE: cache },
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	child.on('error', (error) => {
		console.error(`metaldesk: Node 24 can’t be started (${error.message}): run npm ci first`);
		process.exit(1);
	});
	child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
}
