import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/errors.ts';
import type { User } from '../store/users.ts';
import type { Auth } from './auth.ts';
import { failureReply } from './maas/failures.ts';
import { DEFAULT_CONSUMER, tokenObject } from './maas/people/account.ts';
import { JSON_TYPE } from './maas/reply.ts';
import { readSent } from './maas/sent.ts';
import type { Parts } from './parts.ts';

/** MAAS's sign-in beside its API (facts §1.2): the page's session, and `authenticate`, by which clients get a key for a password. */
export function registerAccounts(app: FastifyInstance, { store }: Parts, auth: Auth): void {
	app.register(async (scope) => {
		scope.removeAllContentTypeParsers();
		scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: 64 * 1024 }, (_request, body, done) => done(null, body));
		scope.setErrorHandler((error, _request, reply) => {
			const { status, type, body } = failureReply(error).reply;
			return reply
				.code(status)
				.type(type ?? 'text/plain')
				.send(body);
		});
		const on = (method: 'GET' | 'POST', path: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown) => {
			for (const url of [path, path.replace(/\/$/, '')])
				scope.route({
					method,
					url,
					handler: async (request, reply) => {
						reply.header('cache-control', 'no-store').header('vary', 'Cookie');
						return handler(request, reply);
					},
				});
		};
		/** The paths that are for POST alone. */
		const onlyPost = (path: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown) => {
			on('POST', path, handler);
			on('GET', path, (_request, reply) => reply.code(405).header('allow', 'POST').send());
		};
		const json = (reply: FastifyReply, value: unknown, status = 200) =>
			reply.code(status).type(JSON_TYPE).send(JSON.stringify(value));
		const formOf = async (request: FastifyRequest) => {
			const { values } = await readSent(request, undefined, false);
			return (name: string): string => values.get(name)?.at(-1) ?? '';
		};

		on('GET', '/MAAS/accounts/login/', (request, reply) =>
			json(reply, {
				authenticated: auth.who(request) !== undefined,
				external_auth_url: null,
				no_users: !store.users.any(),
			}),
		);
		on('POST', '/MAAS/accounts/login/', async (request, reply) => {
			// a page of another site could sign its visitors in as somebody else, and read along
			if (request.headers['sec-fetch-site'] === 'cross-site')
				throw new Refusal('not-allowed', 'Sign in on a page of this controller.');
			if (auth.who(request)) return reply.code(204).send();
			const field = await formOf(request);
			const missing = ['username', 'password'].filter((name) => field(name) === '');
			if (missing.length > 0)
				return json(reply, Object.fromEntries(missing.map((name) => [name, ['This field is required.']])), 400);
			const user = await signIn(request, field('username'), field('password'));
			if (user instanceof Refusal) return json(reply, { __all__: [user.message] }, 400);
			auth.signIn(reply, user);
			return reply.code(204).send();
		});
		onlyPost('/MAAS/accounts/authenticate/', async (request, reply) => {
			const field = await formOf(request);
			const user = await signIn(request, field('username'), field('password'));
			if (user instanceof Refusal)
				return reply
					.code(403)
					.type('text/plain')
					.send(user.code === 'not-signed-in' ? '' : user.message);
			const consumer = field('consumer').slice(0, 255) || DEFAULT_CONSUMER;
			const known = store.users.apiTokens(user.id).find((token) => token.name === consumer);
			if (!known) store.events.append({ kind: 'security', text: `API key “${consumer}” was created`, by: user.username });
			return json(reply, tokenObject(known ?? store.users.createApiToken(user.id, consumer)));
		});
		onlyPost('/MAAS/accounts/logout/', (request, reply) => {
			if (sessionToken(request)) demandCsrf(request);
			auth.signOut(request, reply);
			return reply.code(204).send();
		});
		onlyPost('/MAAS/account/csrf/', (request, reply) => {
			const csrf = sessionToken(request);
			return csrf ? json(reply, { csrf }) : reply.code(403).send();
		});
		// signing in elsewhere (Candid, OIDC) is not offered, as external_auth_url says
		on('GET', '/MAAS/accounts/discharge-request/', (_request, reply) =>
			reply.code(404).type('text/plain').send('There is no external authentication here.'),
		);

		const signIn = async (request: FastifyRequest, username: string, password: string): Promise<User | Refusal> => {
			try {
				return await auth.login(username, password, request.ip);
			} catch (error) {
				if (error instanceof Refusal) return error;
				throw error;
			}
		};
		/** The CSRF token of a session that is still good. */
		const sessionToken = (request: FastifyRequest) => (auth.who(request) ? auth.csrfToken(request) : undefined);
		const demandCsrf = (request: FastifyRequest) => {
			if (!auth.isCsrfToken(request, request.headers['x-csrftoken']))
				throw new Refusal('not-allowed', 'CSRF verification failed: send the token of /MAAS/account/csrf/ as X-CSRFToken.');
		};
	});
}
