import { promisify } from 'node:util';
import { inflateRaw, zstdDecompress } from 'node:zlib';
import { damaged, QCOW2_HEADER_SIZE, type Qcow2Header, readQcow2Header } from './qcow2Header.ts';
import type { RandomAccess } from './randomAccess.ts';
import { zstdFrames } from './zstdFrames.ts';

export interface Qcow2Disk {
	/** bytes */
	readonly diskSize: number;
	/** The raw disk from its first byte to its last in pieces of at most 2 MiB, holes as zeros. Throws Refusal `bad-input` where the file is broken. */
	chunks(): AsyncGenerator<Uint8Array>;
}

/** A stretch of the disk and where its bytes are. */
type Extent =
	| { readonly kind: 'zeros'; readonly length: number }
	| { readonly kind: 'data'; readonly length: number; readonly offset: number }
	| { readonly kind: 'compressed'; readonly length: number; readonly offset: number; readonly stored: number };

const CHUNK = 1024 * 1024;
const zeros = Buffer.alloc(CHUNK);

/**
 * Opens a qcow2 image (version 2 or 3, with subclusters, zero clusters, deflate and zstd) without ever opening another file.
 * Memory: one table of each level and one chunk. Internal snapshots are skipped: the disk is what it was last.
 */
export async function openQcow2(file: RandomAccess, maxDiskSize: number): Promise<Qcow2Disk> {
	const header = readQcow2Header(await file.read(0, QCOW2_HEADER_SIZE), file.size, maxDiskSize);
	return { diskSize: header.diskSize, chunks: () => readChunks(file, header) };
}

async function* readChunks(file: RandomAccess, header: Qcow2Header): AsyncGenerator<Uint8Array> {
	let left = header.diskSize;
	for await (const extent of joined(extents(file, header))) {
		const length = Math.min(extent.length, left);
		left -= length;
		if (extent.kind === 'zeros') {
			for (let rest = length; rest > 0; rest -= CHUNK) yield zeros.subarray(0, Math.min(rest, CHUNK));
		} else if (extent.kind === 'compressed') {
			yield (await decompress(file, header, extent)).subarray(0, length);
		} else {
			yield await readPadded(file, extent.offset, length);
		}
		if (left === 0) return;
	}
}

/** Neighbours in the file are read at once: 64 KiB at a time costs three times the time of 1 MiB. */
async function* joined(parts: AsyncIterable<Extent>): AsyncGenerator<Extent> {
	let open: Extent | null = null;
	for await (const part of parts) {
		if (open?.kind === 'zeros' && part.kind === 'zeros') {
			open = { kind: 'zeros', length: open.length + part.length };
		} else if (
			open?.kind === 'data' &&
			part.kind === 'data' &&
			open.offset + open.length === part.offset &&
			open.length + part.length <= CHUNK
		) {
			open = { kind: 'data', offset: open.offset, length: open.length + part.length };
		} else {
			if (open) yield open;
			open = part;
		}
	}
	if (open) yield open;
}

/** Walks the two tables. The last extent may reach beyond the disk's end. */
async function* extents(file: RandomAccess, header: Qcow2Header): AsyncGenerator<Extent> {
	const { clusterSize, l2EntrySize } = header;
	const entries = clusterSize / l2EntrySize;
	const budget = makeBudget(file.size + clusterSize);
	const l1 = await readTable(file, header.l1Offset, header.l1Entries * 8);
	for (let index = 0; index < header.l1Entries; index++) {
		const tableOffset = offsetField(l1, index * 8);
		if (tableOffset === 0) {
			yield { kind: 'zeros', length: entries * clusterSize };
			continue;
		}
		if (tableOffset % clusterSize !== 0) throw damaged(`has a table at ${tableOffset}, which is not the start of a cluster`);
		budget.spend(clusterSize);
		const l2 = await readTable(file, tableOffset, clusterSize);
		for (let entry = 0; entry < entries; entry++) {
			for (const extent of readEntry(l2, entry * l2EntrySize, header)) {
				if (extent.kind !== 'zeros' && extent.offset >= file.size)
					throw damaged(`has data at ${extent.offset}, beyond its end at ${file.size}: was the file cut off?`);
				if (extent.kind === 'data') budget.spend(extent.length);
				// The length of compressed data is rounded up to sectors, so that neighbours overlap by less than one.
				if (extent.kind === 'compressed') budget.spend(Math.max(1, extent.stored - 511));
				yield extent;
			}
		}
	}
}

