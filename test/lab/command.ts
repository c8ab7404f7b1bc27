import { spawn } from 'node:child_process';

export interface CommandResult {
	/** null when a signal ended it */
	status: number | null;
	stdout: string;
	stderr: string;
}

interface CommandOptions {
	input?: string;
	/** after this many milliseconds the command is killed and its status is null; default: no limit */
	timeoutMs?: number;
	env?: Record<string, string>;
	signal?: AbortSignal;
}

/** Runs a program to its end. Throws only when it can't be started. */
export function attempt(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
	const [program, ...args] = argv;
	if (!program) throw new TypeError('a command needs a program');
	return new Promise((resolve, reject) => {
		const child = spawn(program, args, {
			stdio: ['pipe', 'pipe', 'pipe'],
			env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
			...(options.timeoutMs ? { timeout: options.timeoutMs } : {}),
			...(options.signal ? { signal: options.signal } : {}),
			killSignal: 'SIGKILL',
		});
		const output = { stdout: '', stderr: '' };
		child.stdout.setEncoding('utf8').on('data', (text: string) => {
			output.stdout += text;
		});
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			output.stderr += text;
		});
		// A program that ends without reading its input closes the pipe: its exit status tells the story.
		child.stdin.on('error', () => undefined).end(options.input ?? '');
		child.once('error', reject);
		child.once('close', (status) => resolve({ status, ...output }));
	});
}

/** Runs a program that must succeed; answers its standard output. Throws with the command line and the end of what it said. */
export async function run(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
	const result = await attempt(argv, options);
	if (result.status === 0) return result.stdout;
	const said = (result.stderr.trim() || result.stdout.trim()).split('\n').slice(-8).join('\n');
	const how = result.status === null ? 'was killed' : `ended with status ${result.status}`;
	throw new Error(`${argv.join(' ').slice(0, 300)} ${how}${said ? `:\n${said}` : ''}`);
}
