import type { FastifyInstance, FastifyRequest } from 'fastify';
import { type Ipv4, parseIpv4 } from '../../domain/address.ts';
import { readReport } from '../../domain/agentReport.ts';
import { cleanInteger } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Boot } from '../../store/boots.ts';
import type { Parts } from '../parts.ts';

/** A report is a few kilobytes; an inventory by lshw of a large server is one or two megabytes. */
const REPORT_LIMIT = 256 * 1024;
const CHUNK_LIMIT = 512 * 1024;
const FILE_LIMIT = 8 * 1024 * 1024;
/** How long a token still counts after its boot has ended: for calls whose answer was lost. */
const LATE_MS = 5 * 60 * 1000;

type Id = { Params: { id: string } };

/** What the agent asks (flows/agentJob.ts), below `/MAAS/metadata/agent/v1`. Answers are plain text that a shell can read. */
export function registerAgent(app: FastifyInstance, { agentJob, store, now }: Parts): void {
	const bootOf = (request: FastifyRequest): Boot => {
		const token = /^Bearer ([\w-]{20,100})$/.exec(request.headers.authorization ?? '')?.[1];
		const boot = token && store.boots.byToken(token, new Date(now().getTime() - LATE_MS).toISOString());
		if (!boot) throw new Refusal('not-signed-in', 'This boot has ended or never was: start the machine again.');
		return boot;
	};
	const idOf = (request: FastifyRequest<Id>): number => {
		const id = cleanInteger(request.params.id, 1, Number.MAX_SAFE_INTEGER);
		if (id === null) throw new Refusal('bad-input', 'A result has a number.', { field: 'id' });
		return id;
	};
	const query = (request: FastifyRequest, name: string): string => String((request.query as Record<string, unknown>)[name] ?? '');

	app.register(
		async (agent) => {
			// everything comes as bytes; only the report is more than that, and it is read here
			agent.removeAllContentTypeParsers();
			agent.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
			const bytesOf = (request: FastifyRequest) => (Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0));

			agent.post('/report', { bodyLimit: REPORT_LIMIT }, async (request, reply) => {
				const boot = bootOf(request);
				const report = readReport(parseJson(bytesOf(request)));
				if ('problem' in report) throw new Refusal('bad-input', report.problem, { field: report.field });
				return reply.type('text/plain').send(agentJob.report(boot, report));
			});
			agent.get<Id>('/script/:id', async (request, reply) => {
				const boot = bootOf(request);
				return reply.type('text/plain').send(agentJob.script(boot, idOf(request), serverOf(request)));
			});
			agent.post<Id>('/start/:id', async (request, reply) => {
				agentJob.started(bootOf(request), idOf(request));
				return reply.type('text/plain').send('OK\n');
			});
			agent.post<Id>('/output/:id', { bodyLimit: CHUNK_LIMIT }, async (request, reply) => {
				const offset = cleanInteger(query(request, 'offset'), 0, Number.MAX_SAFE_INTEGER);
				if (offset === null) throw new Refusal('bad-input', 'The offset of the output is missing.', { field: 'offset' });
				agentJob.output(bootOf(request), idOf(request), offset, bytesOf(request));
				return reply.type('text/plain').send('OK\n');
			});
			for (const stream of ['stdout', 'stderr'] as const)
				agent.post<Id>(`/${stream}/:id`, { bodyLimit: FILE_LIMIT }, async (request, reply) => {
					const boot = bootOf(request);
					// stderr is in the combined output; it is taken so that the agent need not know
					if (stream === 'stdout') agentJob.stdout(boot, idOf(request), bytesOf(request));
					return reply.type('text/plain').send('OK\n');
				});
			agent.post<Id>('/result/:id', { bodyLimit: FILE_LIMIT }, async (request, reply) => {
				const exit = cleanInteger(query(request, 'exit'), -255, 255);
				const seconds = Number(query(request, 'seconds'));
				if (exit === null) throw new Refusal('bad-input', 'The exit status is a number from 0 to 255.', { field: 'exit' });
				agentJob.result(bootOf(request), idOf(request), {
					exit,
					seconds: Number.isFinite(seconds) && seconds >= 0 ? seconds : 0,
					timedOut: query(request, 'timedout') === '1',
					result: bytesOf(request),
				});
				return reply.type('text/plain').send('OK\n');
			});
			agent.post('/alive', async (request, reply) => {
				agentJob.alive(bootOf(request));
				return reply.type('text/plain').send('OK\n');
			});
			agent.post('/done', async (request, reply) => reply.type('text/plain').send(agentJob.done(bootOf(request))));
		},
		{ prefix: '/MAAS/metadata/agent/v1' },
	);
}

function parseJson(bytes: Buffer): unknown {
	try {
		return JSON.parse(bytes.toString('utf8'));
	} catch (error) {
		throw new Refusal(
			'bad-input',
			`The report is not JSON: ${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'}`,
			{ field: 'report' },
		);
	}
}

/** The address and port by which the machine has reached the controller: what it is told to fetch comes from there too. */
export function serverOf(request: FastifyRequest): { address: Ipv4; httpPort: number } {
	const { localAddress, localPort } = request.raw.socket;
	const address = parseIpv4((localAddress ?? '').replace(/^::ffff:/, ''));
	if (!address || localPort === undefined) throw new Refusal('unavailable', 'The connection has ended.');
	return { address, httpPort: localPort };
}
