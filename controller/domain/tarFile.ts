import { Refusal } from './errors.ts';

/**
 * The bytes of the first file in a tar archive (POSIX.1-2017 pax, with GNU's sizes beyond 8 GiB); directories and names before it are
 * passed over, all behind it is read and dropped. Throws Refusal `bad-input` for what is no archive, holds no file, or ends too early.
 */
export async function* firstFileInTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	const bytes = new Taker(source);
	let paxSize: number | null = null;
	for (;;) {
		const header = await bytes.exactly(BLOCK);
		if (header === null || header.every((byte) => byte === 0)) throw refused('there is no file in the tar archive');
		if (!isHeader(header)) throw refused('the file holds no tar archive');
		const type = String.fromCharCode(header[156] ?? 0);
		const size = type === 'x' || paxSize === null ? readSize(header) : paxSize;
		const padding = (BLOCK - (size % BLOCK)) % BLOCK;
		if (type === '0' || type === '\0' || type === '7') {
			yield* bytes.upTo(size);
			await bytes.rest();
			return;
		}
		if (type === 'S') throw refused('the tar archive holds a sparse file: pack it again without --sparse');
		if (type === 'x' && size <= MAX_PAX) {
			const records = await bytes.exactly(size);
			if (records === null) throw tooShort();
			paxSize = sizeRecord(records);
			for await (const _ of bytes.upTo(padding));
			continue;
		}
		paxSize = null;
		for await (const _ of bytes.upTo(size + padding));
	}
}

const BLOCK = 512;
const MAX_PAX = 1 << 20;

/** Takes as many bytes as are wanted from chunks that come as they like. */
class Taker {
	readonly #chunks: AsyncIterator<Uint8Array>;
	#left: Uint8Array = new Uint8Array(0);

	constructor(source: AsyncIterable<Uint8Array>) {
		this.#chunks = source[Symbol.asyncIterator]();
	}

	async *upTo(length: number): AsyncGenerator<Uint8Array> {
		let missing = length;
		while (missing > 0) {
			if (this.#left.length === 0 && !(await this.#next())) throw tooShort();
			const part = this.#left.subarray(0, missing);
			this.#left = this.#left.subarray(part.length);
			missing -= part.length;
			if (part.length > 0) yield part;
		}
	}

	/** `null` when the source ends before. */
	async exactly(length: number): Promise<Buffer | null> {
		const parts: Uint8Array[] = [];
		let missing = length;
		while (missing > 0) {
			if (this.#left.length === 0 && !(await this.#next())) return null;
			const part = this.#left.subarray(0, missing);
			this.#left = this.#left.subarray(part.length);
			missing -= part.length;
			parts.push(part);
		}
		return Buffer.concat(parts);
	}

	/** To the end, so that a decoder before this one looks at its last checksum. */
	async rest(): Promise<void> {
		while (await this.#next());
	}

	async #next(): Promise<boolean> {
		const { done, value } = await this.#chunks.next();
		this.#left = done ? new Uint8Array(0) : value;
		return !done;
	}
}

/** The sum of all bytes with the checksum's own field as blanks; old archives have no other mark. */
function isHeader(header: Buffer): boolean {
	let sum = 0;
	for (let at = 0; at < BLOCK; at++) sum += at >= 148 && at < 156 ? 32 : (header[at] ?? 0);
	return Number.parseInt(header.toString('latin1', 148, 156), 8) === sum;
}

function readSize(header: Buffer): number {
	// GNU: the first bit set, then a binary number
	const size =
		((header[124] ?? 0) & 0x80) === 0
			? Number.parseInt(header.toString('latin1', 124, 136).replace(/[\0 ].*$/s, '') || '0', 8)
			: Number(header.readBigUInt64BE(128));
	if (!Number.isSafeInteger(size) || size < 0) throw refused('the tar archive has a size that is no number');
	return size;
}

/** pax: `LENGTH size=NUMBER\n` overrides the header that follows. */
function sizeRecord(records: Buffer): number | null {
	const found = /(?:^|\n)\d+ size=(\d{1,15})\n/.exec(records.toString('latin1'));
	return found ? Number(found[1]) : null;
}

const refused = (text: string) => new Refusal('bad-input', text, { field: 'file' });
const tooShort = () => refused('the tar archive ends too early; was the upload complete?');
