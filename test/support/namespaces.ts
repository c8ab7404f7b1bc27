import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

/** Network namespaces of one test, gone with everything in them when it ends. Needs root and iproute2. */
export interface Namespaces {
	/** The full name, for `ip netns exec`. */
	readonly name: (short: string) => string;
	/** Runs `ip -n <namespace> …`. */
	ip(namespace: string, command: string): void;
	/** A cable between two namespaces; both ends are up. */
	connect(from: { namespace: string; device: string }, to: { namespace: string; device: string }): void;
	/** Starts a program inside; its output is collected. */
	start(namespace: string, command: readonly string[]): Program;
	/** Ends all programs that were started, and removes the namespaces. */
	remove(): Promise<void>;
}

export interface Program {
	readonly child: ChildProcess;
	readonly output: () => string;
	/** Standard output and error together, and the status. */
	readonly ended: Promise<{ status: number | null; output: string }>;
	/** Waits until the output has this. */
	says(words: string | RegExp): Promise<void>;
}

export function makeNamespaces(shorts: readonly string[]): Namespaces {
	const name = (short: string): string => `md-${process.pid}-${short}`;
	const running = new Set<ChildProcess>();
	const ip = (namespace: string, command: string): void =>
		void execFileSync('ip', ['-n', name(namespace), ...command.split(' ')]);
	for (const short of shorts) {
		execFileSync('ip', ['netns', 'add', name(short)]);
		ip(short, 'link set lo up');
	}
	return {
		name,
		ip,
		connect(from, to) {
			ip(from.namespace, `link add ${from.device} type veth peer name ${to.device} netns ${name(to.namespace)}`);
			ip(from.namespace, `link set ${from.device} up`);
			ip(to.namespace, `link set ${to.device} up`);
		},
		start(namespace, command) {
			const child = spawn('ip', ['netns', 'exec', name(namespace), ...command], { stdio: ['ignore', 'pipe', 'pipe'] });
			running.add(child);
			let text = '';
			for (const stream of [child.stdout, child.stderr]) {
				stream.setEncoding('utf8').on('data', (part: string) => {
					text += part;
				});
			}
			const ended = once(child, 'close').then(([status]: (number | null)[]) => {
				running.delete(child);
				return { status: status ?? null, output: text };
			});
			return {
				child,
				output: () => text,
				ended,
				async says(words) {
					const found = (): boolean => (typeof words === 'string' ? text.includes(words) : words.test(text));
					for (let tries = 0; !found(); tries++) {
						if (child.exitCode !== null || tries === 500) throw new Error(`${command.join(' ')} never said ${words}: ${text}`);
						await new Promise((done) => setTimeout(done, 20));
					}
				},
			};
		},
		async remove() {
			const ends = [...running].map((child) => once(child, 'close'));
			for (const child of running) child.kill();
			await Promise.all(ends);
			for (const short of shorts) execFileSync('ip', ['netns', 'del', name(short)]);
		},
	};
}
