import type { Ipv4, Mac } from './address.ts';
import { grubOptions } from './kernelOptions.ts';
import type { BootPurpose } from './lifecycle.ts';

/** What a boot script is made from. */
export interface BootPlan {
	readonly purpose: BootPurpose;
	readonly mac: Mac;
	readonly server: Ipv4;
	readonly httpPort: number;
	/** good for this boot alone; ends with it */
	readonly token: string;
	readonly uefi: boolean;
	/** what people have added to the kernel command line: words that domain/kernelOptions.ts lets pass */
	readonly kernelOptions: readonly string[];
}

/**
 * The agent's kernel command line. Serial and screen both: whichever the console of the machine is. Options of people come last: of
 * `console=` and most others the kernel takes the last one.
 */
export function kernelArguments(
	plan: BootPlan,
	quoted: (words: readonly string[]) => readonly string[] = (words) => words,
): string {
	return [
		`metaldesk.url=http://${plan.server}:${plan.httpPort}/MAAS/metadata/agent/v1`,
		`metaldesk.token=${plan.token}`,
		`BOOTIF=01-${plan.mac.replaceAll(':', '-')}`,
		'console=tty0',
		'console=ttyS0,115200',
		'panic=30',
		...quoted(plan.kernelOptions),
	].join(' ');
}

/** iPXE: BIOS machines, UEFI HTTP boot, and UEFI machines when the setting says so. */
export function ipxeScript(plan: BootPlan): string {
	const base = `http://${plan.server}:${plan.httpPort}`;
	if (plan.purpose === 'local') {
		// iPXE's `exit` never reached the disk on OVMF: UEFI machines get a small GRUB that finds the disk's own loader.
		const handOver = plan.uefi ? `chain ${base}/boot/localboot.efi || exit` : 'sanboot --no-describe --drive 0x80 || exit';
		return lines('#!ipxe', 'echo Metaldesk: starting from the local disk', handOver);
	}
	return lines(
		'#!ipxe',
		`echo Metaldesk: ${plan.purpose}`,
		// names after `initrd=` tell UEFI kernels which file it is (Linux's EFI stub)
		`kernel ${base}/boot/vmlinuz initrd=initrd ${kernelArguments(plan)} || goto failed`,
		`initrd --name initrd ${base}/boot/initrd || goto failed`,
		'boot || goto failed',
		':failed',
		'echo Metaldesk: the boot files could not be loaded, trying again in 10 s',
		'sleep 10',
		`chain --replace ${base}/boot/ipxe/${plan.mac}`,
	);
}

/** GRUB fetches this one first; Debian's signed GRUB knows no other name. Its variable holds the MAC with colons. */
export const grubEntry = lines(
	'set timeout=0',
	'configfile /grub/grub.cfg-$net_default_mac',
	'echo "Metaldesk: no script for $net_default_mac, restarting in 10 s"',
	'sleep 10',
	'reboot',
);

/** GRUB: UEFI machines by shim, with or without Secure Boot. Debian's signed GRUB has no http module: kernel and initrd come by TFTP. */
export function grubScript(plan: BootPlan): string {
	if (plan.purpose === 'local')
		return lines(
			'echo "Metaldesk: starting from the local disk"',
			'set timeout=0',
			...[
				'/efi/boot/bootx64.efi',
				'/efi/debian/shimx64.efi',
				'/efi/ubuntu/shimx64.efi',
				'/efi/Microsoft/Boot/bootmgfw.efi',
			].flatMap((file) => [`if search --no-floppy --set=root --file ${file}; then`, `  chainloader ${file}`, '  boot', 'fi']),
			// the firmware then takes the next entry of its boot order
			'exit 1',
		);
	return lines(
		`echo "Metaldesk: ${plan.purpose}"`,
		`linux /vmlinuz ${kernelArguments(plan, grubOptions)}`,
		'initrd /initrd',
		'boot',
		'echo "Metaldesk: the boot files could not be loaded, restarting in 10 s"',
		'sleep 10',
		'reboot',
	);
}

function lines(...all: string[]): string {
	return `${all.join('\n')}\n`;
}
