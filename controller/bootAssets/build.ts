import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import pLimit from 'p-limit';
import { agentFiles } from '../agent/agentFiles.ts';
import type { Log } from '../log.ts';
import { createAptClient, sha256OfFile } from './aptClient.ts';
import { type AptSource, systemSources, withMirror } from './aptSources.ts';
import { type Compression, compress } from './compress.ts';
import { writeCpio } from './cpio.ts';
import type { PackageRecord } from './debControl.ts';
import { indexedModules, initramfsEntries, packagedProgram } from './initramfs.ts';
import { withLibraryPackages } from './libraryPackages.ts';
import { damagedFiles, inputsHash, MANIFEST_NAME, type Manifest, readManifest } from './manifest.ts';
import { chooseModules, parseBuiltIn, readModules } from './modules.ts';
import { indexPackageFiles } from './packageFiles.ts';
import { runCommand } from './runCommand.ts';
import { KERNEL_METAPACKAGE, LOADERS, modulesOf, type Profile, TOOLS } from './selection.ts';
import { unpackDeb } from './unpack.ts';

/** `text` is a sentence for people; `done` of `total` in the step's own unit (bytes while downloading). */
export interface BuildProgress {
	step: 'index' | 'download' | 'unpack' | 'modules' | 'compress' | 'write' | 'ready';
	text: string;
	done: number;
	total: number;
}

export interface BuildOptions {
	/** Where the finished files are put, all at once. Anything there before is replaced. */
	outDir: string;
	/** Kept between builds: package indexes, .deb files, unpacked packages (about 700 MB). */
	cacheDir: string;
	/** Debian archive to use in place of the one that the system is configured with. */
	mirror?: string;
	profile: Profile;
	compress: Compression;
	onProgress: (progress: BuildProgress) => void;
	signal?: AbortSignal;
	log: Log;
}

/**
 * Assembles what machines boot from Debian packages: kernel, initramfs with the agent, iPXE, shim, GRUB. Needs apt and
 * dpkg-deb of an amd64 Debian or Ubuntu and no privileges. A finished build with the same inputs is returned at once;
 * an interrupted one goes on with what it already downloaded. Throws with a sentence; `outDir` is then as it was.
 */
