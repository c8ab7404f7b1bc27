import type { Mac } from '../../domain/address.ts';
import { dmidecodeOf } from './dmidecode.ts';
import type { Hardware } from './hardware.ts';
import { ethtoolOf, lldpOf, lsblkOf, lscpuOf, nvmeOf, smartctlOf } from './listings.ts';
import { lshwOf } from './lshw.ts';
import { resourcesOf } from './resources.ts';

/** What `agent.sh` posts first. */
export function reportOf(hardware: Hardware, bootMac: Mac, kernelSeconds = 6.4): Record<string, unknown> {
	return {
		architecture: 'amd64',
		macs: hardware.macs,
		boot_mac: bootMac,
		uuid: hardware.uuid,
		serial: hardware.serial,
		vendor: hardware.vendor,
		product: hardware.product,
		firmware: hardware.firmware,
		secure_boot: false,
		memory: hardware.memory,
		kernel_seconds: Number(kernelSeconds.toFixed(2)),
	};
}

/** What the script of this name prints on a healthy machine; those that are missing here print a line. */
export function printedBy(script: string, hardware: Hardware): string {
	const print = prints[script];
	return print ? print(hardware) : `${script} on ${hardware.serial}: all is well.\n`;
}

const prints: Readonly<Record<string, (hardware: Hardware) => string>> = {
	'30-maas-01-bmc-config': () => 'No BMC found: the machine has no IPMI interface.\n',
	'50-maas-01-commissioning': (hardware) => `${JSON.stringify(resourcesOf(hardware))}\n`,
	'maas-lshw': lshwOf,
	'maas-dmidecode': dmidecodeOf,
	'maas-lscpu': lscpuOf,
	'maas-lsblk': lsblkOf,
	'maas-nvme': nvmeOf,
	'maas-ethtool': ethtoolOf,
	'maas-capture-lldpd': lldpOf,
	'maas-kernel-cmdline': () => 'BOOT_IMAGE=vmlinuz console=tty0 console=ttyS0,115200 panic=30\n',
	'maas-serial-ports': () => 'ttyS0: 16550A at 0x3f8, irq 4\nttyS1: 16550A at 0x2f8, irq 3\n',
	'maas-list-modaliases': ({ cards }) =>
		cards.map((card) => `pci:v0000${card.vendorId}d0000${card.productId}sv*sd*bc02sc00i00\n`).join(''),
	'10-memory-size': ({ memory }) => `usable: ${memory - 600_000_000} bytes\nplugged in: ${memory} bytes\n`,
	'11-link': ({ cards, macs }) => `${cards[0]?.ports[0]?.name} (${macs[0]}): link up, ${cards[0]?.speed} Mb/s\n`,
	'smartctl-validate': (hardware) => smartctlOf(hardware, null).stdout,
	'90-verify-erase': ({ disks }) =>
		`${disks.map((disk) => `${disk.name}: zero in the first and last 2097152 bytes, of ${disk.size} bytes in all\n`).join('')}All samples are zero.\n`,
};
