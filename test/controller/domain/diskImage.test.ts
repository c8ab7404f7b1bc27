import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recogniseImage } from '../../../controller/domain/diskImage.ts';

function head(...parts: [offset: number, bytes: string | number[]][]): Buffer {
	const bytes = Buffer.alloc(40_000);
	for (const [offset, content] of parts) bytes.set(Buffer.from(content as string, 'latin1'), offset);
	return bytes;
}

const rows: [name: string, bytes: Uint8Array, expected: ReturnType<typeof recogniseImage>][] = [
	['an MBR', head([510, [0x55, 0xaa]]), { kind: 'raw' }],
	['a GPT', head([512, 'EFI PART']), { kind: 'raw' }],
	['a GPT with blocks of 4 KiB', head([4096, 'EFI PART']), { kind: 'raw' }],
	['gzip', head([0, [0x1f, 0x8b, 8]]), { kind: 'gzip' }],
	['zstd', head([0, [0x28, 0xb5, 0x2f, 0xfd]]), { kind: 'zstd' }],
	['zstd behind a skippable frame', head([0, [0x53, 0x2a, 0x4d, 0x18]]), { kind: 'zstd' }],
	['xz', head([0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]]), { kind: 'xz' }],
	['qcow2', head([0, 'QFI\xfb\0\0\0\x03']), { kind: 'qcow2' }],
	[
		'an installer CD with an MBR',
		head([510, [0x55, 0xaa]], [32769, 'CD001']),
		{ found: 'a CD image (ISO 9660), which is an installer and not an installed disk' },
	],
	['VMDK', head([0, 'KDMV']), { found: 'a VMware disk (VMDK); convert it with qemu-img convert -O qcow2' }],
	['a tar archive', head([257, 'ustar']), { found: 'a tar archive, not a disk; upload the disk image that is in it' }],
	['squashfs', head([0, 'hsqs']), { found: 'a squashfs file system, not a whole disk' }],
	[
		'a web page',
		Buffer.from(`<!DOCTYPE html><title>Sign in</title>${' '.repeat(600)}`),
		{ found: 'a web page or XML text: was the download a login page?' },
	],
	['a file system alone', head([1080, [0x53, 0xef]]), { found: 'an ext file system without a partition table' }],
	['zeros', head(), { found: 'zeros where the partition table should be' }],
	['nothing', Buffer.alloc(0), { found: 'an empty file' }],
	['a few bytes', Buffer.from('hello'), { found: 'only 5 bytes' }],
	[
		'noise',
		Buffer.alloc(4200, 7),
		{ found: 'bytes without a partition table (no MBR signature at 510, no GPT header at 512 or 4096)' },
	],
];

for (const [name, bytes, expected] of rows) test(`recognised: ${name}`, () => assert.deepEqual(recogniseImage(bytes), expected));