export async function buildBootAssets(options: BuildOptions): Promise<Manifest> {
	const { outDir, cacheDir, profile, onProgress, signal, log } = options;
	const say = (step: BuildProgress['step'], text: string, done = 0, total = 1) => onProgress({ step, text, done, total });
	const abortable = signal ? { signal } : {};
	await mkdir(cacheDir, { recursive: true });

	say('index', 'Reading the package index');
	const apt = await createAptClient({ dir: join(cacheDir, 'apt'), sources: await chosenSources(options.mirror), ...abortable });
	await apt.update();
	const kernel = await newestKernel(apt.show);
	const toolPackages = await withLibraryPackages(Object.keys(TOOLS), apt.show);
	const loaderPackages = await apt.show([...new Set(LOADERS.map((loader) => loader.package))]);
	const packages = [kernel, ...toolPackages, ...loaderPackages];

	const own = await agentFiles();
	const inputs = inputsHash({
		builder: 1,
		profile,
		compress: options.compress,
		node: process.versions.zstd ?? process.version,
		packages: packages.map((record) => record.sha256),
		tools: TOOLS,
		modules: modulesOf(profile),
		own: own.map((file) => [file.path, file.mode, Buffer.from(file.data).toString('base64')]),
	});
	const cached = await readManifest(outDir);
	if (cached?.inputs === inputs && (await damagedFiles(outDir, cached)).length === 0) {
		say('ready', `Already built from the same packages: ${outDir}`, 1);
		return cached;
	}

	const debs = await apt.download(packages, (done, total) => say('download', 'Downloading packages', done, total));
	const roots = new Map<string, string>();
	const twoAtOnce = pLimit(2);
	await Promise.all(
		packages.map((record) =>
			twoAtOnce(async () => {
				say('unpack', `Unpacking ${record.name}`, roots.size, packages.length);
				roots.set(record.name, await unpackDeb(debs.get(record.name) ?? '', record, join(cacheDir, 'unpacked'), signal));
			}),
		),
	);
	const root = (record: PackageRecord) => roots.get(record.name) ?? '';

	const kernelVersion = kernel.name.replace('linux-image-', '');
	say('modules', `Choosing kernel modules for ${kernelVersion}`);
	const moduleSource = join(root(kernel), 'lib/modules', kernelVersion);
	const builtIn = parseBuiltIn(await readFile(join(moduleSource, 'modules.builtin'), 'utf8'));
	const choice = chooseModules(await readModules(moduleSource), builtIn, modulesOf(profile));
	if (choice.kind === 'absent') throw new Error(`kernel ${kernelVersion} has no module ${choice.names.join(', ')}`);

	await mkdir(dirname(resolve(outDir)), { recursive: true });
	const scratch = await mkdtemp(join(dirname(resolve(outDir)), `.${basename(outDir)}-`));
	try {
		const toolFiles = await indexPackageFiles(toolPackages.map(root));
		const tools = await toolFiles.withLibraries(Object.values(TOOLS).flat());
		const [busybox, ...busyboxArgs] = await packagedProgram(toolFiles, 'usr/bin/busybox', 'busybox');
		const applets = (await runCommand(busybox, [...busyboxArgs, '--list-full'], abortable)).split('\n').filter(Boolean);
		const modules = await indexedModules(
			{ modules: choice.modules, source: moduleSource, kernelVersion, scratch },
			toolFiles,
			abortable,
		);
		const archive = writeCpio(await initramfsEntries({ tools, modules, kernelVersion, applets, own }));
		say('compress', `Compressing ${megabytes(archive.length)} with ${options.compress}`);
		const initrd = await compress(archive, options.compress);

		const output = new Map<string, Uint8Array>([
			['vmlinuz', await readFile(join(root(kernel), 'boot', `vmlinuz-${kernelVersion}`))],
			['initrd', initrd],
		]);
		const loaderFiles = await indexPackageFiles(loaderPackages.map(root));
		for (const loader of LOADERS) {
			const file = loaderFiles.resolve(loader.path);
			if (!file) throw new Error(`package ${loader.package} has no ${loader.path}`);
			output.set(loader.name, await readFile(file));
		}
		say('write', `Writing ${output.size} files, initrd ${megabytes(initrd.length)}`);
		const stage = join(scratch, 'out');
		const manifest = await writeOutput(stage, output, {
			profile,
			compress: options.compress,
			kernelVersion,
			packages: packages.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
			inputs,
		});
		signal?.throwIfAborted();
		await putInPlace(stage, outDir, scratch);
		log.info('boot assets built', { profile, kernelVersion, initrdBytes: initrd.length, modules: choice.modules.length });
		say('ready', `Built kernel ${kernelVersion} and initrd ${megabytes(initrd.length)}: ${outDir}`, 1);
		return manifest;
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
}

async function chosenSources(mirror: string | undefined): Promise<AptSource[]> {
	const system = await systemSources();
	const sources = mirror === undefined ? system : withMirror(system, mirror);
	if (sources.length > 0) return sources;
	throw new Error('this system has no Debian bookworm archive in /etc/apt: name one with --mirror http://deb.debian.org/debian');
}

async function newestKernel(show: (names: readonly string[]) => Promise<PackageRecord[]>): Promise<PackageRecord> {
	const [meta] = await show([KERNEL_METAPACKAGE]);
	const name = meta?.depends.flat().find((dependency) => /^linux-image-\d/.test(dependency));
	const [kernel] = name ? await show([name]) : [];
	if (!kernel) throw new Error(`the configured archives have no kernel: ${KERNEL_METAPACKAGE} leads to ${name ?? 'nothing'}`);
	return kernel;
}

async function writeOutput(
	dir: string,
	output: ReadonlyMap<string, Uint8Array>,
	facts: Omit<Manifest, 'files'>,
): Promise<Manifest> {
	await mkdir(dir);
	for (const [name, data] of output) await writeFile(join(dir, name), data);
	const files = await Promise.all(
		[...output].map(async ([name, data]) => ({ name, size: data.length, sha256: await sha256OfFile(join(dir, name)) })),
	);
	const manifest: Manifest = { ...facts, files };
	await writeFile(join(dir, MANIFEST_NAME), `${JSON.stringify(manifest, null, '\t')}\n`);
	return manifest;
}

/** Two renames: a reader sees the old build, for an instant none, then the whole new one; never half of one. */
async function putInPlace(stage: string, outDir: string, scratch: string): Promise<void> {
	if (existsSync(outDir)) await rename(outDir, join(scratch, 'old'));
	await rename(stage, outDir);
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
