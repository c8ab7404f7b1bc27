import { createHash } from 'node:crypto';
import { type AgentFile, agentFiles } from '../agent/agentFiles.ts';
import type { AptClient } from './apt/aptClient.ts';
import type { PackageRecord } from './apt/debControl.ts';
import { withLibraryPackages } from './apt/libraryPackages.ts';
import type { Compression } from './initramfs/compress.ts';
import { KERNEL_METAPACKAGE, LOADERS, LOCAL_BOOT, modulesOf, type Profile, TOOLS } from './selection.ts';

/** What a build will be made of, known before anything is downloaded. */
export interface BuildPlan {
	kernel: PackageRecord;
	/** `6.1.0-56-amd64`: the name of the module directory. */
	kernelVersion: string;
	/** Packages of the initramfs, with the library packages that they need. */
	tools: PackageRecord[];
	/** Packages of iPXE, shim and GRUB. */
	loaders: PackageRecord[];
	/** The package of grub-mkimage, with the library packages that it needs. */
	imageMaker: PackageRecord[];
	own: AgentFile[];
	/** SHA-256 over all that decides the content of the result. */
	inputs: string;
}

/** Raise it when the way of assembling changes, so that builds made the old way are not reused. */
const ASSEMBLY = 3;

/** Looks up the newest kernel and all packages. Throws naming what the configured archives lack. */
export async function planBuild(apt: AptClient, profile: Profile, compress: Compression): Promise<BuildPlan> {
	const kernel = await newestKernel(apt);
	const tools = await withLibraryPackages(Object.keys(TOOLS), apt.show);
	const loaders = await apt.show([...new Set(LOADERS.map((loader) => loader.package))]);
	const imageMaker = await withLibraryPackages(LOCAL_BOOT.packages, apt.show);
	const own = await agentFiles();
	const facts = {
		assembly: ASSEMBLY,
		profile,
		compress,
		// Another zstd or zlib gives other bytes.
		compressors: [process.versions.zstd ?? '', process.versions.zlib],
		packages: [kernel, ...tools, ...loaders, ...imageMaker].map((record) => record.sha256),
		selection: [TOOLS, LOADERS, LOCAL_BOOT, modulesOf(profile)],
		own: own.map((file) => [file.path, file.mode, Buffer.from(file.data).toString('base64')]),
	};
	const inputs = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
	return { kernel, kernelVersion: kernel.name.replace('linux-image-', ''), tools, loaders, imageMaker, own, inputs };
}

/** All packages of a plan, each once. */
export function packagesOf(plan: BuildPlan): PackageRecord[] {
	const all = [plan.kernel, ...plan.tools, ...plan.loaders, ...plan.imageMaker];
	return [...new Map(all.map((record) => [record.name, record])).values()];
}

async function newestKernel(apt: AptClient): Promise<PackageRecord> {
	const [meta] = await apt.show([KERNEL_METAPACKAGE]);
	const name = meta?.depends.flat().find((dependency) => /^linux-image-\d/.test(dependency));
	const [kernel] = name ? await apt.show([name]) : [];
	if (!kernel) throw new Error(`the configured archives have no kernel: ${KERNEL_METAPACKAGE} leads to ${name ?? 'nothing'}`);
	return kernel;
}
