/** `qemu` carries the drivers of virtual machines only (quick to build and boot); `full` those of servers as well. */
export type Profile = 'qemu' | 'full';

/** The package whose dependency is the newest kernel of the release. */
export const KERNEL_METAPACKAGE = 'linux-image-amd64';

/**
 * What goes into the initramfs: package to files, as the package ships them (before the merge of /bin into /usr/bin).
 * Left out on purpose: curl (busybox does all transfers), lldpd (drags Perl and SNMP, +16 MB), iproute2 and coreutils
 * other than dd (busybox has them).
 */
export const TOOLS: Readonly<Record<string, readonly string[]>> = {
	'busybox-static': ['bin/busybox'],
	kmod: ['bin/kmod'],
	lshw: ['usr/bin/lshw'],
	'pci.ids': ['usr/share/misc/pci.ids'],
	'usb.ids': ['usr/share/misc/usb.ids'],
	dmidecode: ['usr/sbin/dmidecode'],
	pciutils: ['usr/bin/lspci'],
	'util-linux': ['bin/lsblk', 'usr/bin/lscpu', 'sbin/wipefs', 'sbin/blkdiscard'],
	mount: ['bin/mount', 'bin/umount'],
	fdisk: ['sbin/sfdisk'],
	gdisk: ['sbin/sgdisk'],
	e2fsprogs: ['sbin/resize2fs', 'sbin/e2fsck', 'sbin/mke2fs', 'etc/mke2fs.conf', 'sbin/badblocks'],
	memtester: ['usr/sbin/memtester'],
	zstd: ['usr/bin/zstd'],
	ethtool: ['sbin/ethtool'],
	// Hears LLDP: lldpd would bring 16 MB of libraries along.
	tcpdump: ['usr/bin/tcpdump'],
	// ipmitool complains on every call and finds no vendor names without its list of enterprise numbers.
	ipmitool: ['usr/bin/ipmitool', 'usr/share/misc/enterprise-numbers.txt'],
	'nvme-cli': ['usr/sbin/nvme'],
	smartmontools: ['usr/sbin/smartctl'],
	efibootmgr: ['bin/efibootmgr'],
	// busybox's dd knows neither conv=sparse nor count_bytes.
	coreutils: ['bin/dd'],
};

/** Files that machines fetch before the kernel: name as served, package, file in the package. */
export const LOADERS: readonly { name: string; package: string; path: string }[] = [
	{ name: 'undionly.kpxe', package: 'ipxe', path: 'usr/lib/ipxe/undionly.kpxe' },
	{ name: 'ipxe.efi', package: 'ipxe', path: 'usr/lib/ipxe/ipxe.efi' },
	{ name: 'snponly.efi', package: 'ipxe', path: 'usr/lib/ipxe/snponly.efi' },
	{ name: 'bootx64.efi', package: 'shim-signed', path: 'usr/lib/shim/shimx64.efi.signed' },
	// shim asks for exactly this name beside itself.
	{ name: 'grubx64.efi', package: 'grub-efi-amd64-signed', path: 'usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed' },
];

/** What `localboot.efi` is made with and of. */
export const LOCAL_BOOT = {
	name: 'localboot.efi',
	packages: ['grub-common', 'grub-efi-amd64-bin'],
	modules: 'usr/lib/grub/x86_64-efi',
} as const;

const QEMU_MODULES = [
	'virtio_pci virtio_net virtio_blk virtio_scsi virtio_rng qemu_fw_cfg',
	'e1000 e1000e igb nvme ahci ata_piix sd_mod sr_mod sg',
	'button evdev efivarfs af_packet',
	'ipmi_si ipmi_devintf ipmi_msghandler',
	'ext4 vfat nls_cp437 nls_iso8859_1 nls_ascii xfs btrfs isofs',
	'8021q bonding dm_mod loop',
	'crc32c_generic crc32c_intel',
];

const SERVER_MODULES = [
	'igc ixgbe i40e ice bnxt_en tg3 bnx2 bnx2x r8169 mlx5_core mlx4_en mlx4_core cxgb4 be2net qede 8139cp 8139too',
	'vmxnet3 pcnet32 hv_netvsc hv_storvsc vmw_pvscsi mptspi mptsas',
	'megaraid_sas mpt3sas hpsa smartpqi aacraid arcmsr',
	'usb_storage uas xhci_pci ehci_pci uhci_hcd usbhid hid_generic',
	'ipmi_ssif bridge raid0 raid1 raid10 raid456 iscsi_tcp iscsi_ibft squashfs overlay ata_generic',
];

export function modulesOf(profile: Profile): string[] {
	return (profile === 'full' ? [...QEMU_MODULES, ...SERVER_MODULES] : QEMU_MODULES).flatMap((line) => line.split(' '));
}
