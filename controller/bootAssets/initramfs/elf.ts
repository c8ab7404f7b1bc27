/** A section or segment lies outside the file, or a table is not what the ELF specification says. */
export class ElfError extends Error {
	constructor(why: string) {
		super(`ELF file: ${why}`);
		this.name = 'ElfError';
	}
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_INTERP = 3;
const DT_NEEDED = 1n;
const DT_STRTAB = 5n;

/**
 * Names of the shared libraries that an x86-64 program or library asks its loader for, plus the absolute path of the
 * loader itself. Empty for anything that is not a 64-bit little-endian ELF file, and for static programs.
 */
export function neededLibraries(file: Buffer): string[] {
	if (!isElf64(file)) return [];
	const segments = programHeaders(file);
	const needed = segments.filter((s) => s.type === PT_INTERP).map((s) => text(file, s.offset));
	const dynamic = segments.find((s) => s.type === PT_DYNAMIC);
	if (!dynamic) return needed;
	const tags: { tag: bigint; value: bigint }[] = [];
	for (let at = dynamic.offset; at + 16 <= dynamic.offset + dynamic.size; at += 16) {
		tags.push({ tag: bigAt(file, at), value: bigAt(file, at + 8) });
	}
	const table = tags.find(({ tag }) => tag === DT_STRTAB)?.value;
	if (table === undefined) throw new ElfError('no string table in its dynamic section');
	// DT_STRTAB is a virtual address: find the segment that is loaded there.
	const home = segments.find((s) => s.type === PT_LOAD && s.address <= table && table < s.address + BigInt(s.size));
	if (!home) throw new ElfError('its string table is in no segment');
	const start = Number(table - home.address) + home.offset;
	return [...needed, ...tags.filter(({ tag }) => tag === DT_NEEDED).map(({ value }) => text(file, start + Number(value)))];
}

/** The bytes of a named section, e.g. `.modinfo` of a kernel module; null when there is none. Throws ElfError. */
export function readSection(file: Buffer, name: string): Buffer | null {
	if (!isElf64(file)) throw new ElfError('not a 64-bit little-endian ELF file');
	const tableAt = Number(bigAt(file, 0x28));
	const entrySize = shortAt(file, 0x3a);
	const count = shortAt(file, 0x3c);
	const header = (index: number) => tableAt + index * entrySize;
	const namesAt = Number(bigAt(file, header(shortAt(file, 0x3e)) + 0x18));
	for (let index = 0; index < count; index++) {
		const at = header(index);
		if (text(file, namesAt + wordAt(file, at)) !== name) continue;
		const offset = Number(bigAt(file, at + 0x18));
		const size = Number(bigAt(file, at + 0x20));
		if (offset + size > file.length) throw new ElfError(`section ${name} is cut off`);
		return file.subarray(offset, offset + size);
	}
	return null;
}

interface Segment {
	type: number;
	offset: number;
	address: bigint;
	/** Bytes in the file. */
	size: number;
}

function programHeaders(file: Buffer): Segment[] {
	const tableAt = Number(bigAt(file, 0x20));
	const entrySize = shortAt(file, 0x36);
	return Array.from({ length: shortAt(file, 0x38) }, (_, index) => {
		const at = tableAt + index * entrySize;
		return {
			type: wordAt(file, at),
			offset: Number(bigAt(file, at + 8)),
			address: bigAt(file, at + 16),
			size: Number(bigAt(file, at + 32)),
		};
	});
}

function isElf64(file: Buffer): boolean {
	return file.length >= 64 && file.readUInt32BE(0) === 0x7f454c46 && file[4] === 2 && file[5] === 1;
}

function text(file: Buffer, at: number): string {
	const end = file.indexOf(0, at);
	if (at < 0 || at >= file.length || end < 0) throw new ElfError('a name lies outside the file');
	return file.toString('utf8', at, end);
}

function bounded(file: Buffer, at: number, size: number): number {
	if (!Number.isSafeInteger(at) || at < 0 || at + size > file.length) throw new ElfError('a table lies outside the file');
	return at;
}

const shortAt = (file: Buffer, at: number) => file.readUInt16LE(bounded(file, at, 2));
const wordAt = (file: Buffer, at: number) => file.readUInt32LE(bounded(file, at, 4));
const bigAt = (file: Buffer, at: number) => file.readBigUInt64LE(bounded(file, at, 8));
