/** Telling disk images from everything else that people upload, by their bytes: names lie (`.img` may be anything). */

/** How many of the first bytes {@link recogniseImage} wants to see; ISO 9660 is the one that shows itself last, at 32 KiB. */
export const HEAD_SIZE = 36 * 1024;

export type ImageKind = 'raw' | 'gzip' | 'zstd' | 'xz' | 'qcow2';

/** What the bytes are, or in words what they are instead of an image. */
export function recogniseImage(head: Uint8Array): { kind: ImageKind } | { found: string } {
	const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
	for (const [kind, offset, magic] of containers) if (startsWith(bytes, offset, magic)) return { kind };
	// A zstd file may begin with a skippable frame (RFC 8878 3.1.2); pzstd writes one before each frame.
	if (bytes.length >= 4 && (bytes.readUInt32LE(0) & 0xfffffff0) >>> 0 === 0x184d2a50) return { kind: 'zstd' };
	const found = whatInstead(bytes);
	return found === null ? { kind: 'raw' } : { found };
}

/** `null` when these first bytes carry a partition table (MBR or GPT), else what they are in words. */
export function whatInstead(bytes: Buffer): string | null {
	for (const [found, offset, magic] of strangers) if (startsWith(bytes, offset, magic)) return found;
	if (hasPartitionTable(bytes)) return null;
	if (bytes.length === 0) return 'an empty file';
	if (bytes.length < 512) return `only ${bytes.length} bytes`;
	if (/^\s*(<!doctype|<html|<\?xml)/i.test(bytes.toString('latin1', 0, 200)))
		return 'a web page or XML text: was the download a login page?';
	if (startsWith(bytes, 1080, [0x53, 0xef])) return 'an ext file system without a partition table';
	if (bytes.every((byte) => byte === 0)) return 'zeros where the partition table should be';
	return 'bytes without a partition table (no MBR signature at 510, no GPT header at 512 or 4096)';
}

function hasPartitionTable(bytes: Buffer): boolean {
	// The GPT header stands in the second logical block, which is at 4096 on disks with 4 KiB blocks (UEFI 2.10, 5.3.2).
	return startsWith(bytes, 510, [0x55, 0xaa]) || startsWith(bytes, 512, 'EFI PART') || startsWith(bytes, 4096, 'EFI PART');
}

function startsWith(bytes: Buffer, offset: number, magic: string | number[]): boolean {
	const wanted = Buffer.from(magic as string, 'latin1');
	return bytes.length >= offset + wanted.length && bytes.compare(wanted, 0, wanted.length, offset, offset + wanted.length) === 0;
}

const containers: readonly (readonly [ImageKind, number, string | number[]])[] = [
	['qcow2', 0, 'QFI\xfb'],
	['gzip', 0, [0x1f, 0x8b]],
	['zstd', 0, [0x28, 0xb5, 0x2f, 0xfd]],
	['xz', 0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]],
];

const strangers: readonly (readonly [string, number, string | number[]])[] = [
	// Hybrid CDs carry an MBR too: what they make of a disk is an installer, not an installed system.
	['a CD image (ISO 9660), which is an installer and not an installed disk', 32769, 'CD001'],
	['a VMware disk (VMDK); convert it with qemu-img convert -O qcow2', 0, 'KDMV'],
	['a VMware disk description (VMDK); convert it with qemu-img convert -O qcow2', 0, '# Disk DescriptorFile'],
	['a Hyper-V disk (VHDX); convert it with qemu-img convert -O qcow2', 0, 'vhdxfile'],
	['a Virtual PC disk (VHD); convert it with qemu-img convert -O qcow2', 0, 'conectix'],
	['a VirtualBox disk (VDI); convert it with qemu-img convert -O qcow2', 64, [0x7f, 0x10, 0xda, 0xbe]],
	['a qcow disk of version 1; convert it with qemu-img convert -O qcow2', 0, [0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 1]],
	['a squashfs file system, not a whole disk', 0, 'hsqs'],
	['a tar archive, not a disk; upload the disk image that is in it', 257, 'ustar'],
	['a zip archive; upload the disk image that is in it', 0, 'PK\x03\x04'],
	['a bzip2 file; recompress it with zstd', 0, 'BZh'],
	['an lz4 file; recompress it with zstd', 0, [0x04, 0x22, 0x4d, 0x18]],
	['a 7-Zip archive; upload the disk image that is in it', 0, '7z\xbc\xaf'],
	['a program (ELF)', 0, '\x7fELF'],
];
