import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Server as NetServer } from 'node:net';
import { type Ipv4, parseIpv4 } from '../domain/address.ts';
import type { Log } from '../log.ts';
import { resolveName } from './fileName.ts';
import { type BootFile, sendFile } from './httpFile.ts';

export interface BootHttpRequest {
	readonly method: 'GET' | 'HEAD';
	/** As `resolveName` gives it: no slash in front, none doubled. */
	readonly path: string;
	readonly query: URLSearchParams;
	readonly client: Ipv4;
	readonly headers: Readonly<IncomingMessage['headers']>;
}

export interface BootHttpAnswer {
	readonly status: number;
	/** Media type. */
	readonly type: string;
	readonly body: string | Uint8Array;
}

export interface HttpTransferEvent {
	readonly client: Ipv4;
	readonly path: string;
	readonly state: 'done' | 'failed';
	readonly status: number;
	/** Bytes of the body that the client's connection took. */
	readonly bytes: number;
	readonly ms: number;
}

export interface HttpBootSettings {
	/** A server that listens (`netport.tcp`). */
	readonly listening: NetServer;
	/** Answers made for one machine, such as its boot script; asked first. Null for a path that it does not know. */
	readonly dynamic: (request: BootHttpRequest) => Promise<BootHttpAnswer | null>;
	/** Null for a path that names no file. Links must be resolved and checked by whoever gives a path. */
	readonly files: (path: string) => Promise<BootFile | null>;
	/** Takes everything else, the region's API for instance. */
	readonly fallback: (request: IncomingMessage, response: ServerResponse) => void;
	readonly onTransfer?: (event: HttpTransferEvent) => void;
	readonly log: Log;
}

export interface HttpBoot {
	readonly server: Server;
	/** Takes no more connections and ends those there are. */
	stop(): Promise<void>;
}

/** A rack of hundreds loads at once; more than this is nobody's rack. */
const MAX_CONNECTIONS = 4096;

/** HTTP for booting machines until stopped: scripts, kernels, images, with ranges and entity tags. */
export function createHttpBoot(settings: HttpBootSettings): HttpBoot {
	const { listening, dynamic, files, fallback, onTransfer = () => undefined, log } = settings;

	const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
		const asked = readRequest(request);
		if (!asked) {
			fallback(request, response);
			return;
		}
		const began = performance.now();
		const answer = await dynamic(asked);
		const file = answer ? null : await files(asked.path);
		if (!answer && !file) {
			fallback(request, response);
			return;
		}
		const before = request.socket.bytesWritten;
		response.once('close', () =>
			onTransfer({
				client: asked.client,
				path: asked.path,
				state: response.writableFinished ? 'done' : 'failed',
				status: response.statusCode,
				bytes: bodyBytes(request, response, request.socket.bytesWritten - before),
				ms: Math.round(performance.now() - began),
			}),
		);
		if (answer) sendAnswer(response, answer);
		else if (file) await sendFile(request, response, file);
	};

	// A request's head must be there within 10 s and fit into 16 KiB; a body, which only the fallback takes, has Node's 5 minutes.
	const server = createServer({ headersTimeout: 10_000, maxHeaderSize: 16 * 1024, keepAliveTimeout: 15_000, noDelay: true });
	server.maxConnections = MAX_CONNECTIONS;
	server.maxHeadersCount = 100;
	server.on('request', (request, response) => {
		serve(request, response).catch((error: unknown) => {
			log.error('HTTP request failed', { path: request.url?.slice(0, 200), cause: String(error) });
			if (response.headersSent) response.destroy();
			else sendAnswer(response, { status: 500, type: 'text/plain', body: 'the server failed\n' });
		});
	});
	server.on('error', (error) => log.error('HTTP server failed', { cause: error.message }));
	server.listen(listening);
	return {
		server,
		async stop() {
			const closed = new Promise<void>((done) => server.close(() => done()));
			server.closeAllConnections();
			await closed;
		},
	};
}

/** Null for what is none of ours: other methods, names that `resolveName` refuses, clients without an IPv4 address. */
function readRequest(request: IncomingMessage): BootHttpRequest | null {
	const { method, url = '', headers, socket } = request;
	const client = parseIpv4(socket.remoteAddress?.replace(/^::ffff:/, '') ?? '');
	if ((method !== 'GET' && method !== 'HEAD') || !client) return null;
	const [rawPath = '', query = ''] = url.split('?', 2);
	const path = resolveName(decodePath(rawPath) ?? '');
	return path === null ? null : { method, path, query: new URLSearchParams(query), client, headers };
}

function decodePath(path: string): string | null {
	try {
		return decodeURIComponent(path);
	} catch (error) {
		if (error instanceof URIError) return null;
		throw error;
	}
}

function sendAnswer(response: ServerResponse, { status, type, body }: BootHttpAnswer): void {
	const bytes = Buffer.from(body);
	// A machine's script changes between two boots, so nothing on the way may keep it.
	response.statusCode = status;
	response.setHeader('content-type', type).setHeader('content-length', bytes.length).setHeader('cache-control', 'no-store');
	// Node leaves the body out for HEAD, and writes head and body together otherwise.
	response.end(bytes);
}

/** Of a broken answer the head is counted too, since Node does not say how long it was. */
function bodyBytes(request: IncomingMessage, response: ServerResponse, written: number): number {
	const length = request.method === 'HEAD' ? 0 : Number(response.getHeader('content-length') ?? 0);
	return response.writableFinished ? length : Math.min(length, Math.max(0, written));
}
