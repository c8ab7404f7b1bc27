import { createHmac } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/errors.ts';
import { parseOauthHeader } from '../domain/oauth.ts';
import { sameText } from '../store/sameText.ts';
import type { User, UserStore } from '../store/users.ts';

/** Who is asking: sessions of people, by a cookie that page scripts can't read and other sites can't send. */
export interface Auth {
	/** The signed-in user, or `undefined`. */
	who(request: FastifyRequest): User | undefined;
	signIn(reply: FastifyReply, user: User): void;
	signOut(request: FastifyRequest, reply: FastifyReply): void;
	/** Checks name and password; slows down after failures. Throws Refusal. */
	login(username: string, password: string): Promise<User>;
	/** Is this the token of the desktop window that started this controller? */
	isLaunchToken(token: string): boolean;
	/** What a page must send back with each change, beside the session's cookie; `undefined` without a session. */
	csrfToken(request: FastifyRequest): string | undefined;
	isCsrfToken(request: FastifyRequest, token: unknown): boolean;
}

const COOKIE = 'metaldesk_session';
/** MAAS's session_length: 14 days. */
const SESSION_MS = 14 * 24 * 3600 * 1000;
/** Failures of one name within this time make it wait. */
const MEMORY_MS = 15 * 60 * 1000;
const FREE_TRIES = 5;

export function createAuth(users: UserStore, launchToken: string | null, now: () => Date): Auth {
	const failures = new Map<string, { count: number; last: number }>();
	const cookieOf = (request: FastifyRequest) =>
		new RegExp(`(?:^|;\\s*)${COOKIE}=([\\w-]{20,100})`).exec(request.headers.cookie ?? '')?.[1];

	/** Made from the session's own secret, so that it needs no place to be kept. */
	const csrfToken = (request: FastifyRequest) => {
		const token = cookieOf(request);
		return token && createHmac('sha256', token).update('csrf').digest('base64url');
	};

	const refuseWhileWaiting = (username: string) => {
		const failed = failures.get(username);
		if (!failed || failed.count < FREE_TRIES) return;
		const waitMs = Math.min(2 ** (failed.count - FREE_TRIES) * 1000, 300_000);
		const left = failed.last + waitMs - now().getTime();
		if (left > 0)
			throw new Refusal('not-allowed', `Too many wrong passwords for ${username}: try again in ${Math.ceil(left / 1000)} s.`, {
				field: 'password',
			});
	};
	const remember = (username: string) => {
		const at = now().getTime();
		for (const [name, failed] of failures) if (at - failed.last > MEMORY_MS) failures.delete(name);
		failures.set(username, { count: (failures.get(username)?.count ?? 0) + 1, last: at });
	};

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
			const token = users.openSession(user.id, new Date(now().getTime() + SESSION_MS).toISOString());
			reply.header('set-cookie', `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/MAAS; Max-Age=${SESSION_MS / 1000}`);
		},
		signOut(request, reply) {
			const token = cookieOf(request);
			if (token) users.closeSession(token);
			reply.header('set-cookie', `${COOKIE}=; HttpOnly; SameSite=Strict; Path=/MAAS; Max-Age=0`);
		},
		async login(username, password) {
			refuseWhileWaiting(username);
			// counted before it is checked: guesses that come at once must not all be free
			remember(username);
			const user = await users.checkPassword(username, password);
			if (!user) throw new Refusal('not-signed-in', 'Wrong user name or password.', { field: 'password' });
			failures.delete(username);
			return user;
		},
		csrfToken,
		isCsrfToken: (request, token) => typeof token === 'string' && sameText(token, csrfToken(request) ?? ''),
		isLaunchToken: (token) => launchToken !== null && sameText(token, launchToken),
	};
}
