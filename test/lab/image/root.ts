/** The file system of the lab's image: a Debian put together by mmdebstrap from the sources that this computer's apt uses. */
import { join } from 'node:path';
import { run } from '../command.ts';

/** Everything beyond Debian's essential packages. */
export const packages = [
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
	const sources = await debianSources();
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
		...[sources.suite, '/dev/null', ...sources.lines],
	]);
	return join(work, 'root.ext4');
}

/** Debian's own archives among apt's sources, as one-line sources; others (vendors' repositories) have no place in the image. */
async function debianSources(): Promise<{ suite: string; lines: string[] }> {
	const format = '$(ORIGIN)|$(CODENAME)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)';
	const listing = await run(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']);
	const targets = listing.split('\n').map((line) => line.split('|'));
	const debian = targets.filter(([origin]) => origin === 'Debian');
	const first = debian.find(([, codename, , release]) => codename === release && !codename?.includes('-'));
	if (!first?.[1]) {
		throw new Error(
			"apt knows no Debian archive: the lab's image is built from Debian packages (see /etc/apt/sources.list.d, then apt-get update)",
		);
	}
	return { suite: first[1], lines: debian.map(([, , uri, release, component]) => `deb ${uri} ${release} ${component}`) };
}
