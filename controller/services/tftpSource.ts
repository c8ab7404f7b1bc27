import { type FileHandle, open } from 'node:fs/promises';

/** The bytes of a file being sent. `read` answers at once when they are in memory. */
export interface TftpSource {
	readonly size: number;
	/** Exactly `length` bytes, unless the file ends before; they stay valid until the next call. */
	read(at: number, length: number): Uint8Array | Promise<Uint8Array>;
	close(): Promise<void>;
}

export function memorySource(bytes: Uint8Array): TftpSource {
	return { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length), close: async () => {} };
}

/** More than the largest window, and enough that a kernel takes few reads. */
const CHUNK = 512 * 1024;

/** Reads ahead: while one chunk is sent the next is fetched. Rejects when the file can't be opened, read, or shrank meanwhile. */
export async function fileSource(path: string, size: number): Promise<TftpSource> {
	const file = await open(path, 'r');
	let current: { at: number; bytes: Buffer } = { at: 0, bytes: Buffer.alloc(0) };
	let next: { at: number; bytes: Promise<Buffer> } | null = null;

	const load = async (at: number): Promise<Buffer> => readFully(file, at, Math.min(CHUNK, size - at));
	const readAhead = (at: number): void => {
		next = at < size ? { at, bytes: load(at) } : null;
		// The failure is met again, and reported, by whoever awaits this chunk.
		next?.bytes.catch(() => undefined);
	};
	const move = async (at: number, length: number): Promise<Uint8Array> => {
		const held = current.bytes.subarray(Math.max(0, at - current.at));
		const from = at >= current.at && at <= current.at + current.bytes.length ? current.at + current.bytes.length : at;
		const fresh = next?.at === from ? await next.bytes : await load(from);
		// What was not acknowledged yet must stay readable, so the rest of the old chunk moves in front of the new one.
		current = from === at ? { at, bytes: fresh } : { at, bytes: Buffer.concat([held, fresh]) };
		readAhead(from + fresh.length);
		return current.bytes.subarray(0, length);
	};
	return {
		size,
		read(at, length) {
			const end = Math.min(at + length, size);
			if (at >= current.at && end <= current.at + current.bytes.length)
				return current.bytes.subarray(at - current.at, end - current.at);
			return move(at, end - at);
		},
		async close() {
			await next?.bytes.catch(() => undefined);
			await file.close();
		},
	};
}

async function readFully(file: FileHandle, at: number, length: number): Promise<Buffer> {
	const bytes = Buffer.allocUnsafe(length);
	for (let done = 0; done < length; ) {
		const { bytesRead } = await file.read(bytes, done, length - done, at + done);
		if (bytesRead === 0) throw new Error(`the file ends at ${at + done} bytes`);
		done += bytesRead;
	}
	return bytes;
}
