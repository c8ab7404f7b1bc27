import type { PackageRecord } from './debControl.ts';

/**
 * The seed packages and, step by step, the library packages (section `libs`) that they and those depend on. Programs that
 * a package also asks for (debconf, perl, ucf) are of no use in an initramfs and are not followed. Whether every library
 * is really there shows later, when each program's own list is resolved. Throws naming the seeds that no archive has.
 */
export async function withLibraryPackages(
	seeds: readonly string[],
	show: (names: readonly string[]) => Promise<PackageRecord[]>,
): Promise<PackageRecord[]> {
	const chosen = new Map((await show(seeds)).map((record) => [record.name, record]));
	const unknown = seeds.filter((seed) => !chosen.has(seed));
	if (unknown.length > 0) throw new Error(`the configured archives have no package ${unknown.join(', ')}`);

	const asked = new Set(seeds);
	let frontier = [...chosen.values()];
	while (frontier.length > 0) {
		const next = [...new Set(frontier.flatMap((record) => record.depends.flat()))].filter((name) => !asked.has(name));
		for (const name of next) asked.add(name);
		frontier = (await show(next)).filter((record) => record.section === 'libs');
		for (const record of frontier) chosen.set(record.name, record);
	}
	return [...chosen.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}
