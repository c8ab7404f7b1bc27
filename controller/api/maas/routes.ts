import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { User } from '../../store/users.ts';
import type { Auth } from '../auth.ts';
import type { Parts } from '../parts.ts';
import { CHALLENGE, createCredentials } from './credentials.ts';
import { describeApi, hashOf } from './describe.ts';
import { failureReply, forbidden, MaasRefusal } from './failures.ts';
import { implementAll, resources } from './groups.ts';
import { openApi } from './openapi.ts';
import { readParameters } from './parameters.ts';
import { JSON_TYPE, Reply } from './reply.ts';
import { type Action, type Call, type Implemented, ROOT, requestOf } from './resource.ts';
import { readSent, type Sent } from './sent.ts';

/** An upload's chunk or a form with files, held in memory while it is checked. */
const BODY_LIMIT = 256 << 20;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'] as const;

/**
 * MAAS's API 2.0 below `/MAAS/api/2.0/`. One request goes through: read it (query, form, multipart), who asks, which action (method
 * and `op`), may this role, do the parameters fit, the handler, the answer. Each step that fails ends it in MAAS's words.
 */
export function registerMaasApi(app: FastifyInstance, parts: Parts, auth: Auth): void {
	const credentials = createCredentials(parts.store.users, auth);
	const log = parts.log.part('maas-api');
	const hash = hashOf(resources);

	const answer = async (request: FastifyRequest, reply: FastifyReply, work: () => Promise<unknown>) => {
		reply.header('x-maas-api-hash', hash).header('vary', 'Authorization, Cookie').header('cache-control', 'no-store');
		const result = await work().catch((error: unknown) => {
			const failure = failureReply(error);
			if (!failure.expected)
				log.error('a request failed', { url: request.url, error: String(error instanceof Error ? error.stack : error) });
			return failure.reply;
		});
		if (!(result instanceof Reply)) return reply.type(JSON_TYPE).send(JSON.stringify(result ?? null));
		for (const [name, value] of Object.entries(result.headers)) reply.header(name, value);
		// fastify takes the type off a 204 that has a body, be it an empty one
		return reply
			.code(result.status)
			.type(result.type)
			.send(result.status === 204 ? undefined : result.body);
	};

	app.register(async (scope) => {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body));
		// a form may come without any content type at all: the empty body of a POST
		scope.setErrorHandler((error, request, reply) => answer(request, reply, () => Promise.reject(error)));

		for (const implemented of implementAll(parts)) {
			const { path, also = [] } = implemented.resource;
			const handler = async (request: FastifyRequest, reply: FastifyReply) =>
				answer(request, reply, () => serve(request, implemented, credentials.whoAsks));
			for (const each of [path, ...also])
				for (const url of spellings(ROOT + each.replace(/\{(\w+)\}/g, ':$1')))
					scope.route({ method: [...METHODS], url, bodyLimit: BODY_LIMIT, handler });
		}
		// the command line insists on exactly this type
		for (const url of spellings(`${ROOT}describe/`))
			scope.get(url, async (request, reply) =>
				answer(request, reply, async () =>
					Reply.bytes(Buffer.from(JSON.stringify(describeApi(resources, originOf(request)))), 'application/json'),
				),
			);
		scope.get('/MAAS/api/openapi.json', async () => openApi(resources, parts.version));
		// MAAS's own path for it; JSON is YAML
		scope.get(`${ROOT}openapi.yaml`, async (_request, reply) =>
			reply.type('application/yaml').send(JSON.stringify(openApi(resources, parts.version))),
		);
		for (const url of spellings('/MAAS/api/version/'))
			scope.get(url, async (_request, reply) => reply.type('text/plain').send('2.0'));
		scope.all('/MAAS/api/1.0/*', async (_request, reply) =>
			reply.code(410).type('text/plain').send('The 1.0 API is no longer available. Please use API version 2.0.'),
		);
		// Juju compares this text to learn that a feature is not there
		scope.all(`${ROOT}*`, async (request, reply) =>
			answer(request, reply, async () => Reply.text(`Unknown API endpoint: ${request.url.split('?')[0]}.`, 404)),
		);
	});
}

async function serve(
	request: FastifyRequest,
	{ resource, handlers }: Implemented,
	whoAsks: (request: FastifyRequest, sent: Sent) => User | null,
): Promise<unknown> {
	const { op: opInPath, ...uri } = request.params as Record<string, string>;
	const raw = Object.entries(resource.actions).some(
		([name, action]) => action.rawBody && requestOf(name, action).method === request.method,
	);
	const sent = await readSent(request, opInPath, raw);
	const onlyAnyone = Object.values(resource.actions).every((action) => action.who === 'anyone');
	const user = onlyAnyone ? null : whoAsks(request, sent);

	const [name, action] = findAction(resource.actions, request.method, sent.op) ?? [];
	if (name === undefined || action === undefined) {
		if (!user && !onlyAnyone) throw new MaasRefusal(401, 'Authorization Required', CHALLENGE);
		throw new MaasRefusal(400, `Unrecognised signature: method=${request.method} op=${sent.op?.slice(0, 100) ?? 'None'}`);
	}
	if (!user && action.who !== 'anyone') throw new MaasRefusal(401, 'Authorization Required', CHALLENGE);
	if (action.who === 'admin' && !user?.isAdmin) throw forbidden();
	if (action.later) throw new MaasRefusal(501, action.later);
	if (action.gone) throw new MaasRefusal(410, action.gone);

	const parameters = action.parameters ?? {};
	const input = readParameters(parameters, sent.values, sent.files);
	const rest = new Map([...sent.values].filter(([each]) => !(each in parameters) && !each.startsWith('oauth_')));
	const call: Call = {
		uri,
		user: user ?? NOBODY,
		anonymous: user === null,
		rest,
		files: sent.files,
		body: sent.body,
		contentLength: Number(request.headers['content-length'] ?? 0),
		origin: originOf(request),
	};
	return handlers[name]?.(input as never, call);
}

const NOBODY: User = { id: -1, username: '', email: '', isAdmin: false };

function findAction(actions: Readonly<Record<string, Action>>, method: string, op: string | null): [string, Action] | undefined {
	return Object.entries(actions).find(([name, action]) => {
		const asked = requestOf(name, action);
		return asked.method === method && asked.op === op;
	});
}

/** With and without the last slash, and MAAS's suffix form of an op (`…/op-query`). */
function spellings(path: string): string[] {
	const bare = path.replace(/\/$/, '');
	return [bare, `${bare}/`, `${bare}/op-:op`];
}

const originOf = (request: FastifyRequest) => `${request.protocol}://${request.host}`;
