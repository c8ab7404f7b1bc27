import type { FastifyRequest } from 'fastify';
import { type OauthKeys, readOauthParameters } from '../../domain/oauth.ts';
import type { User, UserStore } from '../../store/users.ts';
import type { Auth } from '../auth.ts';
import { forbidden, MaasRefusal } from './failures.ts';
import type { Sent } from './sent.ts';

/** Who signs a request, and how. */
export interface Credentials {
	/** `null` without any credentials. Throws MaasRefusal 400, 401 or 403 for wrong ones, in MAAS's words (facts §1.1). */
	whoAsks(request: FastifyRequest, sent: Sent): User | null;
}

const UNSAFE = ['POST', 'PUT', 'DELETE', 'PATCH'];

/** An API key's OAuth 1.0 PLAINTEXT (header, query or form), else the session of the web UI, whose changes need its CSRF token. */
export function createCredentials(users: UserStore, auth: Auth): Credentials {
	const byKey = ({ consumerKey, tokenKey, tokenSecret }: OauthKeys): User => {
		const found = users.byApiToken(consumerKey, tokenKey, tokenSecret);
		if (found === 'disabled') throw forbidden();
		if (found === 'unknown-consumer') throw new MaasRefusal(401, 'Authorization Error: Invalid API key.', CHALLENGE);
		if (found === 'wrong-token') throw new MaasRefusal(401, "Authorization Error: 'Invalid signature.'", CHALLENGE);
		return found;
	};
	return {
		whoAsks(request, sent) {
			const parameters = readOauthParameters(request.headers.authorization, sent.values);
			if (parameters !== null) {
				if (parameters.is === 'malformed') throw new MaasRefusal(parameters.status, parameters.why, CHALLENGE);
				return byKey(parameters.keys);
			}
			const user = auth.who(request);
			if (user && UNSAFE.includes(request.method) && !auth.isCsrfToken(request, request.headers['x-csrftoken']))
				throw forbidden('CSRF verification failed: send the token of /MAAS/account/csrf/ as X-CSRFToken.');
			return user ?? null;
		},
	};
}

export const CHALLENGE = { 'www-authenticate': 'OAuth realm="API"' };
