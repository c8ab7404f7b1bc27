import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { cleanLine } from '../domain/clean.ts';
import { Refusal } from '../domain/errors.ts';
import { parseOauthHeader } from '../domain/oauth.ts';
import { sameText } from '../store/sameText.ts';
import type { User, UserStore } from '../store/users.ts';
import { createAttempts } from './attempts.ts';

/** Who is asking: sessions of people, by a cookie that page scripts can't read and other sites can't send. */
export interface Auth {
	/** The signed-in user, or `undefined`. */
	who(request: FastifyRequest): User | undefined;
	signIn(reply: FastifyReply, user: User): void;
	signOut(request: FastifyRequest, reply: FastifyReply): void;
	/** Checks name and password; slows down after failures, of a name and of the client's address. Throws Refusal. */
	login(username: string, password: string, address: string): Promise<User>;
	/** Is this the token of the desktop window that started this controller? */
	isLaunchToken(token: string): boolean;
	/** What a page must send back with each change, beside the session's cookie; `undefined` without a session. */
	csrfToken(request: FastifyRequest): string | undefined;
	isCsrfToken(request: FastifyRequest, token: unknown): boolean;
}

const COOKIE = 'metaldesk_session';

/** `sessionSeconds`: MAAS's setting session_length, asked at each sign-in. */
export function createAuth(
	users: UserStore,
	launchToken: string | null,
	now: () => Date,
	sessionSeconds: () => number = () => 14 * 24 * 3600,
): Auth {
	const cookieOf = (request: FastifyRequest) =>
		new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{20,100})`).exec(request.headers.cookie ?? '')?.[1];

	/** Made from the session's own secret, so that it needs no place to be kept. */
	const csrfToken = (request: FastifyRequest) => {
		const token = cookieOf(request);
		return token && createHmac('sha256', token).update('csrf').digest('base64url');
	};

	const ofName = createAttempts({
		freeTries: 5,
		longestWaitMs: 300_000,
		forgives: 'all',
		whose: (username) => `for ${cleanLine(username)}`,
		now,
	});
	// many people may share an address (a proxy, a tunnel): it is given more tries, and waits less
	const ofAddress = createAttempts({
		freeTries: 25,
		longestWaitMs: 30_000,
		forgives: 'itself',
		whose: () => 'from your address',
		now,
	});

	return {
		who(request) {
			// the command line asks the app API with its key
			const keys = parseOauthHeader(request.headers.authorization ?? '');
			if (keys) {
				const found = users.byApiToken(keys.consumerKey, keys.tokenKey, keys.tokenSecret);
				return typeof found === 'string' ? undefined : found;
			}
			const token = cookieOf(request);
			return token ? users.bySession(token, now().toISOString()) : undefined;
		},
		signIn(reply, user) {
			const seconds = sessionSeconds();
			const token = users.openSession(user.id, new Date(now().getTime() + seconds * 1000).toISOString());
			reply.header('set-cookie', `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/MAAS; Max-Age=${seconds}`);
		},
		signOut(request, reply) {
			const token = cookieOf(request);
			if (token) users.closeSession(token);
			reply.header('set-cookie', `${COOKIE}=; HttpOnly; SameSite=Strict; Path=/MAAS; Max-Age=0`);
		},
		async login(username, password, address) {
			ofName.begin(username);
			ofAddress.begin(address);
			const user = await users.checkPassword(username, password);
			if (!user) throw new Refusal('not-signed-in', 'Wrong user name or password.', { field: 'password' });
			ofName.succeeded(username);
			ofAddress.succeeded(address);
			return user;
		},
		csrfToken,
		isCsrfToken: (request, token) => typeof token === 'string' && sameText(token, csrfToken(request) ?? ''),
		isLaunchToken: (token) => launchToken !== null && sameText(token, launchToken),
	};
}
