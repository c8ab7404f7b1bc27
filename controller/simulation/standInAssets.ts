/**
 * What simulated machines fetch in place of kernel, initramfs and loaders: they run none of it. Each file says so in its first line,
 * for whoever finds one on a real machine.
 */
export const standInAssets: ReadonlyMap<string, Uint8Array> = new Map(
	[
		['vmlinuz', 24_000],
		['initrd', 48_000],
		['undionly.kpxe', 9000],
		['ipxe.efi', 12_000],
		['bootx64.efi', 9000],
		['grubx64.efi', 12_000],
		['localboot.efi', 6000],
	].map(([name, size]) => [
		String(name),
		Buffer.alloc(Number(size), `Stands in for ${name} in Metaldesk's demo rack; no machine can be booted with it.\n`),
	]),
);

/** What their manifest says beside them. */
export const standInFacts = {
	profile: 'qemu',
	compress: 'gzip',
	kernelVersion: 'none: the machines of the demo rack fetch files that stand in for it',
	inputs: 'demo rack',
	packages: [],
} as const;
