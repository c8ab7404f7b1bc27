/** Reading bytes that came from a network: every read is checked, so a codec can only decode or throw {@link WireError}. */

/** The input is not what its protocol says. The message names the field and what is wrong with it; safe to log. */
export class WireError extends Error {
	override readonly name = 'WireError';
}

/** Reads big-endian fields one after another and throws {@link WireError} where the bytes end too early. */
export class Reader {
	#at = 0;
	readonly #bytes: Buffer;

	constructor(bytes: Uint8Array) {
		this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	}

	get remaining(): number {
		return this.#bytes.length - this.#at;
	}

	u8(field: string): number {
		return this.#bytes.readUInt8(this.#advance(1, field));
	}

	u16(field: string): number {
		return this.#bytes.readUInt16BE(this.#advance(2, field));
	}

	u32(field: string): number {
		return this.#bytes.readUInt32BE(this.#advance(4, field));
	}

	/** A view of the input, not a copy. */
	take(length: number, field: string): Buffer {
		const start = this.#advance(length, field);
		return this.#bytes.subarray(start, start + length);
	}

	/** Text that ends with NUL, one byte a character; the NUL is consumed. */
	text(field: string): string {
		const end = this.#bytes.indexOf(0, this.#at);
		if (end < 0) throw new WireError(`${field}: no NUL at its end`);
		const text = this.#bytes.toString('latin1', this.#at, end);
		this.#at = end + 1;
		return text;
	}

	#advance(length: number, field: string): number {
		if (length > this.remaining) throw new WireError(`${field}: ${length} bytes announced, ${this.remaining} there`);
		const start = this.#at;
		this.#at += length;
		return start;
	}
}

/** `192.0.2.1` of four bytes; the caller has checked the length. */
export const addressText = (bytes: Uint8Array): string => `${bytes[0]}.${bytes[1]}.${bytes[2]}.${bytes[3]}`;

/** Four bytes of `192.0.2.1`; throws {@link WireError} when the text is no address. */
export function addressBytes(text: string): Buffer {
	const parts = text.split('.').map(Number);
	if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255)) {
		throw new WireError(`not an IPv4 address: ${text}`);
	}
	return Buffer.from(parts);
}
