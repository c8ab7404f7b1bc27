import { existsSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import formbody from '@fastify/formbody';
import serveStatic from '@fastify/static';
import websocket from '@fastify/websocket';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { registerAccounts } from './accounts.ts';
import { registerCalls } from './app/calls.ts';
import { registerLive } from './app/live.ts';
import { createAuth } from './auth.ts';
import { toFailure } from './errors.ts';
import { registerMaasApi } from './maas/routes.ts';
import { registerAgent } from './metadata/agent.ts';
import { registerAnonymous } from './metadata/anonymous.ts';
import { registerCloudInit } from './metadata/cloudInit.ts';
import { registerSignal } from './metadata/signal.ts';
import type { Parts } from './parts.ts';

/** The people-facing server: page, app API, live updates; and the metadata that booted machines ask for on the rack's port. */
export interface ApiServer {
	/** Answers the port; rejects with a sentence when it can't be had. */
	listen(host: string, port: number): Promise<number>;
	/** For connections that came in on another port (the rack's HTTP boot). */
	handle(request: IncomingMessage, response: ServerResponse): void;
	stop(): Promise<void>;
}

/** Nothing but our own files, and no frames: a page that shows text of strangers must not be able to run any. */
const CSP = [
	"default-src 'none'",
	"script-src 'self'",
	"style-src 'self'",
	"img-src 'self'",
	"font-src 'self'",
	"connect-src 'self'",
	"base-uri 'none'",
	"form-action 'self'",
	"frame-ancestors 'none'",
].join('; ');

export async function createApiServer(
	parts: Parts,
	options: { uiFolder: string; launchToken: string | null },
): Promise<ApiServer> {
	const auth = createAuth(parts.store.users, options.launchToken, parts.now, () => parts.store.config.count('session_length'));
	const log = parts.log.part('api');
	const app = Fastify({
		logger: false,
		bodyLimit: 2 << 20,
		// cloud-init asks `/MAAS/metadata//2012-03-01/…`
		routerOptions: { ignoreDuplicateSlashes: true },
		forceCloseConnections: true,
	});
	await app.register(formbody);
	await app.register(websocket, { options: { maxPayload: 64 * 1024 } });

	app.addHook('onSend', async (_request, reply) => {
		reply.headers({
			'content-security-policy': CSP,
			'x-content-type-options': 'nosniff',
			'referrer-policy': 'no-referrer',
			// MAAS's clients correct their clocks by it
			date: new Date().toUTCString(),
		});
	});
	app.setErrorHandler((error, request, reply) => {
		const { status, body, expected } = toFailure(error);
		if (!expected)
			log.error('a request failed', { url: request.url, error: String(error instanceof Error ? error.stack : error) });
		return plainForMachines(request)
			? reply.code(status).type('text/plain; charset=utf-8').send(body.text)
			: reply.code(status).send(body);
	});
	app.setNotFoundHandler((request, reply) =>
		plainForMachines(request)
			? reply.code(404).type('text/plain').send('Not found')
			: reply.code(404).send({ code: 'not-found', text: `There is nothing at ${request.url.slice(0, 200)}.` }),
	);

	app.get('/healthz', async () => ({ ok: true }));
	app.get('/', async (_request, reply) => reply.redirect('/MAAS/r/'));
	app.get('/MAAS', async (_request, reply) => reply.redirect('/MAAS/r/'));
	app.get('/MAAS/', async (_request, reply) => reply.redirect('/MAAS/r/'));
	// The desktop window comes in here: its launch token, good for this run alone, becomes a session of the first administrator.
	app.get<Entrance>('/MAAS/enter', async (request, reply) => enter(request, reply));
	if (existsSync(options.uiFolder))
		await app.register(serveStatic, { root: options.uiFolder, prefix: '/MAAS/r/', index: 'index.html' });
	else app.get('/MAAS/r/*', async (_request, reply) => reply.code(503).type('text/plain').send(notBuilt));

	registerCalls(app, parts, auth);
	registerMaasApi(app, parts, auth);
	registerAccounts(app, parts, auth);
	registerAgent(app, parts);
	registerCloudInit(app, parts);
	registerSignal(app, parts);
	registerAnonymous(app, parts);
	let live: { stop(): void } | undefined;
	await app.register(async (scope) => {
		live = registerLive(scope, parts, auth);
	});
	await app.ready();

	const enter = (request: FastifyRequest<Entrance>, reply: FastifyReply) => {
		const { t: token } = request.query;
		if (typeof token !== 'string' || !auth.isLaunchToken(token))
			return reply.code(401).type('text/plain').send('This link is of another run of Metaldesk. Open its window again.');
		const admin = parts.store.users.firstAdmin();
		if (admin) auth.signIn(reply, admin);
		return reply.redirect('/MAAS/r/');
	};

	return {
		async listen(host, port) {
			await app.listen({ host, port });
			const address = app.server.address();
			return typeof address === 'object' && address ? address.port : port;
		},
		handle: (request, response) => app.routing(request, response),
		async stop() {
			live?.stop();
			await app.close();
		},
	};
}

/** A name that comes twice is a list. */
type Entrance = { Querystring: { t?: string | string[] } };

/** A checkout that has not been built: the API works, the page is not there. */
const notBuilt = 'The page has not been built yet. Type npm run build where Metaldesk is installed, then start it again.\n';

const plainForMachines = (request: FastifyRequest) => request.url.startsWith('/MAAS/metadata');
