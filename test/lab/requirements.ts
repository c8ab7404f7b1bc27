/** What the lab needs from apt. As root it installs what is missing; otherwise it says what to type. */
import { access } from 'node:fs/promises';
import { attempt } from './command.ts';

export interface Requirement {
	package: string;
	/** there when the package is installed */
	file: string;
}

const rack: readonly Requirement[] = [
	{ package: 'qemu-system-x86', file: '/usr/bin/qemu-system-x86_64' },
	{ package: 'ovmf', file: '/usr/share/OVMF/OVMF_CODE_4M.ms.fd' },
	{ package: 'ipxe-qemu', file: '/usr/lib/ipxe/qemu/pxe-virtio.rom' },
	{ package: 'openipmi', file: '/usr/bin/ipmi_sim' },
	{ package: 'ipmitool', file: '/usr/bin/ipmitool' },
	{ package: 'iproute2', file: '/usr/bin/ip' },
	{ package: 'openssh-client', file: '/usr/bin/ssh' },
	// netport, the only C of the project, is compiled where it runs.
	{ package: 'gcc', file: '/usr/bin/gcc' },
	{ package: 'libc6-dev', file: '/usr/include/stdio.h' },
	{ package: 'libcap2-bin', file: '/usr/sbin/setcap' },
];
const boot: readonly Requirement[] = [
	{ package: 'zstd', file: '/usr/bin/zstd' },
	{ package: 'xz-utils', file: '/usr/bin/xz' },
	{ package: 'kmod', file: '/usr/sbin/depmod' },
];
const image: readonly Requirement[] = [
	{ package: 'mmdebstrap', file: '/usr/bin/mmdebstrap' },
	{ package: 'grub-common', file: '/usr/bin/grub-mkimage' },
	{ package: 'grub-pc-bin', file: '/usr/lib/grub/i386-pc/boot.img' },
	{ package: 'gdisk', file: '/usr/sbin/sgdisk' },
	{ package: 'dosfstools', file: '/usr/sbin/mkfs.vfat' },
	{ package: 'mtools', file: '/usr/bin/mcopy' },
	{ package: 'e2fsprogs', file: '/usr/sbin/mke2fs' },
];

/** What a run of the lab needs; `withImage`: also what builds the Debian image that it deploys. */
export const labRequirements = (withImage: boolean): Requirement[] => [...rack, ...boot, ...(withImage ? image : [])];

/** null when everything is there (now); otherwise what a person has to do. */
export async function meetRequirements(
	needed: readonly Requirement[],
	say: (text: string) => void,
): Promise<{ problem: string } | null> {
	const missing = await missingPackages(needed);
	if (missing.length === 0) return null;
	const line = `apt-get install --no-install-recommends ${missing.join(' ')}`;
	if (process.getuid?.() !== 0) return { problem: `Some programs are missing. As root: ${line}` };

	say(`installing ${missing.join(', ')} with apt`);
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	const install = ['apt-get', '-q', '-y', 'install', '--no-install-recommends', ...missing];
	let result = await attempt(install, { env });
	// On a machine that was made a minute ago apt has not heard of any package yet.
	if (result.status !== 0 && (await attempt(['apt-get', '-q', 'update'])).status === 0) result = await attempt(install, { env });
	const still = await missingPackages(needed);
	if (still.length === 0) return null;
	return { problem: `apt could not install ${still.join(', ')}: ${result.stderr.trim().split('\n').slice(-4).join(' ')}` };
}

async function missingPackages(needed: readonly Requirement[]): Promise<string[]> {
	const there = await Promise.all(
		needed.map(({ file }) =>
			access(file).then(
				() => true,
				() => false,
			),
		),
	);
	return needed.filter((_, index) => !there[index]).map((requirement) => requirement.package);
}
