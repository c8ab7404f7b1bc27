import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packagedProgram } from '../packagedProgram.ts';
import type { PackageFiles } from '../packageFiles.ts';
import { mergeUsr } from '../packageFiles.ts';
import { type RunOptions, runCommand } from '../runCommand.ts';
import type { CpioEntry } from './cpio.ts';
import type { KernelModule } from './modules.ts';

/** A file of our own: the agent's programs. `path` is relative. */
export interface OwnFile {
	path: string;
	mode: number;
	data: Uint8Array;
}

export interface InitramfsParts {
	/** Path in the initramfs to file on this host. */
	tools: ReadonlyMap<string, string>;
	/** Path below the module directory to content. */
	modules: ReadonlyMap<string, Uint8Array>;
	kernelVersion: string;
	/** Names that busybox answers to, as `busybox --list-full` prints them. */
	applets: readonly string[];
	own: readonly OwnFile[];
}

/** All entries of the initramfs. Real tools win over busybox's applet of the same name. */
export async function initramfsEntries({ tools, modules, kernelVersion, applets, own }: InitramfsParts): Promise<CpioEntry[]> {
	const entries: CpioEntry[] = [
		...['proc', 'sys', 'dev', 'run', 'tmp', 'etc', 'root', 'mnt', 'var', 'usr/lib64'].map(directory),
		...['bin', 'sbin', 'lib', 'lib64'].map((path) => link(path, `usr/${path}`)),
		// Without these two the kernel has no console for /init before devtmpfs is mounted.
		{ kind: 'device', path: 'dev/console', major: 5, minor: 1 },
		{ kind: 'device', path: 'dev/null', major: 1, minor: 3 },
	];
	for (const [path, source] of tools) {
		const program = /^usr\/s?bin\/|\.so(\.|$)|ld-linux/.test(path);
		entries.push({ kind: 'file', path, mode: program ? 0o755 : 0o644, data: await readFile(source) });
	}
	const taken = new Set([...tools.keys(), ...KMOD_NAMES, ...own.map((file) => file.path)]);
	for (const path of new Set(applets.map(mergeUsr))) if (!taken.has(path)) entries.push(link(path, '/usr/bin/busybox'));
	for (const path of KMOD_NAMES) entries.push(link(path, '/usr/bin/kmod'));
	for (const [path, data] of modules)
		entries.push({ kind: 'file', path: `usr/lib/modules/${kernelVersion}/${path}`, mode: 0o644, data });
	for (const file of own) entries.push({ kind: 'file', ...file });
	return entries;
}

const KMOD_NAMES = ['modprobe', 'insmod', 'rmmod', 'lsmod', 'depmod', 'modinfo'].map((name) => `usr/sbin/${name}`);
const directory = (path: string): CpioEntry => ({ kind: 'directory', path });
const link = (path: string, target: string): CpioEntry => ({ kind: 'link', path, target });

/**
 * The chosen modules and the indexes that modprobe reads, path below the module directory to content. depmod comes from
 * the kmod package itself, started through that package's own loader: the host needs no kmod and no fitting libc.
 */
export async function indexedModules(
	choice: { modules: readonly KernelModule[]; source: string; kernelVersion: string; scratch: string },
	host: PackageFiles,
	options: RunOptions,
): Promise<Map<string, Uint8Array>> {
	const root = join(choice.scratch, 'modules');
	const stage = join(root, 'lib/modules', choice.kernelVersion);
	await rm(root, { recursive: true, force: true });
	const paths = [...choice.modules.map((module) => module.path), 'modules.builtin', 'modules.builtin.modinfo', 'modules.order'];
	for (const path of paths) {
		await mkdir(dirname(join(stage, path)), { recursive: true });
		await copyFile(join(choice.source, path), join(stage, path));
	}
	const [loader, ...args] = await packagedProgram(host, 'usr/bin/kmod', 'depmod');
	await runCommand(loader, [...args, '-b', root, choice.kernelVersion], options);
	const indexes = [
		'dep',
		'dep.bin',
		'alias',
		'alias.bin',
		'softdep',
		'symbols',
		'symbols.bin',
		'builtin.bin',
		'builtin.alias.bin',
		'devname',
	];
	const content = new Map<string, Uint8Array>();
	for (const path of [...paths, ...indexes.map((name) => `modules.${name}`)])
		content.set(path, await readFile(join(stage, path)));
	await rm(root, { recursive: true });
	return content;
}
