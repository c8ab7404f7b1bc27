/**
 * The disk around the file system: GPT, a boot partition for BIOS, an EFI partition with Debian's signed shim and GRUB.
 * No loop devices, no mounts, no grub-install: everything is put in place as bytes, so it needs neither root nor a helpful kernel.
 */
import { open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../command.ts';

const sector = 512;
const mebibyte = 1024 * 1024;
const biosMebibytes = 2;
const efiMebibytes = 16;
/** Partition 1 is the last on the disk, so that it can grow; the other two have the numbers that Debian's cloud images use. */
const biosNumber = 14;
const efiNumber = 15;

/** What both GRUBs read first: find the file system, read its configuration. */
const earlyConfiguration = [
	'search --no-floppy --label --set=root lab-root',
	'set prefix=($root)/boot/grub',
	'configfile ($root)/boot/grub/grub.cfg',
	'',
].join('\n');
const biosModules = [
	'biosdisk',
	'part_gpt',
	'ext2',
	'search',
	'search_label',
	'normal',
	'configfile',
	'linux',
	'serial',
	'terminal',
	'boot',
];

/** Writes `disk.raw` into `work` from the file system and the signed boot loaders that `buildRoot` left there. */
export async function buildDisk(work: string, root: string): Promise<string> {
	const disk = join(work, 'disk.raw');
	const rootMebibytes = Math.ceil((await stat(root)).size / mebibyte);
	await writeFile(disk, '');
	await truncate(disk, (rootMebibytes + biosMebibytes + efiMebibytes + 2) * mebibyte);
	const partition = (number: number, size: string, type: string) => ['-n', `${number}:0:${size}`, '-t', `${number}:${type}`];
	await run([
		'sgdisk',
		...partition(biosNumber, `+${biosMebibytes}M`, 'ef02'),
		...partition(efiNumber, `+${efiMebibytes}M`, 'ef00'),
		...partition(1, `+${rootMebibytes}M`, '8304'),
		...['-c', '1:root', disk],
	]);
	await copyInto(disk, await buildEfiPartition(work), await firstSector(disk, efiNumber));
	await copyInto(disk, root, await firstSector(disk, 1));
	await installBiosGrub(disk, await buildCore(work), await firstSector(disk, biosNumber));
	return disk;
}

async function firstSector(disk: string, number: number): Promise<number> {
	const match = /^First sector: (\d+)/m.exec(await run(['sgdisk', '-i', String(number), disk]));
	if (!match) throw new Error(`sgdisk does not say where partition ${number} begins`);
	return Number(match[1]);
}

const copyInto = (disk: string, file: string, at: number) =>
	run([
		'dd',
		`if=${file}`,
		`of=${disk}`,
		'bs=1M',
		`seek=${at * sector}`,
		'oflag=seek_bytes',
		'conv=notrunc,sparse',
		'status=none',
	]);

/** The removable-media path: firmware finds it without a boot entry, under Secure Boot too. */
async function buildEfiPartition(work: string): Promise<string> {
	const image = join(work, 'efi.fat');
	const signed = join(work, 'signed/usr/lib');
	const configuration = join(work, 'efi-grub.cfg');
	await writeFile(configuration, earlyConfiguration);

	await writeFile(image, '');
	await truncate(image, efiMebibytes * mebibyte);
	await run(['mkfs.vfat', '-n', 'EFI', image]);
	await run(['mmd', '-i', image, '::EFI', '::EFI/BOOT', '::EFI/debian']);
	const put = (from: string, to: string) => run(['mcopy', '-i', image, from, `::EFI/${to}`]);
	await put(join(signed, 'shim/shimx64.efi.signed'), 'BOOT/BOOTX64.EFI');
	await put(join(signed, 'grub/x86_64-efi-signed/grubx64.efi.signed'), 'BOOT/grubx64.efi');
	// Debian's signed GRUB has /EFI/debian built in as the place of its configuration.
	await put(configuration, 'debian/grub.cfg');
	return image;
}

async function buildCore(work: string): Promise<string> {
	const core = join(work, 'core.img');
	const early = join(work, 'early.cfg');
	await writeFile(early, earlyConfiguration);
	await run(['grub-mkimage', '-O', 'i386-pc', '-p', '/boot/grub', '-c', early, '-o', core, ...biosModules]);
	return core;
}

/**
 * What grub-bios-setup does: the boot sector is told where GRUB's core begins, the core's first sector where its own rest lies.
 * Offsets: grub-core/boot/i386/pc/boot.S (kernel_sector 0x5c, boot_drive_check 0x66) and diskboot.S (blocklist at the end, 0x1f4).
 */
async function installBiosGrub(disk: string, coreFile: string, at: number): Promise<void> {
	const boot = await readFile('/usr/lib/grub/i386-pc/boot.img');
	const core = await readFile(coreFile);
	if (core.length > biosMebibytes * mebibyte)
		throw new Error(`GRUB's core has ${core.length} bytes: it does not fit its partition`);
	boot.writeBigUInt64LE(BigInt(at), 0x5c);
	// Two NOPs instead of the jump that trusts the BIOS's drive number only for hard disks: as grub-bios-setup does.
	boot.set([0x90, 0x90], 0x66);
	core.writeBigUInt64LE(BigInt(at + 1), 0x1f4);
	core.writeUInt16LE(Math.ceil(core.length / sector) - 1, 0x1fc);
	core.writeUInt16LE(0x820, 0x1fe);
	const file = await open(disk, 'r+');
	// The first 440 bytes are code; the partition table begins after them.
	await file.write(boot, 0, 440, 0);
	await file.write(core, 0, core.length, at * sector);
	await file.close();
	await rm(coreFile);
}
