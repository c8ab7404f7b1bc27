import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { readSection } from './elf.ts';

/** What a kernel module says about itself in its .modinfo section. */
export interface KernelModule {
	/** Underscores, never dashes: the kernel treats both as the same. */
	name: string;
	/** Below the module directory, e.g. `kernel/drivers/net/virtio_net.ko`. */
	path: string;
	depends: string[];
	/** Modules or aliases that must be there first although no symbol of theirs is used. */
	softDepends: string[];
	aliases: string[];
}

/** All modules of a kernel package. `directory` is its `lib/modules/VERSION`. */
export async function readModules(directory: string): Promise<KernelModule[]> {
	const paths = (await readdir(directory, { recursive: true })).filter((path) => path.endsWith('.ko')).sort();
	const modules: KernelModule[] = [];
	for (const path of paths)
		modules.push(parseModule(relative(directory, join(directory, path)), await readFile(join(directory, path))));
	return modules;
}

/** Reads one module's own description. Throws ElfError when the file is no module. */
export function parseModule(path: string, file: Buffer): KernelModule {
	const info = (readSection(file, '.modinfo') ?? Buffer.alloc(0)).toString('latin1').split('\0');
	const values = (key: string) => info.filter((line) => line.startsWith(`${key}=`)).map((line) => line.slice(key.length + 1));
	return {
		name: moduleName(path),
		path,
		depends: values('depends')
			.flatMap((list) => list.split(','))
			.filter((name) => name !== '')
			.map(moduleName),
		softDepends: values('softdep').flatMap((line) =>
			(/^pre:\s*(.*?)(?:\s+post:.*)?$/.exec(line)?.[1] ?? '').split(/\s+/).filter(Boolean),
		),
		aliases: values('alias'),
	};
}

export type ModuleChoice = { kind: 'chosen'; modules: KernelModule[] } | { kind: 'absent'; names: string[] };

/**
 * The wanted modules with all that they need, sorted by path. Names in `builtIn` are part of the kernel itself.
 * A wanted name that is neither is reported, all of them at once.
 */
export function chooseModules(
	all: readonly KernelModule[],
	builtIn: ReadonlySet<string>,
	wanted: readonly string[],
): ModuleChoice {
	const byName = new Map(all.map((module) => [module.name, module]));
	const byAlias = new Map<string, KernelModule[]>();
	for (const module of all) for (const alias of module.aliases) byAlias.set(alias, [...(byAlias.get(alias) ?? []), module]);

	const absent = wanted.map(moduleName).filter((name) => !byName.has(name) && !builtIn.has(name));
	if (absent.length > 0) return { kind: 'absent', names: absent };

	const chosen = new Map<string, KernelModule>();
	const queue = wanted.flatMap((name) => byName.get(moduleName(name)) ?? []);
	for (let module = queue.pop(); module; module = queue.pop()) {
		if (chosen.has(module.name)) continue;
		chosen.set(module.name, module);
		queue.push(...module.depends.flatMap((name) => byName.get(name) ?? []));
		// Softdeps name aliases as well: ext4 asks for "crypto-crc32c", and its mount fails when no module answers to that.
		queue.push(...module.softDepends.flatMap((name) => byName.get(moduleName(name)) ?? byAlias.get(name) ?? []));
	}
	return { kind: 'chosen', modules: [...chosen.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Names in a kernel's `modules.builtin`. */
export function parseBuiltIn(text: string): Set<string> {
	return new Set(
		text
			.split('\n')
			.filter((line) => line !== '')
			.map(moduleName),
	);
}

/** `kernel/fs/ext4/ext4.ko` and `crc32c-intel` to the name that the kernel compares. */
function moduleName(path: string): string {
	return (path.split('/').pop() ?? path).replace(/\.ko$/, '').replaceAll('-', '_');
}
