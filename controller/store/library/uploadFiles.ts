import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';

/** Where a chunk goes. */
interface Place {
	readonly id: number;
	readonly file: string;
	readonly size: number;
	/** bytes before it */
	readonly received: number;
}

/** The bytes of uploads that come in chunks, one file each. */
export interface UploadFiles {
	/** One at a time for each upload, in the order of the calls. */
	inTurn<Result>(id: number, work: () => Promise<Result>): Promise<Result>;
	/**
	 * Writes a chunk behind the bytes that are known to be there: what a crash has left beyond them is overwritten. Answers the whole
	 * file's SHA-256 once it is complete, and then it is on the disk for good; `null` before.
	 */
	write(place: Place, chunk: Uint8Array): Promise<string | null>;
	forget(id: number): void;
}

export function createUploadFiles(folder: string): UploadFiles {
	const turns = new Map<number, Promise<unknown>>();
	/** The hash goes along with the chunks; after a restart the file is read again for it, once, at its end. */
	const hashes = new Map<number, { hash: Hash; upTo: number }>();

	return {
		async inTurn(id, work) {
			const before = turns.get(id) ?? Promise.resolve();
			const mine = before.then(work, work);
			turns.set(id, mine);
			try {
				return await mine;
			} finally {
				if (turns.get(id) === mine) turns.delete(id);
			}
		},
		async write({ id, file, size, received }, chunk) {
			const place = path.join(folder, file);
			const handle = await open(place, received === 0 ? 'w' : 'r+', 0o600);
			try {
				for (let done = 0; done < chunk.length; )
					done += (await handle.write(chunk, done, chunk.length - done, received + done)).bytesWritten;
				const running = received === 0 ? { hash: createHash('sha256'), upTo: 0 } : hashes.get(id);
				hashes.delete(id);
				if (running?.upTo === received) {
					running.hash.update(chunk);
					running.upTo += chunk.length;
					hashes.set(id, running);
				}
				if (received + chunk.length < size) return null;
				await handle.truncate(size);
				await handle.sync();
			} finally {
				await handle.close();
			}
			const whole = hashes.get(id);
			hashes.delete(id);
			return whole ? whole.hash.digest('hex') : await hashOf(place);
		},
		forget: (id) => void hashes.delete(id),
	};
}

async function hashOf(file: string): Promise<string> {
	const hash = createHash('sha256');
	for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20 })) hash.update(chunk);
	return hash.digest('hex');
}
