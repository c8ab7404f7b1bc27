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
	const consumerKey = values.get('oauth_consumer_key');
	const tokenKey = values.get('oauth_token');
	const signature = values.get('oauth_signature');
	const method = values.get('oauth_signature_method');
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
