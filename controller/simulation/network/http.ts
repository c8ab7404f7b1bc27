import { type Agent, request as open } from 'node:http';

export interface HttpRequest {
	readonly body?: string | Buffer | undefined;
	readonly headers?: Readonly<Record<string, string>>;
	/** the address to speak from; any when absent */
	readonly from?: string | undefined;
	readonly signal: AbortSignal;
	/** Takes the body of an answer 200 as it comes, which then is not kept. */
	readonly sink?: ((part: Buffer) => void) | undefined;
	/** keeps connections; one for each request when absent */
	readonly agent?: Agent | undefined;
}

export interface HttpAnswer {
	/** 0: no whole answer came */
	readonly status: number;
	readonly body: Buffer;
	/** what a `set-cookie` has before its attributes */
	readonly cookie?: string | undefined;
}

/** One request. Never rejects but by its signal: a controller that is away answers 0. */
export function http(
	method: string,
	url: string,
	{ body = '', headers, from, signal, sink, agent }: HttpRequest,
): Promise<HttpAnswer> {
	return new Promise((resolve, reject) => {
		const none = () => (signal.aborted ? reject(signal.reason) : resolve({ status: 0, body: Buffer.alloc(0) }));
		const asked = open(
			url,
			{
				...{ method, signal, agent: agent ?? false },
				...(from === undefined ? {} : { localAddress: from }),
				headers: { ...headers, 'content-length': Buffer.byteLength(body) },
			},
			(response) => {
				const parts: Buffer[] = [];
				response.on('data', response.statusCode === 200 && sink ? sink : (part: Buffer) => parts.push(part));
				response.on('end', () =>
					resolve({
						status: response.statusCode ?? 0,
						body: Buffer.concat(parts),
						cookie: response.headers['set-cookie']?.[0]?.split(';')[0],
					}),
				);
				response.on('error', none);
			},
		);
		asked.on('error', none);
		asked.end(body);
	});
}
