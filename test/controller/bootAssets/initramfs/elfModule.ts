/** A relocatable 64-bit ELF file with nothing but a .modinfo section: what a kernel module is to modprobe's index. */
export function elfModule(info: Readonly<Record<string, string>>): Buffer {
	const content = Buffer.from(
		Object.entries(info)
			.map(([key, value]) => `${key}=${value}\0`)
			.join(''),
	);
	const names = Buffer.from('\0.modinfo\0.shstrtab\0');
	const sectionsAt = 64 + content.length + names.length;
	const header = Buffer.alloc(64);
	header.write('\x7fELF\x02\x01\x01', 'latin1');
	header.writeUInt16LE(1, 16);
	header.writeUInt16LE(62, 18);
	header.writeUInt32LE(1, 20);
	header.writeBigUInt64LE(BigInt(sectionsAt), 40);
	header.writeUInt16LE(64, 52);
	header.writeUInt16LE(64, 58);
	header.writeUInt16LE(3, 60);
	header.writeUInt16LE(2, 62);
	const sections = [section(0, 0, 0, 0), section(1, 1, 64, content.length), section(10, 3, 64 + content.length, names.length)];
	return Buffer.concat([header, content, names, ...sections]);
}

function section(name: number, type: number, offset: number, size: number): Buffer {
	const bytes = Buffer.alloc(64);
	bytes.writeUInt32LE(name, 0);
	bytes.writeUInt32LE(type, 4);
	bytes.writeBigUInt64LE(BigInt(offset), 24);
	bytes.writeBigUInt64LE(BigInt(size), 32);
	bytes.writeBigUInt64LE(1n, 48);
	return bytes;
}
