import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Debian packages that the tests need beyond Node and npm, and a file by which each is seen to be there. */
const packages: readonly [name: string, file: string][] = [
	// the virtual rack
	['qemu-system-x86', '/usr/bin/qemu-system-x86_64'],
	['qemu-utils', '/usr/bin/qemu-img'],
	['ovmf', '/usr/share/OVMF/OVMF_CODE_4M.ms.fd'],
	['ipxe-qemu', '/usr/lib/ipxe/qemu/pxe-virtio.rom'],
	['openipmi', '/usr/bin/ipmi_sim'],
	['iproute2', '/usr/bin/ip'],
	['openssh-client', '/usr/bin/ssh'],
	// netport, the only C of the project
	['gcc', '/usr/bin/gcc'],
	['libc6-dev', '/usr/include/stdio.h'],
	['libcap2-bin', '/usr/sbin/setcap'],
	// boot assets and disk images
	['zstd', '/usr/bin/zstd'],
	['xz-utils', '/usr/bin/xz'],
	['kmod', '/usr/sbin/depmod'],
	['mmdebstrap', '/usr/bin/mmdebstrap'],
	['grub-common', '/usr/bin/grub-mkimage'],
	['grub-pc-bin', '/usr/lib/grub/i386-pc/boot.img'],
	['gdisk', '/usr/sbin/sgdisk'],
	['fdisk', '/usr/sbin/sfdisk'],
	['dosfstools', '/usr/sbin/mkfs.vfat'],
	['mtools', '/usr/bin/mcopy'],
	['e2fsprogs', '/usr/sbin/mke2fs'],
	// real peers of our protocols
	['ipmitool', '/usr/bin/ipmitool'],
	['freeipmi-tools', '/usr/sbin/ipmipower'],
	['dnsmasq-base', '/usr/sbin/dnsmasq'],
	['busybox', '/usr/bin/busybox'],
	['isc-dhcp-client', '/usr/sbin/dhclient'],
	['atftp', '/usr/bin/atftp'],
	['tftp-hpa', '/usr/bin/tftp'],
	['curl', '/usr/bin/curl'],
	['tcpdump', '/usr/bin/tcpdump'],
	// windows and pages
	['xvfb', '/usr/bin/Xvfb'],
	['xauth', '/usr/bin/xauth'],
	['chromium', '/usr/bin/chromium'],
	['fonts-dejavu-core', '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'],
	['libgtk-3-0', '/usr/lib/x86_64-linux-gnu/libgtk-3.so.0'],
	['libnss3', '/usr/lib/x86_64-linux-gnu/libnss3.so'],
	['libasound2', '/usr/lib/x86_64-linux-gnu/libasound.so.2'],
	['libgbm1', '/usr/lib/x86_64-linux-gnu/libgbm.so.1'],
];

/** Installs what is missing when that is possible (root on Debian); otherwise ends the program with the line to type. */
export function installRequirements(): void {
	const missing = packages.filter(([, file]) => !existsSync(file)).map(([name]) => name);
	if (missing.length === 0) return;
	const line = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
	if (process.getuid?.() !== 0) {
		console.error(`The tests need some Debian packages. As root, type:\n  ${line}`);
		process.exit(1);
	}
	console.log(`Installing what the tests need: ${missing.join(' ')}`);
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	spawnSync('apt-get', ['update', '-qq'], { stdio: 'inherit', env });
	const done = spawnSync('sh', ['-c', `${line} -qq`], { stdio: ['ignore', 'ignore', 'inherit'], env });
	const still = packages.filter(([, file]) => !existsSync(file)).map(([name]) => name);
	if (done.status === 0 && still.length === 0) return;
	console.error(`apt could not install: ${still.join(' ') || 'see above'}`);
	process.exit(1);
}
