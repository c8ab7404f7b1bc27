import { cleanLine } from './clean.ts';

/** The kinds of file that MAAS takes as a boot resource, by the word that its upload has for them. `tgz` is what an upload is that says nothing. */
export const bootFiles = {
	tgz: { filetype: 'root-tgz', filename: 'root.tgz', holds: 'root' },
	tbz: { filetype: 'root-tbz', filename: 'root.tbz', holds: 'root' },
	txz: { filetype: 'root-txz', filename: 'root.txz', holds: 'root' },
	ddtgz: { filetype: 'root-dd', filename: 'root-dd', holds: 'disk in tar' },
	ddtar: { filetype: 'root-dd.tar', filename: 'root-dd.tar', holds: 'disk in tar' },
	ddtxz: { filetype: 'root-dd.tar.xz', filename: 'root-dd.tar.xz', holds: 'disk in tar' },
	ddtbz: { filetype: 'root-dd.tar.bz2', filename: 'root-dd.tar.bz2', holds: 'bzip2' },
	ddraw: { filetype: 'root-dd.raw', filename: 'root-dd.raw', holds: 'disk' },
	ddgz: { filetype: 'root-dd.gz', filename: 'root-dd.gz', holds: 'disk' },
	ddxz: { filetype: 'root-dd.xz', filename: 'root-dd.xz', holds: 'disk' },
	ddbz2: { filetype: 'root-dd.bz2', filename: 'root-dd.bz2', holds: 'bzip2' },
	/** Not MAAS's: what images that were uploaded on the page are kept as when they came as zstd, xz or qcow2. */
	ddzstd: { filetype: 'root-dd.zst', filename: 'root-dd.zst', holds: 'disk' },
} as const satisfies Readonly<Record<string, BootFile>>;

interface BootFile {
	/** as MAAS's objects have it */
	readonly filetype: string;
	readonly filename: string;
	/** `root`: the files of a root file system in a tar archive. bzip2 is what nothing here can unpack. */
	readonly holds: 'disk' | 'disk in tar' | 'root' | 'bzip2';
}

export type BootFileWord = keyof typeof bootFiles;

export const bootFileWords = Object.keys(bootFiles) as BootFileWord[];

/** Where MAAS's names of systems have a slash; all else is a system of the operator's own, `custom`. */
const SYSTEMS = [
	'ubuntu',
	'ubuntu-core',
	'centos',
	'rhel',
	'ol',
	'rocky',
	'suse',
	'debian',
	'windows',
	'esxi',
	'azurelinux',
	'caringo',
];

/**
 * The name of an uploaded resource as it is kept: `custom/x` is `x`; `ubuntu/jammy` stays. `null` for what is no name: more slashes,
 * an unknown system before the slash, nothing printable.
 */
export function resourceName(sent: string): string | null {
	const name = sent.trim().replace(/^custom\//, '');
	if (name === '' || name.length > 100 || cleanLine(name) !== name || /['"\\]/.test(name)) return null;
	const [system = '', ...rest] = name.split('/');
	if (rest.length === 0) return name;
	return rest.length === 1 && rest[0] !== '' && SYSTEMS.includes(system) ? name : null;
}

/** MAAS's two words for what is installed: `ubuntu/jammy` is ubuntu and jammy, any other name is the series of `custom`. */
export function systemOf(name: string): { osystem: string; distroSeries: string } {
	const slash = name.indexOf('/');
	if (slash < 0) return { osystem: 'custom', distroSeries: name };
	return { osystem: name.slice(0, slash), distroSeries: name.slice(slash + 1) };
}

/**
 * The name of the set that follows `earlier` ones: the day, or with a number behind it, as MAAS counts. Clients take the last one in the
 * order of text for the newest, so that 10 is written 91, which comes behind 9.
 */
export function nextVersion(day: string, earlier: readonly string[]): string {
	for (let number = 0; ; number++) {
		const digits = '9'.repeat(Math.max(0, Math.floor((number - 1) / 9))) + (((number - 1) % 9) + 1);
		const version = number === 0 ? day : `${day}.${digits}`;
		if (earlier.every((each) => each < version)) return version;
	}
}
