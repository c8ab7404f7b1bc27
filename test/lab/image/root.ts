/** The file system of the lab's image: a Debian put together by mmdebstrap from the sources that this computer's apt uses. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderSources, systemSources } from '../../../controller/bootAssets/aptSources.ts';
import { run } from '../command.ts';

/** Everything beyond Debian's essential packages. */
const packages = [
	'systemd-sysv',
	'udev',
	'linux-image-cloud-amd64',
	'initramfs-tools',
	'zstd',
	'cloud-init',
	'openssh-server',
	'sudo',
	'iproute2',
	'e2fsprogs',
];

const leftOut = ['doc', 'man', 'locale', 'info', 'i18n', 'lintian', 'bash-completion'].map((name) => `/usr/share/${name}/*`);

/** Writes `root.ext4` and `signed/` (Debian's shim and GRUB, unpacked) into `work`, which must be writable for everybody when not run as root. */
export async function buildRoot(work: string): Promise<string> {
	const sources = await systemSources();
	if (sources.length === 0) throw new Error('apt knows no Debian bookworm archive, which the image of the lab is built from');
	const sourcesFile = join(work, 'debian.sources');
	await writeFile(sourcesFile, renderSources(sources));
	const hook = (kind: string, script: string, rest = '') =>
		`--${kind}-hook=sh ${join(import.meta.dirname, script)} "$1" ${rest}`.trim();
	await run([
		...[
			'mmdebstrap',
			'--variant=apt',
			'--format=null',
			`--include=${packages.join(',')}`,
			'--aptopt=APT::Install-Recommends "false"',
		],
		...leftOut.map((path) => `--dpkgopt=path-exclude=${path}`),
		hook('essential', 'prepare.sh'),
		hook('customize', 'customize.sh', work),
		...['bookworm', '/dev/null', sourcesFile],
	]);
	return join(work, 'root.ext4');
}
