import { spawn } from 'node:child_process';
import { once } from 'node:events';

export interface RunOptions {
	cwd?: string;
	env?: Record<string, string>;
	signal?: AbortSignal;
	/** Called for each line that the command writes on file descriptor 3 (apt's machine-readable progress). */
	onStatusLine?: (line: string) => void;
}

/** A command that could not be started or ended with a failure; the message carries the end of its standard error. */
export class CommandError extends Error {
	readonly command: string;

	constructor(command: string, why: string) {
		super(`${command}: ${why}`);
		this.name = 'CommandError';
		this.command = command;
	}
}

/** Runs a command without a shell and returns its standard output. Throws CommandError; an abort ends the command. */
export async function runCommand(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
	// A fixed locale: apt's and dpkg's output is read by us, and it must not depend on who starts the build.
	const child = spawn(command, args, {
		cwd: options.cwd,
		env: { ...process.env, LC_ALL: 'C.UTF-8', ...options.env },
		signal: options.signal,
		stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
	});
	const output: Buffer[] = [];
	let complaints = '';
	child.stdout?.on('data', (chunk: Buffer) => output.push(chunk));
	child.stderr?.on('data', (chunk: Buffer) => {
		complaints = (complaints + chunk.toString('utf8')).slice(-4000);
	});
	readLines(child.stdio[3] as NodeJS.ReadableStream, options.onStatusLine);
	const [code, signal] = await ended(child, command);
	if (code !== 0) throw new CommandError(command, complaints.trim() || `ended with ${signal ?? `exit status ${code}`}`);
	return Buffer.concat(output).toString('utf8');
}

async function ended(child: ReturnType<typeof spawn>, command: string): Promise<[number | null, string | null]> {
	try {
		return (await once(child, 'close')) as [number | null, string | null];
	} catch (error) {
		if (!(error instanceof Error)) throw error;
		if (error.name === 'AbortError') throw error;
		const missing = 'code' in error && error.code === 'ENOENT';
		throw new CommandError(command, missing ? 'not found on this system' : error.message);
	}
}

function readLines(stream: NodeJS.ReadableStream, onLine: ((line: string) => void) | undefined): void {
	let rest = '';
	stream.on('data', (chunk: Buffer) => {
		const lines = (rest + chunk.toString('utf8')).split('\n');
		rest = lines.pop() ?? '';
		for (const line of lines) onLine?.(line);
	});
}
