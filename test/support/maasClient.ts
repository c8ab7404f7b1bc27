import type { TestContext } from 'node:test';
import type { Config } from '../../controller/config.ts';
import { startApi } from './startApi.ts';

/** Names with one value each, or several (repeated). Numbers and booleans are sent as text. */
export type Form = Readonly<Record<string, string | number | boolean | readonly (string | number)[]>>;

export interface MaasAnswer {
	readonly status: number;
	readonly type: string;
	readonly text: string;
	readonly headers: Headers;
	/** The body as JSON; throws when it is none. */
	json<Body = Record<string, unknown>>(): Body;
}

/** A client of MAAS's API with one user's key, or with none; everything goes over a real socket. Paths are below `/MAAS/api/2.0/`. */
export type MaasClient = ReturnType<typeof makeMaasClient>;

export const formOf = (form: Form): URLSearchParams => {
	const body = new URLSearchParams();
	for (const [name, value] of Object.entries(form))
		for (const each of Array.isArray(value) ? value : [value]) body.append(name, String(each));
	return body;
};

/** The header that cloud-init, MAAS's command line and gomaasapi send. */
export const oauthHeader = (key: string): string => {
	const [consumer = '', token = '', secret = ''] = key.split(':');
	return [
		'OAuth realm="OAuth"',
		`oauth_consumer_key="${consumer}"`,
		`oauth_token="${token}"`,
		'oauth_signature_method="PLAINTEXT"',
		`oauth_signature="%26${secret}"`,
		'oauth_timestamp="1700000000"',
		'oauth_nonce="6a4f"',
		'oauth_version="1.0"',
	].join(', ');
};

export function makeMaasClient(url: string, key: string | null) {
	const send = async (
		method: string,
		path: string,
		init: { headers?: Record<string, string>; body?: BodyInit } = {},
	): Promise<MaasAnswer> => {
		const where = path.startsWith('/') ? `${url}${path}` : `${url}/MAAS/api/2.0/${path}`;
		const headers = { ...(key === null ? {} : { authorization: oauthHeader(key) }), ...init.headers };
		const response = await fetch(where, { method, redirect: 'manual', ...init, headers });
		const text = await response.text();
		return {
			status: response.status,
			type: response.headers.get('content-type') ?? '',
			text,
			headers: response.headers,
			json: <Body>() => JSON.parse(text) as Body,
		};
	};
	const withQuery = (path: string, query: Form) => {
		const text = formOf(query).toString();
		return text === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${text}`;
	};
	return {
		key,
		send,
		get: (path: string, query: Form = {}) => send('GET', withQuery(path, query)),
		/** As gomaasapi does: `?op=` is there even when it is empty. */
		post: (path: string, op: string | null = null, form: Form = {}) =>
			send('POST', `${path}?op=${op ?? ''}`, { body: formOf(form) }),
		put: (path: string, form: Form = {}) => send('PUT', path, { body: formOf(form) }),
		delete: (path: string, query: Form = {}) => send('DELETE', withQuery(path, query)),
	};
}

/** A whole controller with the administrators `ann`, the users `bob` and `eve`, and a client for each and for nobody. */
export async function startMaas(t: TestContext, change: Partial<Config> = {}) {
	// no way to this computer's cards: a test that turns DHCP on must never reach its network
	const api = await startApi(t, { netport: ['/nowhere/netport'], ...change });
	const { store } = api;
	const clientOf = async (username: string) => {
		const user =
			store.users.byName(username) ??
			(await store.users.create({ username, password: 'correct horse', isAdmin: false, at: new Date().toISOString() }));
		if (!user) throw new Error(`there is no user ${username}`);
		return { user, ...makeMaasClient(api.url, store.users.createApiKey(user.id, 'tests')) };
	};
	const [ann, bob, eve] = await Promise.all([clientOf('ann'), clientOf('bob'), clientOf('eve')]);
	return { ...api, ann, bob, eve, nobody: makeMaasClient(api.url, null) };
}