/** Without it a file of a few MB could let every entry point at one cluster, or at one table, and keep the reader busy for days. */
function makeBudget(total: number) {
	let left = total;
	return {
		spend(bytes: number) {
			left -= bytes;
			if (left < 0) throw damaged('uses the same bytes for several places of its disk: it is damaged, or made to do harm');
		},
	};
}

function readEntry(l2: Buffer, at: number, header: Qcow2Header): Extent[] {
	const { clusterSize } = header;
	const high = l2.readUInt32BE(at);
	const compressed = (high & 0x40000000) !== 0;
	if (compressed) return [readCompressedEntry(l2.readBigUInt64BE(at), header)];
	const offset = offsetField(l2, at);
	const zeroFlag = header.l2EntrySize === 8 && (l2.readUInt32BE(at + 4) & 1) !== 0;
	if (zeroFlag && header.version === 2) throw damaged('has a zero cluster, which version 2 does not know');
	if (offset === 0 || zeroFlag) return [{ kind: 'zeros', length: clusterSize }];
	if (offset % clusterSize !== 0) throw damaged(`has data at ${offset}, which is not the start of a cluster`);
	if (header.l2EntrySize === 8) return [{ kind: 'data', offset, length: clusterSize }];
	return readSubclusters(l2.readUInt32BE(at + 8), l2.readUInt32BE(at + 12), offset, clusterSize / 32);
}

/** Extended entries: a bit a subcluster, the low word for "has data", the high word for "reads as zeros"; neither means zeros too. */
function readSubclusters(zeroBits: number, dataBits: number, offset: number, size: number): Extent[] {
	if (zeroBits & dataBits) throw damaged('has a subcluster that is zero and data at once');
	return Array.from({ length: 32 }, (_, at) =>
		(dataBits >>> at) & 1 ? { kind: 'data', offset: offset + at * size, length: size } : { kind: 'zeros', length: size },
	);
}

function readCompressedEntry(entry: bigint, { clusterBits, clusterSize }: Qcow2Header): Extent {
	const offsetBits = BigInt(70 - clusterBits);
	const offset = Number(entry & ((1n << offsetBits) - 1n));
	const sectors = Number((entry & ((1n << 62n) - 1n)) >> offsetBits) + 1;
	return { kind: 'compressed', length: clusterSize, offset, stored: sectors * 512 - (offset % 512) };
}

async function decompress(file: RandomAccess, header: Qcow2Header, extent: Extent & { kind: 'compressed' }): Promise<Uint8Array> {
	const stored = await file.read(extent.offset, extent.stored);
	const unpack = header.compression === 'zstd' ? unpackZstd : unpackDeflate;
	const bytes = await unpack(stored, { maxOutputLength: header.clusterSize }).catch((error: Error) => {
		throw damaged(`has a compressed cluster at ${extent.offset} that can't be read: ${error.message}`);
	});
	if (bytes.length !== header.clusterSize)
		throw damaged(`has a compressed cluster at ${extent.offset} of ${bytes.length} bytes instead of ${header.clusterSize}`);
	return bytes;
}

type Unpack = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Buffer>;

/** Behind the cluster's own bytes follow those of its neighbour; deflate stops at its end by itself, Node's zstd has to be told. */
const unpackDeflate = promisify(inflateRaw) as Unpack;
const unpackZstd: Unpack = async (bytes, options) => {
	const { value: frame } = await zstdFrames({
		size: bytes.length,
		read: async (at, length) => bytes.subarray(at, at + length),
	}).next();
	return (promisify(zstdDecompress) as Unpack)(bytes.subarray(frame?.start, frame?.end), options);
};

/** Bits 9 to 55 of an entry. */
function offsetField(table: Buffer, at: number): number {
	return (table.readUInt32BE(at) & 0x00ffffff) * 2 ** 32 + ((table.readUInt32BE(at + 4) & 0xfffffe00) >>> 0);
}

async function readTable(file: RandomAccess, offset: number, length: number): Promise<Buffer> {
	const bytes = await file.read(offset, length);
	if (bytes.length < length) throw damaged(`has a table at ${offset}, beyond its end at ${file.size}: was the file cut off?`);
	return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** QEMU doesn't write the unused end of the last cluster: what the file lacks there is zero. */
async function readPadded(file: RandomAccess, offset: number, length: number): Promise<Uint8Array> {
	const bytes = await file.read(offset, length);
	return bytes.length === length ? bytes : Buffer.concat([bytes], length);
}
