import { Busboy } from '@fastify/busboy';
import type { FastifyRequest } from 'fastify';
import { Refusal } from '../../domain/errors.ts';
import type { SentFile } from './parameters.ts';

/** What a request carries, whichever way it was sent: names with all their values, and files. */
export interface Sent {
	/** of the query and of the body's form, in this order */
	readonly values: ReadonlyMap<string, readonly string[]>;
	readonly files: ReadonlyMap<string, SentFile>;
	readonly op: string | null;
	readonly body: Buffer;
}

const MAX_PARTS = 2000;

/**
 * Reads query, urlencoded and multipart bodies as MAAS's clients send them: python-libmaas and MAAS's own command line put every part
 * into base64 (`Content-Transfer-Encoding`), quote boundaries, and send an empty multipart body with a DELETE. An empty `op` is none.
 * Throws Refusal `bad-input` for a form that can't be read.
 */
export async function readSent(request: FastifyRequest, opInPath: string | undefined, rawBody: boolean): Promise<Sent> {
	const values = new Map<string, string[]>();
	const files = new Map<string, SentFile>();
	const add = (name: string, value: string) => {
		const known = values.get(name);
		if (known) known.push(value);
		else if (values.size < MAX_PARTS) values.set(name, [value]);
	};
	const query = request.url.indexOf('?');
	const ofQuery = new URLSearchParams(query < 0 ? '' : request.url.slice(query + 1));
	for (const [name, value] of ofQuery) add(name, value);
	let op = ofQuery.get('op') ?? '';

	const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
	if (!rawBody && body.length > 0) {
		const type = request.headers['content-type'] ?? '';
		if (/^multipart\/form-data/i.test(type)) await readMultipart(request.headers, body, add, files);
		else if (/^application\/json/i.test(type)) readJson(body, add);
		else for (const [name, value] of new URLSearchParams(body.toString('utf8'))) add(name, value);
		if (op === '') op = values.get('op')?.find((each) => each !== '') ?? '';
	}
	values.delete('op');
	return { values, files, op: (op || opInPath) ?? null, body };
}

function readMultipart(
	headers: FastifyRequest['headers'],
	body: Buffer,
	add: (name: string, value: string) => void,
	files: Map<string, SentFile>,
): Promise<void> {
	const refused = (why: string) => new Refusal('bad-input', `The multipart form can’t be read: ${why}`);
	// `--boundary--` alone, or nothing at all: no parts
	if (!body.includes('Content-Disposition') && !/content-disposition/i.test(body.toString('latin1'))) return Promise.resolve();
	return new Promise((resolve, reject) => {
		const form = (() => {
			try {
				return new Busboy({
					headers: { ...headers, 'content-type': headers['content-type'] ?? '' },
					limits: { fieldSize: 64 << 20, fields: MAX_PARTS, parts: MAX_PARTS, fileSize: 256 << 20 },
					// python-libmaas sends numbers, booleans and bytes as application/octet-stream: only a name makes a part a file
					isPartAFile: (_name, _type, fileName) => fileName !== undefined,
				});
			} catch (error) {
				throw refused(error instanceof Error ? error.message : String(error));
			}
		})();
		const decoded = (bytes: Buffer, encoding: string) =>
			encoding.toLowerCase() === 'base64' ? Buffer.from(bytes.toString('latin1'), 'base64') : bytes;
		form.on('field', (name, value, _nameCut, _valueCut, encoding) =>
			add(name, encoding.toLowerCase() === 'base64' ? Buffer.from(value, 'base64').toString('utf8') : value),
		);
		form.on('file', (name, stream, filename, encoding) => {
			const chunks: Buffer[] = [];
			stream.on('data', (chunk: Buffer) => chunks.push(chunk));
			stream.on('end', () => files.set(name, { filename, bytes: decoded(Buffer.concat(chunks), encoding) }));
		});
		form.on('finish', () => resolve());
		form.on('error', (error) => reject(refused(error instanceof Error ? error.message : String(error))));
		form.end(body);
	});
}

function readJson(body: Buffer, add: (name: string, value: string) => void): void {
	let value: unknown;
	try {
		value = JSON.parse(body.toString('utf8'));
	} catch {
		throw new Refusal('bad-input', 'The body is not JSON.');
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		throw new Refusal('bad-input', 'The body is not a JSON object of parameters.');
	for (const [name, given] of Object.entries(value))
		for (const each of Array.isArray(given) ? given : [given])
			add(name, typeof each === 'string' ? each : each === null ? '' : JSON.stringify(each));
}
