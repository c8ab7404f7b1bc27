/** What is used of a stanza of apt's package index. */
export interface PackageRecord {
	name: string;
	version: string;
	section: string;
	/** Names in Depends and Pre-Depends; of alternatives (`a | b`) all, in their order. */
	depends: string[][];
	/** SHA-256 of the .deb, hexadecimal, as in the signed index. */
	sha256: string;
	/** Bytes of the .deb. */
	size: number;
}

/** Reads the stanzas that `apt-cache show` prints. Throws when a stanza lacks what makes a download verifiable. */
export function parsePackageRecords(text: string): PackageRecord[] {
	return text
		.split(/\n\s*\n/)
		.filter((stanza) => /^Package:/m.test(stanza))
		.map((stanza) => {
			const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.*)$`, 'm').exec(stanza)?.[1]?.trim() ?? '';
			const name = field('Package');
			const sha256 = field('SHA256').toLowerCase();
			if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`package index: ${name} has no SHA256`);
			return {
				name,
				version: field('Version'),
				section: field('Section'),
				depends: [...parseDepends(field('Pre-Depends')), ...parseDepends(field('Depends'))],
				sha256,
				size: Number(field('Size')),
			};
		});
}

/** `a (>= 1), b:amd64 | c` to [[a], [b, c]], deb-control(5). */
export function parseDepends(text: string): string[][] {
	return text
		.split(',')
		.map((group) =>
			group
				.split('|')
				.map((alternative) => alternative.trim().split(/[\s:(]/)[0] ?? '')
				.filter((name) => name !== ''),
		)
		.filter((group) => group.length > 0);
}
