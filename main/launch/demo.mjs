// npm run demo: a controller with a rack of simulated machines, in a folder of its own, and somebody to sign in as.
//   npm run demo -- --machines 40 --bmc-failures --slow --to deployed --data DIR --http 127.0.0.1:5240
// Runs on whatever Node npm runs on (20 or newer); what needs a newer one is started with the project's own.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { buildIfStale, node, root } from './build.mjs';

const USERNAME = 'admin';
/** of the machines, when nobody says how many are to fail */
const SOME_PERCENT = '15';

try {
	demo(options());
} catch (error) {
	console.error(`npm run demo: ${error.message}`);
	process.exitCode = error.code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}

/** `--bmc-failures` stands alone, or before a number. */
function options() {
	const args = process.argv.slice(2).flatMap((word, at, all) => {
		const alone = word === '--bmc-failures' && !/^\d+%?$/.test(all[at + 1] ?? '');
		return alone ? [word, SOME_PERCENT] : [word];
	});
	const text = (fallback) => ({ type: 'string', ...(fallback ? { default: fallback } : {}) });
	return parseArgs({
		args,
		options: {
			...{ machines: text('20'), to: text('ready'), 'bmc-failures': text('0'), slow: { type: 'boolean', default: false } },
			...{ data: text(), http: text('127.0.0.1:5240') },
		},
	}).values;
}

function demo({ machines, to, 'bmc-failures': failures, slow, data: given, http }) {
	buildIfStale();
	const data = given ? path.resolve(given) : mkdtempSync(path.join(tmpdir(), 'metaldesk-demo-'));
	const isNew = !existsSync(path.join(data, 'region.db'));
	const password = isNew ? randomBytes(9).toString('base64url') : null;
	if (password) metaldesk(['admin', 'create', '--data', data, '--username', USERNAME, '--password-stdin'], password);
	const key = password && metaldesk(['apikey', '--data', data, '--username', USERNAME]).trim().split('\n').at(-1);

	const controller = spawn(
		node,
		[
			...[path.join(root, 'controller/cli/index.ts'), 'serve', '--data', data, '--http', http, '--log-level', 'warn'],
			...['--simulate', machines, '--simulate-to', to, '--simulate-bmc-failures', failures, ...(slow ? ['--simulate-slow'] : [])],
		],
		// by the channel the controller notices when this process is gone
		{ stdio: ['ignore', 'pipe', 'inherit', 'ipc'] },
	);
	createInterface({ input: controller.stdout }).on('line', (line) => {
		const address = /^ready (\S+)/.exec(line)?.[1];
		console.log(address ? welcome(address, { machines, data, given, password, key }) : line);
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => controller.kill(signal));
	controller.on('exit', (code) => {
		if (!given) rmSync(data, { recursive: true, force: true });
		process.exitCode = code ?? 1;
	});
}

/** One command of the command line; answers what it printed. */
function metaldesk(args, input = '') {
	const { status, stdout, stderr } = spawnSync(node, [path.join(root, 'controller/cli/index.ts'), ...args], {
		input,
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(stderr.trim() || `${args[0]} failed`);
	return stdout;
}

function welcome(address, { machines, data, given, password, key }) {
	const account = password
		? `user name   ${USERNAME}\npassword    ${password}\nAPI key     ${key}`
		: 'Sign in as before: this folder has its accounts.';
	const folder = given ? `kept in     ${data}` : 'Nothing is kept: this rack is gone when it ends.';
	return `\n${machines} simulated machines are being switched on.\n\npage        ${address}/r/\nAPI         ${address}/api/2.0/\n${account}\n${folder}\n\nCtrl-C ends it.`;
}
