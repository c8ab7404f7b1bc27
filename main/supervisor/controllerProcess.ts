import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { explanationIn, type LineSource } from './logLine.ts';
import { type ControllerMessage, type ParentMessage, readMessage } from './messages.ts';
import type { Runtime } from './runtime.ts';

/** How to start the controller. */
export interface ControllerCommand {
	readonly runtime: Runtime;
	/** The program's file, `controller/process.ts` or its bundle. */
	readonly entry: string;
	/** Where it keeps its data; `undefined`: where the controller itself decides. */
	readonly dataFolder: string | undefined;
	/** 0: any free one. */
	readonly port: number;
	/** Lets the window in; goes through the environment because other users can read a process's arguments. */
	readonly launchToken: string;
}

/** `refused`: it said itself that starting again would not help. `died`: anything else. */
export interface Ending {
	readonly kind: 'refused' | 'died';
	readonly ranForMs: number;
	/** A sentence for people. */
	readonly reason: string;
}

export interface ControllerProcess {
	tell(message: ParentMessage): void;
	/** Asks it to end and waits; after seven seconds it is killed. */
	end(): Promise<Ending>;
	kill(): void;
	/** Resolves, never rejects, when the process is gone. */
	readonly ending: Promise<Ending>;
}

/** Exit codes by which the controller says that it will not start like this: 2 a bad option, 3 its data folder is in use. */
const refusals = new Set([2, 3]);
const endWithinMs = 7_000;

/** Starts one controller process. It ends by itself when this process goes, even by SIGKILL: it watches the IPC channel. */
export function spawnController(
	command: ControllerCommand,
	hear: { message(message: ControllerMessage): void; line(line: string, source: LineSource): void },
): ControllerProcess {
	const bornAt = performance.now();
	const child = spawn(command.runtime.executable, argumentsOf(command), {
		stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
		env: environmentOf(command),
	});
	let lastWords: string | undefined;
	let explanation: string | undefined;

	child.on('message', (sent) => {
		const message = readMessage(sent);
		if (!message) return hear.line(`unknown message from the controller: ${JSON.stringify(sent)}`, 'errors');
		if (message.kind === 'exit') lastWords = message.sentence;
		hear.message(message);
	});
	readLines(child.stdout, (line) => hear.line(line, 'output'));
	readLines(child.stderr, (line) => {
		explanation = explanationIn(line) ?? explanation;
		hear.line(line, 'errors');
	});

	const ending = gone(child).then((how): Ending => {
		const kind = typeof how === 'number' && refusals.has(how) ? 'refused' : 'died';
		const detail = explanation ? `: ${explanation}` : '.';
		return { kind, ranForMs: performance.now() - bornAt, reason: lastWords ?? `${describe(how)}${detail}` };
	});

	return {
		ending,
		tell: (message) => {
			// A failed send means that the process is going; `ending` tells the rest.
			child.send(message, () => undefined);
		},
		kill: () => child.kill('SIGKILL'),
		end: async () => {
			// Windows has no signals, a kill there would be a hard one; the lost channel is the polite way.
			if (process.platform === 'win32') child.disconnect();
			else child.kill('SIGTERM');
			const tooLong = setTimeout(() => child.kill('SIGKILL'), endWithinMs);
			return ending.finally(() => clearTimeout(tooLong));
		},
	};
}

/** A process that could not be started at all has no streams. */
function readLines(stream: Readable | null, hear: (line: string) => void) {
	if (stream) createInterface({ input: stream }).on('line', hear);
}

function argumentsOf({ entry, dataFolder, port }: ControllerCommand): string[] {
	const data = dataFolder === undefined ? [] : ['--data', dataFolder];
	return [entry, 'serve', ...data, '--http', `127.0.0.1:${port}`];
}

function environmentOf({ runtime, launchToken }: ControllerCommand): NodeJS.ProcessEnv {
	// NODE_OPTIONS was meant for whoever started us, not for a program that opens privileged ports.
	const { NODE_OPTIONS: _options, ELECTRON_RUN_AS_NODE: _mode, ...inherited } = process.env;
	return { ...inherited, ...runtime.environment, METALDESK_LAUNCH_TOKEN: launchToken };
}

type Gone = number | NodeJS.Signals | Error;

/** Waits for the end and for what was said before it: the last lines and messages may arrive after the exit itself. */
async function gone(child: ChildProcess): Promise<Gone> {
	const failed = new Promise<Gone>((resolve) => child.on('error', resolve));
	const exited = new Promise<Gone>((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal ?? 0)));
	const closed = new Promise((resolve) => child.once('close', resolve));
	const how = await Promise.race([failed, exited]);
	// A process that the controller started may hold its pipes open for longer than we care to wait.
	await Promise.race([closed, delay(250)]);
	return how;
}

function describe(how: Gone): string {
	if (how instanceof Error) return `The controller could not be started: ${how.message}`;
	if (typeof how === 'number') return `The controller ended with code ${how}`;
	return `The controller was ended by ${how}`;
}
