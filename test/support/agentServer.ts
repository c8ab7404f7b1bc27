import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface JobScript {
	id: string;
	name: string;
	/** 0 = no limit. */
	timeoutSeconds: number;
	body: string;
}

export interface Job {
	id: string;
	kind: 'enlist' | 'commission' | 'test' | 'deploy' | 'erase' | 'release' | 'rescue' | 'poweroff';
	scripts: JobScript[];
	end: 'poweroff' | 'reboot' | 'stay';
}

/** What the agent delivered for one script. */
export interface Delivered {
	started: boolean;
	/** The streamed output, pieces put where their offset says. */
	output: Buffer;
	/** Offsets in the order in which they came, to see that it was streamed. */
	offsets: number[];
	stdout: string;
	stderr: string;
	result: string;
	exit: number | null;
	seconds: number | null;
	timedOut: boolean;
}

export interface AgentServer {
	port: number;
	report: Record<string, unknown> | null;
	delivered: Map<string, Delivered>;
	beats: number;
	/** True after the agent asked what comes after its last job. */
	done: boolean;
	/** Each request as `METHOD path`, without the query. */
	requests: string[];
	/** Called after each request was recorded and before it is answered; may delay the answer. */
	onRequest: (line: string) => void | Promise<void>;
	/** Closes the port and all connections; `start` opens the same port again, with all that was recorded. */
	stop(): Promise<void>;
	start(): Promise<void>;
}

/** Speaks the agent's protocol and records all of it. `jobs` are given out one after the other in the same boot. */
export async function startAgentServer(
	jobs: Job[],
	options: { token: string; host?: string; refuse?: number },
): Promise<AgentServer> {
	const waiting = [...jobs];
	let current = waiting.shift();
	let server: Server | null = null;
	const agent: AgentServer = {
		port: 0,
		report: null,
		delivered: new Map(),
		beats: 0,
		done: false,
		requests: [],
		onRequest: () => undefined,
		async stop() {
			server?.close();
			server?.closeAllConnections();
			server = null;
		},
		async start() {
			server = createServer((request, response) => {
				answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
			});
			server.listen(agent.port, options.host ?? '127.0.0.1');
			await once(server, 'listening');
			agent.port = (server.address() as AddressInfo).port;
		},
	};

	async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
		const body = await readBody(request);
		const url = new URL(request.url ?? '/', 'http://agent.example.org');
		const [verb = '', id = ''] = url.pathname.replace(/^\/agent\/v1\//, '').split('/');
		agent.requests.push(`${request.method} ${verb}${id ? `/${id}` : ''}`);
		await agent.onRequest(agent.requests.at(-1) ?? '');
		if (options.refuse !== undefined || request.headers.authorization !== `Bearer ${options.token}`) {
			response.writeHead(options.refuse ?? 401).end('this boot is not known\n');
			return;
		}
		response.setHeader('Content-Type', 'text/plain');
		response.end(reply(verb, id, url.searchParams, body));
	}

	function reply(verb: string, id: string, query: URLSearchParams, body: Buffer): string {
		const entry = id ? recordOf(agent.delivered, id) : null;
		if (verb === 'report') {
			agent.report = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
			return current ? manifestText(current) : 'end poweroff\n';
		}
		if (verb === 'alive') agent.beats++;
		if (verb === 'script') return current?.scripts.find((script) => script.id === id)?.body ?? '';
		if (verb === 'done') {
			const ended = current;
			current = waiting.shift();
			if (current) return manifestText(current);
			agent.done = true;
			return `end ${ended?.end ?? 'poweroff'}\n`;
		}
		if (!entry) return '';
		if (verb === 'start') entry.started = true;
		if (verb === 'stdout') entry.stdout = body.toString('utf8');
		if (verb === 'stderr') entry.stderr = body.toString('utf8');
		if (verb === 'output') {
			const offset = Number(query.get('offset'));
			entry.offsets.push(offset);
			const grown = Buffer.alloc(Math.max(entry.output.length, offset + body.length));
			entry.output.copy(grown);
			body.copy(grown, offset);
			entry.output = grown;
		}
		if (verb === 'result') {
			entry.result = body.toString('utf8');
			entry.exit = Number(query.get('exit'));
			entry.seconds = Number(query.get('seconds'));
			entry.timedOut = query.get('timedout') === '1';
		}
		return '';
	}

	await agent.start();
	return agent;
}

function recordOf(all: Map<string, Delivered>, id: string): Delivered {
	const fresh = {
		started: false,
		output: Buffer.alloc(0),
		offsets: [],
		stdout: '',
		stderr: '',
		result: '',
		exit: null,
		seconds: null,
		timedOut: false,
	};
	const entry = all.get(id) ?? fresh;
	all.set(id, entry);
	return entry;
}

function manifestText(job: Job): string {
	const scripts = job.scripts.map(({ id, timeoutSeconds, name }) => `script ${id} ${timeoutSeconds} ${name}`);
	return [`job ${job.id} ${job.kind}`, ...scripts, `end ${job.end}`, ''].join('\n');
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
	const chunks: Buffer[] = [];
	for await (const chunk of request) chunks.push(chunk as Buffer);
	return Buffer.concat(chunks);
}
