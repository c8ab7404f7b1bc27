import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import pLimit from 'p-limit';
import type { Log } from '../log.ts';
import { createAptClient } from './apt/aptClient.ts';
import type { PackageRecord } from './apt/debControl.ts';
import { unpackDeb } from './apt/unpack.ts';
import { type AptSource, systemSources, withMirror } from './aptSources.ts';
import { assembleBootFiles, megabytes } from './assemble.ts';
import type { Compression } from './initramfs/compress.ts';
import { damagedFiles, type Manifest, readManifest, writeOutput } from './manifest.ts';
import { packagesOf, planBuild } from './plan.ts';
import type { Profile } from './selection.ts';
import { abandonedWorkFolders, makeWorkFolder } from './workFolder.ts';

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
	const apt = await createAptClient({
		dir: join(resolve(cacheDir), 'apt'),
		sources: await chosenSources(options.mirror),
		...abortable,
	});
	await apt.update();
	const plan = await planBuild(apt, profile, options.compress);
	const cached = await readManifest(outDir);
	if (cached?.inputs === plan.inputs && (await damagedFiles(outDir, cached)).length === 0) {
		say('ready', `Already built from the same packages: ${outDir}`, 1);
		return cached;
	}

	// Beside the result, so that it can be renamed into place.
	const [parent, prefix] = [dirname(resolve(outDir)), `.${basename(outDir)}`];
	const unpackedDir = join(resolve(cacheDir), 'unpacked');
	for (const folder of [
		...(await abandonedWorkFolders(parent, prefix)),
		...(await abandonedWorkFolders(unpackedDir, 'partial')),
	]) {
		await rm(folder, { recursive: true, force: true });
	}
	const packages = packagesOf(plan);
	const debs = await apt.download(packages, (done, total) => say('download', 'Downloading packages', done, total));
	const roots = await unpackAll(packages, debs, { dir: unpackedDir, say, ...abortable });

	const scratch = await makeWorkFolder(parent, prefix);
	try {
		const output = await assembleBootFiles({ plan, roots, profile, compress: options.compress, scratch, say, ...abortable });
		const initrd = megabytes(output.get('initrd')?.length ?? 0);
		say('write', `Writing ${output.size} files, initrd ${initrd}`);
		const stage = join(scratch, 'out');
		const manifest = await writeOutput(stage, output, {
			profile,
			compress: options.compress,
			kernelVersion: plan.kernelVersion,
			packages: packages.map(({ name, version, sha256 }) => ({ name, version, sha256 })),
			inputs: plan.inputs,
		});
		signal?.throwIfAborted();
		await putInPlace(stage, outDir, scratch);
		log.info('boot assets built', { profile, kernelVersion: plan.kernelVersion, initrd });
		say('ready', `Built kernel ${plan.kernelVersion} and initrd ${initrd}: ${outDir}`, 1);
		return manifest;
	} finally {
		await rm(scratch, { recursive: true, force: true });
	}
}

async function chosenSources(mirror: string | undefined): Promise<AptSource[]> {
	const system = await systemSources();
	const sources = mirror === undefined ? system : withMirror(system, mirror);
	if (sources.length > 0) return sources;
	throw new Error('this system has no Debian bookworm archive in /etc/apt: name one with --mirror URL');
}

interface UnpackOptions {
	dir: string;
	say: (step: 'unpack', text: string, done: number, total: number) => void;
	signal?: AbortSignal;
}

async function unpackAll(packages: readonly PackageRecord[], debs: ReadonlyMap<string, string>, options: UnpackOptions) {
	const roots = new Map<string, string>();
	// The kernel, first in the list, takes as long as all others together.
	const twoAtOnce = pLimit(2);
	await Promise.all(
		packages.map((record) =>
			twoAtOnce(async () => {
				options.say('unpack', `Unpacking ${record.name}`, roots.size, packages.length);
				roots.set(record.name, await unpackDeb(debs.get(record.name) ?? '', record, options.dir, options.signal));
			}),
		),
	);
	return roots;
}

/** Two renames: a reader sees the old build, for an instant none, then the whole new one; never half of one. */
async function putInPlace(stage: string, outDir: string, scratch: string): Promise<void> {
	if (existsSync(outDir)) await rename(outDir, join(scratch, 'old'));
	await rename(stage, outDir);
}
