import { dirname } from 'node:path';
import type { PackageFiles } from './packageFiles.ts';

/** The command line that starts an unpacked program without installing it. `name` is the program's own name for itself. */
export async function packagedProgram(host: PackageFiles, path: string, name: string): Promise<[string, ...string[]]> {
	const files = await host.withLibraries([path]);
	const loader = [...files].find(([place]) => place.includes('/ld-linux-'))?.[1];
	const program = files.get(path);
	if (!program) throw new Error(`${path} is missing in the packages`);
	if (!loader) return [program];
	const folders = new Set([...files.values()].filter((file) => file !== program && file !== loader).map(dirname));
	return [loader, '--library-path', [...folders].join(':'), '--argv0', name, program];
}
