/** A tar archive (ustar, POSIX.1-1988) of small files, in memory. Names have at most 100 bytes; longer ones lose their beginning. */
export function tarOf(files: readonly { readonly name: string; readonly bytes: Uint8Array }[], at: Date): Buffer {
	const parts = files.flatMap(({ name, bytes }) => [headerOf(name, bytes.length, at), bytes, Buffer.alloc(restOf(bytes.length))]);
	return Buffer.concat([...parts, Buffer.alloc(2 * BLOCK)]);
}

const BLOCK = 512;
const restOf = (size: number) => (BLOCK - (size % BLOCK)) % BLOCK;

function headerOf(name: string, size: number, at: Date): Buffer {
	const header = Buffer.alloc(BLOCK);
	const octal = (value: number, from: number, length: number) =>
		header.write(`${value.toString(8).padStart(length - 1, '0')}\0`, from, 'ascii');
	Buffer.from(name).subarray(-100).copy(header, 0);
	octal(0o644, 100, 8);
	octal(0, 108, 8);
	octal(0, 116, 8);
	octal(size, 124, 12);
	octal(Math.floor(at.getTime() / 1000), 136, 12);
	header.write('        0', 148, 'ascii');
	header.write('ustar\u000000', 257, 'ascii');
	octal(
		header.reduce((sum, byte) => sum + byte, 0),
		148,
		7,
	);
	return header;
}
