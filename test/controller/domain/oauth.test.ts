import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseOauthHeader } from '../../../controller/domain/oauth.ts';

const keys = { consumerKey: 'consumer', tokenKey: 'token', tokenSecret: 'secret' };

test('the headers of MAAS’s clients are read, each in its own spelling', () => {
	for (const [client, header] of [
		[
			'cloud-init (oauthlib)',
			'OAuth oauth_nonce="1", oauth_timestamp="2", oauth_version="1.0", oauth_signature_method="PLAINTEXT", oauth_consumer_key="consumer", oauth_token="token", oauth_signature="%26secret"',
		],
		[
			'gomaasapi',
			'OAuth realm="", oauth_consumer_key="consumer", oauth_token="token", oauth_signature_method="PLAINTEXT", oauth_signature="%26secret"',
		],
		['python-libmaas', 'OAuth oauth_token="token",oauth_consumer_key="consumer",oauth_signature="%26secret"'],
		['bare values', 'OAuth oauth_consumer_key=consumer, oauth_token=token, oauth_signature=%26secret'],
		['encoded twice', 'OAuth oauth_consumer_key="consumer", oauth_token="token", oauth_signature="%2526secret"'],
		['lower case', 'oauth oauth_consumer_key="consumer", oauth_token="token", oauth_signature="%26secret"'],
	] as const)
		assert.deepEqual(parseOauthHeader(header), keys, client);
});

test('everything else is null', () => {
	const complete = 'oauth_consumer_key="consumer", oauth_token="token", oauth_signature="%26secret"';
	for (const [what, header] of [
		['nothing', ''],
		['another scheme', `Bearer ${complete}`],
		['no token', 'OAuth oauth_consumer_key="consumer", oauth_signature="%26secret"'],
		['no signature', 'OAuth oauth_consumer_key="consumer", oauth_token="token"'],
		['another method', `OAuth ${complete}, oauth_signature_method="HMAC-SHA1"`],
		['a consumer secret', 'OAuth oauth_consumer_key="consumer", oauth_token="token", oauth_signature="a%26secret"'],
		['broken encoding', 'OAuth oauth_consumer_key="%zz", oauth_token="token", oauth_signature="%26secret"'],
		['five thousand characters', `OAuth ${complete}, oauth_nonce="${'x'.repeat(5000)}"`],
	] as const)
		assert.equal(parseOauthHeader(header), null, what);
});
