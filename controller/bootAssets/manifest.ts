import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256OfFile } from './apt/aptClient.ts';
import type { Compression } from './initramfs/compress.ts';
import type { Profile } from './selection.ts';

/** What a build of the boot assets consists of: the content of `manifest.json` beside the files. */
export interface Manifest {
	profile: Profile;
	compress: Compression;
	kernelVersion: string;
	/** Every Debian package that was read, with the hash of its .deb from the signed index. */
	packages: { name: string; version: string; sha256: string }[];
	/** Files that machines fetch. `size` in bytes. */
	files: { name: string; size: number; sha256: string }[];
	/** SHA-256 over all that decides the content; two builds with the same value have the same bytes. */
	inputs: string;
}

export const MANIFEST_NAME = 'manifest.json';

/** The manifest in `dir`; null when there is none or it can't be read as one. */
export async function readManifest(dir: string): Promise<Manifest | null> {
	const text = await readFile(join(dir, MANIFEST_NAME), 'utf8').catch(() => null);
	if (text === null) return null;
	try {
		const manifest = JSON.parse(text) as Partial<Manifest> | null;
		return typeof manifest?.inputs === 'string' && Array.isArray(manifest.files) ? (manifest as Manifest) : null;
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

/** Names of files in `dir` that are missing or not what the manifest says. Empty means that the build is whole. */
export async function damagedFiles(dir: string, manifest: Manifest): Promise<string[]> {
	const checks = manifest.files.map(async ({ name, sha256 }) => {
		const found = await sha256OfFile(join(dir, name)).catch(() => null);
		return found === sha256 ? [] : [name];
	});
	return (await Promise.all(checks)).flat();
}

/** Writes the files and, last, the manifest that describes them. `dir` is created. */
export async function writeOutput(
	dir: string,
	output: ReadonlyMap<string, Uint8Array>,
	facts: Omit<Manifest, 'files'>,
): Promise<Manifest> {
	await mkdir(dir);
	for (const [name, data] of output) await writeFile(join(dir, name), data);
	const files = [...output].map(async ([name, data]) => ({
		name,
		size: data.length,
		sha256: await sha256OfFile(join(dir, name)),
	}));
	const manifest: Manifest = { ...facts, files: await Promise.all(files) };
	await writeFile(join(dir, MANIFEST_NAME), `${JSON.stringify(manifest, null, '\t')}\n`);
	return manifest;
}
