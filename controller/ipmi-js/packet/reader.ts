import { badReply } from '../errors.ts';

/** Reads fields from the front of untrusted bytes; running out of them is a `bad-reply` that names the field. IPMI is little-endian. */
export class Reader {
	readonly #bytes: Buffer;
	#at = 0;

	constructor(bytes: Buffer) {
		this.#bytes = bytes;
	}

	get left(): number {
		return this.#bytes.length - this.#at;
	}

	bytes(length: number, field: string): Buffer {
		if (length > this.left) throw badReply(`${field}: ${length} bytes wanted, ${this.left} there`);
		this.#at += length;
		return this.#bytes.subarray(this.#at - length, this.#at);
	}

	u8(field: string): number {
		return this.bytes(1, field).readUInt8();
	}

	u16(field: string): number {
		return this.bytes(2, field).readUInt16LE();
	}

	u32(field: string): number {
		return this.bytes(4, field).readUInt32LE();
	}

	rest(): Buffer {
		return this.bytes(this.left, 'rest');
	}
}
