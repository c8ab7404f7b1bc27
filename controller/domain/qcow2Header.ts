import { Refusal } from './errors.ts';

/** What of a qcow2 header (QEMU docs/interop/qcow2.txt) is needed for reading the disk. Offsets and sizes in bytes. */
export interface Qcow2Header {
	readonly version: 2 | 3;
	readonly diskSize: number;
	readonly clusterSize: number;
	readonly clusterBits: number;
	/** 8, or 16 when each cluster has 32 subclusters */
	readonly l2EntrySize: 8 | 16;
	readonly l1Entries: number;
	readonly l1Offset: number;
	readonly compression: 'deflate' | 'zstd';
}

/** The longest header that matters: up to the compression type of version 3. */
export const QCOW2_HEADER_SIZE = 105;

/** QEMU's own limit for the first table (block/qcow2.h, QCOW_MAX_L1_SIZE). */
const MAX_L1_SIZE = 32 * 1024 * 1024;

/** A qcow2 file that can't be used, as the uploader should read it. */
export const damaged = (text: string): Refusal => new Refusal('bad-input', `the qcow2 image ${text}`, { field: 'file' });

/**
 * Reads and judges a header. Everything that would make the reader open another file is refused (backing files and external data
 * files: an image could name /etc/shadow, CVE-2024-44082 and CVE-2024-32498). Throws {@link Refusal} `bad-input`, field `file`.
 */
export function readQcow2Header(bytes: Uint8Array, fileSize: number, maxDiskSize: number): Qcow2Header {
	const header = Buffer.alloc(QCOW2_HEADER_SIZE);
	header.set(bytes.subarray(0, QCOW2_HEADER_SIZE));
	const number = (offset: number, what: string): number => {
		const value = header.readBigUInt64BE(offset);
		if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw damaged(`has a ${what} of ${value}, which no file can have`);
		return Number(value);
	};
	if (bytes.length < 72 || header.toString('latin1', 0, 4) !== 'QFI\xfb') throw damaged('ends within its header');
	const version = header.readUInt32BE(4);
	if (version !== 2 && version !== 3) throw damaged(`has version ${version}; versions 2 and 3 are known`);
	if (number(8, 'backing file offset') !== 0)
		throw damaged('needs a backing file and is only half a disk; flatten it with qemu-img convert -O qcow2');
	if (header.readUInt32BE(32) !== 0) throw damaged('is encrypted; decrypt it with qemu-img convert');
	const features = version === 3 ? readFeatures(header, bytes.length) : plainFeatures;

	const clusterBits = header.readUInt32BE(20);
	const minBits = features.extendedL2 ? 14 : 9;
	if (clusterBits < minBits || clusterBits > 21)
		throw damaged(`has clusters of 2^${clusterBits} bytes; 2^${minBits} to 2^21 are allowed`);
	const clusterSize = 2 ** clusterBits;
	const l2EntrySize = features.extendedL2 ? 16 : 8;

	const diskSize = number(24, 'disk size');
	if (diskSize === 0) throw damaged('holds an empty disk');
	if (diskSize > maxDiskSize) throw damaged(`says that it holds a disk of ${diskSize} bytes; ${maxDiskSize} are allowed`);
	const l1Entries = header.readUInt32BE(36);
	const l1Offset = number(40, 'table offset');
	const needed = Math.ceil(diskSize / (clusterSize * (clusterSize / l2EntrySize)));
	if (l1Entries < needed) throw damaged(`has ${l1Entries} table entries where its disk size needs ${needed}`);
	if (l1Entries * 8 > MAX_L1_SIZE) throw damaged(`has a table of ${l1Entries} entries; ${MAX_L1_SIZE / 8} are allowed`);
	if (l1Offset % clusterSize !== 0) throw damaged(`has its table at ${l1Offset}, which is not the start of a cluster`);
	if (l1Offset + needed * 8 > fileSize)
		throw damaged(`has its table at ${l1Offset}, beyond its end at ${fileSize}: was the file cut off?`);
	return {
		version,
		diskSize,
		clusterSize,
		clusterBits,
		l2EntrySize,
		l1Entries: needed,
		l1Offset,
		compression: features.compression,
	};
}

interface Features {
	readonly extendedL2: boolean;
	readonly compression: 'deflate' | 'zstd';
}

const plainFeatures: Features = { extendedL2: false, compression: 'deflate' };

/** Version 3's incompatible features: a reader that doesn't know one of them must refuse. */
function readFeatures(header: Buffer, length: number): Features {
	const headerLength = header.readUInt32BE(100);
	if (length < 104 || headerLength < 104 || headerLength % 8 !== 0) throw damaged(`has a header of ${headerLength} bytes`);
	const bits = header.readBigUInt64BE(72);
	if (bits & 2n) throw damaged('is marked as corrupt; repair it with qemu-img check -r all');
	if (bits & 4n) throw damaged('keeps its data in another file; flatten it with qemu-img convert -O qcow2');
	// Bit 0 (dirty) concerns the reference counts only, which reading doesn't need.
	if (bits & ~0b11001n) throw damaged(`uses features that are not known here (0x${bits.toString(16)})`);
	const type = headerLength > 104 && bits & 8n ? header.readUInt8(104) : 0;
	if (type > 1) throw damaged(`is compressed in a way that is not known here (${type})`);
	return { extendedL2: (bits & 16n) !== 0n, compression: type === 1 ? 'zstd' : 'deflate' };
}
