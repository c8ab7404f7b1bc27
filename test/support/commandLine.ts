import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestContext } from 'node:test';

export interface Ended {
	readonly code: number | null;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs `metaldesk …` as a process, with a home of its own. */
export function commandLine(t: TestContext) {
	const home = mkdtempSync(path.join(tmpdir(), 'metaldesk-home-'));
	t.after(() => rmSync(home, { recursive: true, force: true }));
	const program = path.join(import.meta.dirname, '../../controller/cli/metaldesk.mjs');
	const env = { ...process.env, XDG_CONFIG_HOME: path.join(home, 'config'), HOME: home };
	const start = (...args: string[]) => spawn(process.execPath, [program, ...args], { env, stdio: ['pipe', 'pipe', 'pipe'] });
	const run = (args: readonly string[], input = ''): Promise<Ended> =>
		new Promise((resolve, reject) => {
			const child = start(...args);
			let stdout = '';
			let stderr = '';
			child.stdout.on('data', (text: Buffer) => {
				stdout += text;
			});
			child.stderr.on('data', (text: Buffer) => {
				stderr += text;
			});
			child.on('error', reject);
			child.on('close', (code) => resolve({ code, stdout, stderr }));
			child.stdin.end(input);
		});
	return { home, start, run: (...args: string[]) => run(args), runWith: (input: string, ...args: string[]) => run(args, input) };
}
