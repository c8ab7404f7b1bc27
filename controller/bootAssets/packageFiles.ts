import { readdir, readFile, readlink } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { neededLibraries } from './initramfs/elf.ts';

/** Where x86-64 programs of Debian look for libraries, after the merge of /lib into /usr/lib. */
const LIBRARY_FOLDERS = ['usr/lib/x86_64-linux-gnu', 'usr/lib', 'usr/lib64'];

/** Files of several unpacked packages seen as one file system. Paths are relative and merged into /usr. */
export interface PackageFiles {
	/** Absolute path of the real file behind a path, symbolic links followed; null when there is none. */
	resolve(path: string): string | null;
	/**
	 * The given paths and every library they need, path to real file. Throws naming each library that is missing and who
	 * needs it.
	 */
	withLibraries(paths: readonly string[]): Promise<Map<string, string>>;
}

/** Indexes the packages unpacked in `roots`. */
export async function indexPackageFiles(roots: readonly string[]): Promise<PackageFiles> {
	const files = new Map<string, string>();
	const links = new Map<string, string>();
	for (const root of roots) {
		for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
			const full = join(entry.parentPath, entry.name);
			const path = mergeUsr(relative(root, full));
			if (entry.isFile()) files.set(path, full);
			else if (entry.isSymbolicLink()) links.set(path, await readlink(full));
		}
	}

	function resolve(path: string): string | null {
		let at = mergeUsr(path);
		for (let steps = 0; steps < 10; steps++) {
			const file = files.get(at);
			if (file) return file;
			const target = links.get(at);
			if (target === undefined) return null;
			at = mergeUsr(target.startsWith('/') ? target.slice(1) : posix.join(posix.dirname(at), target));
		}
		return null;
	}

	return {
		resolve,
		async withLibraries(paths) {
			const chosen = new Map<string, string>();
			const missing: string[] = [];
			const queue = paths.map((path) => ({ path: mergeUsr(path), wantedBy: 'the selection' }));
			for (let item = queue.pop(); item; item = queue.pop()) {
				if (chosen.has(item.path)) continue;
				const file = resolve(item.path);
				if (!file) {
					missing.push(`${item.path} (wanted by ${item.wantedBy})`);
					continue;
				}
				chosen.set(item.path, file);
				for (const name of neededLibraries(await readFile(file))) {
					const places = name.startsWith('/') ? [name.slice(1)] : LIBRARY_FOLDERS.map((folder) => `${folder}/${name}`);
					const place = places.find((candidate) => resolve(candidate)) ?? places[0] ?? name;
					queue.push({ path: mergeUsr(place), wantedBy: item.path });
				}
			}
			if (missing.length > 0) throw new Error(`files missing in the packages: ${missing.sort().join(', ')}`);
			return chosen;
		},
	};
}

/** Debian 12's packages still mix /bin and /usr/bin; the initramfs has one /usr and links to it. */
export function mergeUsr(path: string): string {
	return path.replace(/^(bin|sbin|lib|lib64)\//, 'usr/$1/');
}
