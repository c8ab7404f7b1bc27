/** OAuth 1.0 as MAAS uses it: always PLAINTEXT, the consumer secret always empty, so the signature is `&` and the token's secret. */

export interface OauthKeys {
	readonly consumerKey: string;
	readonly tokenKey: string;
	readonly tokenSecret: string;
}

/**
 * Reads an `Authorization: OAuth …` header in any order and spelling that clients send: spaces or none after commas, quoted or bare
 * values, percent-encoded, with or without a realm. `null` when it is no complete OAuth PLAINTEXT header.
 */
export function parseOauthHeader(header: string): OauthKeys | null {
	const values = headerValues(header);
	return values && keysIn((name) => values.get(name));
}

export type OauthParameters =
	| { readonly is: 'keys'; readonly keys: OauthKeys }
	| { readonly is: 'malformed'; readonly status: 400 | 401; readonly why: string };

/**
 * The OAuth parameters of a request, from its header or else from query and form (RFC 5849 §3.5). `null` when it has none at all.
 * MAAS asks for a timestamp that is a number and looks at neither its value nor the nonce.
 */
export function readOauthParameters(
	header: string | undefined,
	sent: ReadonlyMap<string, readonly string[]>,
): OauthParameters | null {
	const inHeader = header !== undefined && /^OAuth\s/i.test(header.trim()) ? headerValues(header) : undefined;
	if (inHeader === undefined && !sent.has('oauth_consumer_key') && !sent.has('oauth_token')) return null;
	if (inHeader === null) return { is: 'malformed', status: 401, why: "Authorization Error: 'The header can’t be read.'" };
	const value = (name: string) => (inHeader ? inHeader.get(name) : sent.get(name)?.at(-1));
	const keys = keysIn(value);
	if (!keys) return { is: 'malformed', status: 401, why: "Authorization Error: 'Missing parameters, or not PLAINTEXT.'" };
	const timestamp = value('oauth_timestamp');
	if (timestamp === undefined || !/^\d{1,15}$/.test(timestamp))
		return { is: 'malformed', status: 400, why: 'Bad Request: oauth_timestamp must be a whole number of seconds.' };
	return { is: 'keys', keys };
}

function headerValues(header: string): Map<string, string> | null {
	const match = /^OAuth\s+(.*)$/is.exec(header.trim());
	if (!match?.[1] || header.length > 4096) return null;
	const values = new Map<string, string>();
	for (const pair of match[1].split(',')) {
		const at = pair.indexOf('=');
		if (at < 0) continue;
		const value = decode(
			pair
				.slice(at + 1)
				.trim()
				.replace(/^"(.*)"$/s, '$1'),
		);
		if (value === null) return null;
		values.set(pair.slice(0, at).trim(), value);
	}
	return values;
}

function keysIn(value: (name: string) => string | undefined): OauthKeys | null {
	const consumerKey = value('oauth_consumer_key');
	const tokenKey = value('oauth_token');
	const signature = value('oauth_signature');
	const method = value('oauth_signature_method');
	if (!consumerKey || !tokenKey || signature === undefined || (method !== undefined && method.toUpperCase() !== 'PLAINTEXT'))
		return null;
	// some clients encode the signature twice: `%2526secret`
	const plain = signature.startsWith('%26') ? decode(signature) : signature;
	return plain?.startsWith('&') ? { consumerKey, tokenKey, tokenSecret: plain.slice(1) } : null;
}

function decode(text: string): string | null {
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}
