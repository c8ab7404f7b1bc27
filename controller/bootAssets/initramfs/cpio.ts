/**
 * One entry of an initramfs. Paths are relative, without a leading slash.
 * `major` and `minor` are the numbers of a character device.
 */
export type CpioEntry =
	| { kind: 'directory'; path: string }
	| { kind: 'file'; path: string; mode: number; data: Uint8Array }
	| { kind: 'link'; path: string; target: string }
	| { kind: 'device'; path: string; major: number; minor: number };

/** 1 January 2026: a fixed time, so that equal inputs give equal bytes and no file looks older than the kernel. */
const FIXED_TIME = 1_767_225_600;

/**
 * A "newc" archive as the kernel unpacks it (Documentation/driver-api/early-userspace/buffer-format.rst). Parents are
 * added, entries sorted, owner, time and inode numbers fixed: equal entries give equal bytes. Throws when two entries
 * claim one path.
 */
export function writeCpio(entries: readonly CpioEntry[]): Buffer {
	const byPath = new Map<string, CpioEntry>();
	for (const entry of entries) {
		const other = byPath.get(entry.path);
		if (other && !(other.kind === 'directory' && entry.kind === 'directory'))
			throw new Error(`initramfs: two entries for ${entry.path}`);
		byPath.set(entry.path, entry);
	}
	for (const entry of entries) {
		for (const parent of parentsOf(entry.path)) {
			const there = byPath.get(parent);
			if (there && there.kind !== 'directory')
				throw new Error(`initramfs: ${entry.path} lies below ${parent}, which is no directory`);
			if (!there) byPath.set(parent, { kind: 'directory', path: parent });
		}
	}
	// Plain code unit order, not locale order; a directory sorts before what lies in it.
	const sorted = [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
	const parts = sorted.flatMap((entry, index) => encode(entry, index + 1));
	parts.push(...member({ name: 'TRAILER!!!', inode: 0, mode: 0, links: 1, time: 0 }));
	const archive = Buffer.concat(parts);
	return Buffer.concat([archive, Buffer.alloc(-archive.length & 511)]);
}

function encode(entry: CpioEntry, inode: number): Buffer[] {
	const common = { name: entry.path, inode, links: 1, time: FIXED_TIME };
	switch (entry.kind) {
		case 'directory':
			return member({ ...common, mode: 0o040755, links: 2 });
		case 'file':
			return member({ ...common, mode: 0o100000 | entry.mode, data: entry.data });
		case 'link':
			return member({ ...common, mode: 0o120777, data: Buffer.from(entry.target) });
		case 'device':
			return member({ ...common, mode: 0o020600, major: entry.major, minor: entry.minor });
	}
}

interface Member {
	name: string;
	inode: number;
	mode: number;
	links: number;
	time: number;
	data?: Uint8Array;
	major?: number;
	minor?: number;
}

function member({ name, inode, mode, links, time, data = new Uint8Array(), major = 0, minor = 0 }: Member): Buffer[] {
	const nameBytes = Buffer.from(`${name}\0`);
	const owner = 0;
	const fields = [inode, mode, owner, owner, links, time, data.length, 0, 0, major, minor, nameBytes.length, 0];
	const header = `070701${fields.map((field) => field.toString(16).toUpperCase().padStart(8, '0')).join('')}`;
	// Header and name together, and the data, each end on a multiple of four.
	return [Buffer.from(header), nameBytes, padding(header.length + nameBytes.length), Buffer.from(data), padding(data.length)];
}

const padding = (length: number) => Buffer.alloc(-length & 3);

function parentsOf(path: string): string[] {
	const steps = path.split('/').slice(0, -1);
	return steps.map((_, index) => steps.slice(0, index + 1).join('/'));
}
