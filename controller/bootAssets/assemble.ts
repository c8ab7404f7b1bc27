import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BuildProgress } from './build.ts';
import { type Compression, compress } from './initramfs/compress.ts';
import { writeCpio } from './initramfs/cpio.ts';
import { indexedModules, initramfsEntries } from './initramfs/initramfs.ts';
import { chooseModules, parseBuiltIn, readModules } from './initramfs/modules.ts';
import { makeLocalBoot } from './localBoot.ts';
import { packagedProgram } from './packagedProgram.ts';
import { indexPackageFiles, type PackageFiles } from './packageFiles.ts';
import type { BuildPlan } from './plan.ts';
import { type RunOptions, runCommand } from './runCommand.ts';
import { LOADERS, LOCAL_BOOT, modulesOf, type Profile, TOOLS } from './selection.ts';

export interface AssembleOptions {
	plan: BuildPlan;
	/** Directory of each unpacked package, by name. */
	roots: ReadonlyMap<string, string>;
	profile: Profile;
	compress: Compression;
	/** An empty directory for what comes and goes while assembling. */
	scratch: string;
	say: (step: BuildProgress['step'], text: string) => void;
	signal?: AbortSignal;
}

/** The files that machines fetch, name to content. Equal packages and options give equal bytes. */
export async function assembleBootFiles(options: AssembleOptions): Promise<Map<string, Uint8Array>> {
	const { plan, roots, scratch, say, signal } = options;
	const running: RunOptions = signal ? { signal } : {};
	const filesOf = (packages: readonly { name: string }[]) => indexPackageFiles(packages.map(({ name }) => roots.get(name) ?? ''));
	const kernelRoot = roots.get(plan.kernel.name) ?? '';

	say('modules', `Choosing kernel modules for ${plan.kernelVersion}`);
	const toolFiles = await filesOf(plan.tools);
	const modules = await kernelModules(options, join(kernelRoot, 'lib/modules', plan.kernelVersion), toolFiles, running);
	const archive = writeCpio(
		await initramfsEntries({
			tools: await toolFiles.withLibraries(Object.values(TOOLS).flat()),
			modules,
			kernelVersion: plan.kernelVersion,
			applets: await busyboxApplets(toolFiles, running),
			own: plan.own,
		}),
	);
	say('compress', `Compressing ${megabytes(archive.length)} with ${options.compress}`);
	const output = new Map<string, Uint8Array>([
		['vmlinuz', await readFile(join(kernelRoot, 'boot', `vmlinuz-${plan.kernelVersion}`))],
		['initrd', await compress(archive, options.compress)],
	]);

	const loaderFiles = await filesOf(plan.loaders);
	for (const loader of LOADERS) {
		const file = loaderFiles.resolve(loader.path);
		if (!file) throw new Error(`package ${loader.package} has no ${loader.path}`);
		output.set(loader.name, await readFile(file));
	}
	const grub = join(roots.get('grub-efi-amd64-bin') ?? '', LOCAL_BOOT.modules);
	output.set(LOCAL_BOOT.name, await makeLocalBoot(await filesOf(plan.imageMaker), { modules: grub, scratch }, running));
	return output;
}

async function kernelModules(options: AssembleOptions, source: string, host: PackageFiles, running: RunOptions) {
	const { plan, profile, scratch } = options;
	const builtIn = parseBuiltIn(await readFile(join(source, 'modules.builtin'), 'utf8'));
	const choice = chooseModules(await readModules(source), builtIn, modulesOf(profile));
	if (choice.kind === 'absent') throw new Error(`kernel ${plan.kernelVersion} has no module ${choice.names.join(', ')}`);
	return await indexedModules({ modules: choice.modules, source, kernelVersion: plan.kernelVersion, scratch }, host, running);
}

async function busyboxApplets(files: PackageFiles, running: RunOptions): Promise<string[]> {
	const [busybox, ...args] = await packagedProgram(files, 'usr/bin/busybox', 'busybox');
	const list = await runCommand(busybox, [...args, '--list-full'], running);
	return list.split('\n').filter((line) => line !== '');
}

export const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
