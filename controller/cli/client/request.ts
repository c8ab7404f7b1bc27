import { randomBytes } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { Stop } from './stop.ts';

export interface Answer {
	readonly status: number;
	readonly type: string;
	readonly body: Buffer;
	readonly headers: http.IncomingHttpHeaders;
}

export interface Asked {
	readonly method: string;
	readonly url: string;
	readonly key: string | null;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Buffer | string;
}

const PATIENCE_MS = 120_000;

/** One signed request (OAuth 1.0 PLAINTEXT). Throws Stop 3 with a sentence when there is no answer. node:http starts faster than fetch. */
export function ask({ method, url, key, headers = {}, body }: Asked): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const where = new URL(url);
		const request = (where.protocol === 'https:' ? https : http).request(
			where,
			{
				method,
				timeout: PATIENCE_MS,
				headers: {
					accept: 'application/json',
					...(key === null ? {} : { authorization: oauth(key) }),
					...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
					...headers,
				},
			},
			(response) => {
				const chunks: Buffer[] = [];
				response.on('data', (chunk: Buffer) => chunks.push(chunk));
				response.on('error', (error) => reject(unreachable(where, error.message)));
				response.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						type: response.headers['content-type'] ?? '',
						body: Buffer.concat(chunks),
						headers: response.headers,
					}),
				);
			},
		);
		request.on('timeout', () => request.destroy(new Error('no answer within two minutes')));
		request.on('error', (error) => reject(unreachable(where, error.message)));
		request.end(body);
	});
}

/** The answer's body, or Stop with the server's own words: 1 refused, 4 not signed in or not allowed. */
export function good(answer: Answer): Answer {
	if (answer.status >= 200 && answer.status < 300) return answer;
	const text = answer.body.toString('utf8').trim();
	throw new Stop(
		answer.status === 401 || answer.status === 403 ? 4 : 1,
		reasons(answer, text) || `the server answered ${answer.status}`,
	);
}

/** A form's errors, one line each: `name: This field is required.` */
function reasons(answer: Answer, text: string): string {
	if (!answer.type.includes('json')) return text;
	try {
		const value: unknown = JSON.parse(text);
		if (typeof value !== 'object' || value === null) return text;
		if ('text' in value) return [value.text, (value as { nextStep?: string }).nextStep].filter(Boolean).join(' ');
		return Object.entries(value)
			.map(([field, why]) => `${field === '__all__' ? '' : `${field}: `}${Array.isArray(why) ? why.join(' ') : String(why)}`)
			.join('\n');
	} catch {
		return text;
	}
}

function oauth(key: string): string {
	const [consumer = '', token = '', secret = ''] = key.split(':').map(encodeURIComponent);
	const parameters = {
		oauth_consumer_key: consumer,
		oauth_token: token,
		oauth_signature_method: 'PLAINTEXT',
		oauth_signature: `%26${secret}`,
		oauth_timestamp: String(Math.floor(Date.now() / 1000)),
		oauth_nonce: randomBytes(16).toString('hex'),
		oauth_version: '1.0',
	};
	return `OAuth ${Object.entries(parameters)
		.map(([name, value]) => `${name}="${value}"`)
		.join(', ')}`;
}

const unreachable = (where: URL, why: string) => new Stop(3, `${where.origin} can’t be reached: ${why}`);
