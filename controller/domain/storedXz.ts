import { crc32 } from 'node:zlib';

/**
 * An .xz file that holds bytes as they are (the .xz file format 1.2.1, LZMA2 chunks without compression): every xz reads it, and it
 * needs no compressor. For archives that clients insist on having under this name.
 */
export function storedXz(content: Uint8Array): Buffer {
	const flags = Buffer.from([0, CHECK_CRC32]);
	const header = Buffer.concat([MAGIC, flags, crcOf(flags)]);
	const blockHeader = withSize([0x00, FILTER_LZMA2, 1, 0]);
	const chunks = chunked(content);
	const padding = Buffer.alloc((4 - (chunks.length % 4)) % 4);
	const block = Buffer.concat([blockHeader, chunks, padding, crcOf(content)]);
	// without its padding, as the index wants it
	const index = indexOf(block.length - padding.length, content.length);
	const footer = Buffer.concat([uint32(index.length / 4 - 1), flags]);
	return Buffer.concat([header, block, index, crcOf(footer), footer, Buffer.from('YZ')]);
}

const MAGIC = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);
const CHECK_CRC32 = 1;
const FILTER_LZMA2 = 0x21;
const CHUNK = 1 << 16;

const uint32 = (value: number): Buffer => {
	const bytes = Buffer.alloc(4);
	bytes.writeUInt32LE(value);
	return bytes;
};
const crcOf = (bytes: Uint8Array): Buffer => uint32(crc32(bytes));

/** A block header: its size in words of four bytes, the fields, padding, CRC (5.3.1). */
function withSize(fields: readonly number[]): Buffer {
	const padded = [0, ...fields];
	while (padded.length % 4 !== 0) padded.push(0);
	padded[0] = padded.length / 4;
	const bytes = Buffer.from(padded);
	return Buffer.concat([bytes, crcOf(bytes)]);
}

/** LZMA2: 1 begins with a new dictionary, 2 goes on; then the size less one, big endian; 0 ends. */
function chunked(content: Uint8Array): Buffer {
	const parts: Uint8Array[] = [];
	for (let at = 0; at < content.length; at += CHUNK) {
		const piece = content.subarray(at, at + CHUNK);
		const size = piece.length - 1;
		parts.push(Buffer.from([at === 0 ? 1 : 2, size >> 8, size & 255]), piece);
	}
	return Buffer.concat([...parts, Buffer.from([0])]);
}

function indexOf(unpadded: number, uncompressed: number): Buffer {
	const fields = [0, 1, ...multibyte(unpadded), ...multibyte(uncompressed)];
	while (fields.length % 4 !== 0) fields.push(0);
	const bytes = Buffer.from(fields);
	return Buffer.concat([bytes, crcOf(bytes)]);
}

/** Seven bits a byte, the lowest first (1.2). */
function multibyte(value: number): number[] {
	const bytes: number[] = [];
	for (let left = value; ; left = Math.floor(left / 128)) {
		if (left < 128) return [...bytes, left];
		bytes.push((left % 128) | 128);
	}
}
