/**
 * `npm test`: everything, one kind after the other so that two cores are enough. `npm run check` runs the fast kinds alone
 * (`node test/run.ts fast`). Ends with the line `N passed, N failed`; a kind that could not run at all counts as a failure.
 */
import { spawn, spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import path from 'node:path';
import { meetRequirements } from './lab/requirements.ts';
import { testRequirements } from './requirements.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Only the desktop tests show windows, on a screen that xvfb-run makes for them. */
const headless = { ...process.env, DISPLAY: '', WAYLAND_DISPLAY: '' };

interface Kind {
	readonly name: string;
	readonly command: () => [string, ...string[]];
	/** finds `passed` and `failed` in what it printed */
	readonly count: RegExp;
}

const nodeTests = (name: string, patterns: readonly string[], concurrency: number): Kind => ({
	name,
	command: () => [
		process.execPath,
		'--test',
		'--test-reporter=spec',
		'--test-timeout=2400000',
		`--test-concurrency=${concurrency}`,
		...patterns.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted(),
	],
	count: /^ℹ pass (?<passed>\d+)\n(?:ℹ .*\n)*?ℹ fail (?<failed>\d+)/m,
});

const fast: readonly Kind[] = [
	nodeTests('architecture', ['test/architecture/*.test.ts'], 1),
	nodeTests(
		'unit',
		[
			'test/controller/*.test.ts',
			'test/controller/{domain,wire,flows,store,agent,bootAssets}/**/*.test.ts',
			'test/{main,renderer}/**/*.test.ts',
		],
		2,
	),
];

const slow: readonly Kind[] = [
	nodeTests('services', ['test/controller/{services,ipmi-js,power,simulation}/**/*.test.ts'], 1),
	// whole controllers in this process, each with a folder and a port of its own
	nodeTests('api', ['test/controller/{api,cli}/**/*.test.ts'], 2),
	nodeTests('system', ['test/system/*.test.ts'], 1),
	{
		name: 'desktop',
		command: () => [
			'xvfb-run',
			'-a',
			'-s',
			'-screen 0 1600x1000x24',
			process.execPath,
			'node_modules/playwright/cli.js',
			'test',
			'--config',
			'test/desktop/playwright.config.ts',
		],
		count: /^(?<passed>\d+) passed, (?<failed>\d+) failed/m,
	},
];

const onlyFast = process.argv[2] === 'fast';
if (!onlyFast) {
	const missing = await meetRequirements(testRequirements, console.log);
	if (missing) {
		console.error(missing.problem);
		process.exit(1);
	}
	const built = spawnSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
	if (built.status !== 0) process.exit(1);
}

const summary: string[] = [];
let passed = 0;
let failed = 0;
for (const kind of onlyFast ? fast : [...fast, ...slow]) {
	const began = performance.now();
	console.log(`\n== ${kind.name}`);
	const { output, status } = await run(kind.command());
	const counts = [...output.matchAll(new RegExp(kind.count, 'gm'))].at(-1)?.groups;
	const good = Number(counts?.passed ?? 0);
	// a kind that ended badly without a failed test has not run to its end
	const bad = Math.max(Number(counts?.failed ?? 0), status === 0 && good > 0 ? 0 : 1);
	passed += good;
	failed += bad;
	summary.push(`${kind.name}: ${good} passed, ${bad} failed, ${((performance.now() - began) / 1000).toFixed(0)} s`);
}
console.log(`\n${summary.join('\n')}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

function run([program, ...args]: readonly [string, ...string[]]): Promise<{ output: string; status: number | null }> {
	return new Promise((resolve) => {
		const child = spawn(program, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'], env: headless });
		let output = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			output += text;
			process.stdout.write(text);
		});
		child.on('error', (error) => {
			console.error(`${program} can’t be started: ${error.message}`);
			resolve({ output, status: 1 });
		});
		child.on('close', (status) => resolve({ output, status }));
	});
}
