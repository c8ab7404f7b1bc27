import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packagedProgram } from './packagedProgram.ts';
import type { PackageFiles } from './packageFiles.ts';
import { type RunOptions, runCommand } from './runCommand.ts';

/** Modules of the small GRUB: what finds a partition, reads it and starts a loader on it. */
const MODULES = [
	'part_gpt',
	'part_msdos',
	'fat',
	'ext2',
	'search',
	'search_fs_file',
	'search_label',
	'chain',
	'memdisk',
	'tar',
	'normal',
	'echo',
	'sleep',
	'test',
	'serial',
	'terminal',
	'reboot',
];

/**
 * Distributions install their own loader beside the fallback one, and Debian's and Ubuntu's images have only the
 * fallback; whatever is found first on a disk is started.
 */
const CONFIG = `for loader in /efi/boot/bootx64.efi /efi/debian/shimx64.efi /efi/ubuntu/shimx64.efi /efi/debian/grubx64.efi /efi/rocky/shimx64.efi /efi/almalinux/shimx64.efi /efi/centos/shimx64.efi /efi/redhat/shimx64.efi /efi/opensuse/shim.efi; do
	if search --no-floppy --set=root --file $loader; then
		echo "Starting $loader from $root"
		chainloader $loader
		boot
	fi
done
echo "No disk of this machine has an EFI loader. Restarting in 30 s."
sleep 30
reboot
`;

/**
 * An EFI program that starts the operating system on the local disk. iPXE on UEFI can't: its `exit` returns to the
 * firmware, which (OVMF, seen 2026) does not go on to the disk. Unsigned; under Secure Boot the signed GRUB does it by
 * its own configuration.
 */
export async function makeLocalBoot(
	files: PackageFiles,
	place: { modules: string; scratch: string },
	options: RunOptions,
): Promise<Uint8Array> {
	const folder = join(place.scratch, 'local-boot');
	await mkdir(join(folder, 'grub'), { recursive: true });
	const memdisk = join(folder, 'memdisk.tar');
	const image = join(folder, 'localboot.efi');
	await writeFile(join(folder, 'grub/grub.cfg'), CONFIG);
	// The configuration lies on a disk in memory, not in the image's own: there GRUB knows neither loops nor conditions.
	const fixed = ['--format=ustar', '--sort=name', '--mtime=@0', '--owner=0', '--group=0', '--numeric-owner', '--mode=0644'];
	await runCommand('tar', ['-C', folder, ...fixed, '-cf', memdisk, 'grub/grub.cfg'], options);
	const [loader, ...args] = await packagedProgram(files, 'usr/bin/grub-mkimage', 'grub-mkimage');
	// The order matters: -m sets the prefix, too.
	const make = ['-d', place.modules, '-O', 'x86_64-efi', '-m', memdisk, '-p', '(memdisk)/grub', '-o', image, ...MODULES];
	await runCommand(loader, [...args, ...make], options);
	return await readFile(image);
}
