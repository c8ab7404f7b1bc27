import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { finished } from 'node:stream/promises';

/** A file to be sent: in memory, or on disk. `etag` is quoted, as in the header. */
export type BootFile = { readonly etag: string; readonly type: string } & (
	| { readonly bytes: Uint8Array }
	| { readonly path: string }
);

/** Reads of this size cost half the CPU of Node's 64 KiB streams. */
const READ = 1024 * 1024;

/**
 * Sends the file, or the one range that is asked for, or 304. Several ranges at once are answered by the whole file, which RFC 9110
 * 14.2 allows. Rejects when the file can't be opened; a connection that breaks is no error.
 */
export async function sendFile(request: IncomingMessage, response: ServerResponse, file: BootFile): Promise<void> {
	if (matches(request.headers['if-none-match'] ?? '', file.etag)) {
		response.statusCode = 304;
		response.setHeader('etag', file.etag).end();
		return;
	}
	if ('bytes' in file) {
		const range = begin(request, response, file, file.bytes.length);
		response.end(range && request.method === 'GET' ? file.bytes.subarray(range.start, range.end) : undefined);
		return;
	}
	// The last part of the path must not have become a link since it was checked.
	const handle = await open(file.path, constants.O_RDONLY | constants.O_NOFOLLOW);
	try {
		const stat = await handle.stat();
		if (!stat.isFile()) throw new Error('not a regular file');
		const range = begin(request, response, file, stat.size);
		if (range && request.method === 'GET') await copy(handle, range, response);
		else response.end();
	} finally {
		await handle.close();
	}
}

interface Range {
	readonly start: number;
	/** Exclusive. */
	readonly end: number;
}

/** Writes the head. Null when nothing follows, because the range lies behind the end. */
function begin(request: IncomingMessage, response: ServerResponse, { etag, type }: BootFile, size: number): Range | null {
	const { range: asked, 'if-range': condition } = request.headers;
	const range = asked && (condition === undefined || condition === etag) ? readRange(asked, size) : null;
	if (range === 'unsatisfiable') {
		response.statusCode = 416;
		response.setHeader('content-range', `bytes */${size}`).setHeader('content-length', 0);
		return null;
	}
	const { start, end } = range ?? { start: 0, end: size };
	response.statusCode = range ? 206 : 200;
	response
		.setHeader('content-type', type)
		.setHeader('content-length', end - start)
		.setHeader('accept-ranges', 'bytes')
		.setHeader('etag', etag);
	if (range) response.setHeader('content-range', `bytes ${start}-${end - 1}/${size}`);
	return { start, end };
}

/** Null for what is not one range of bytes: then the header is to be ignored (RFC 9110 14.2). */
export function readRange(header: string, size: number): Range | 'unsatisfiable' | null {
	const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header.trim());
	const [, first = '', last = ''] = found ?? [];
	if (!found || (first === '' && last === '')) return null;
	if (first === '')
		return Number(last) === 0 || size === 0 ? 'unsatisfiable' : { start: Math.max(0, size - Number(last)), end: size };
	const [start, end] = [Number(first), last === '' ? size : Math.min(Number(last) + 1, size)];
	if (last !== '' && Number(last) < start) return null;
	return start >= size ? 'unsatisfiable' : { start, end };
}

function matches(header: string, etag: string): boolean {
	return header.split(',').some((one) => one.trim().replace(/^W\//, '') === etag || one.trim() === '*');
}

/** One read ahead of the connection: the next piece is read while this one is sent, and none while the client does not take it. */
async function copy(handle: FileHandle, { start, end }: Range, response: ServerResponse): Promise<void> {
	const read = async (at: number): Promise<Buffer> => {
		const bytes = Buffer.allocUnsafe(Math.min(READ, end - at));
		const { bytesRead } = await handle.read(bytes, 0, bytes.length, at);
		if (bytesRead === 0) throw new Error(`the file ends at ${at} bytes`);
		return bytes.subarray(0, bytesRead);
	};
	let gone = false;
	const closed = finished(response, { cleanup: true })
		.catch(() => undefined)
		.finally(() => {
			gone = true;
		});
	for (let at = start; at < end && !gone; ) {
		const bytes = await read(at);
		at += bytes.length;
		if (!gone && !response.write(bytes)) await Promise.race([closed, new Promise((free) => response.once('drain', free))]);
	}
	if (gone) return;
	response.end();
	await closed;
}
