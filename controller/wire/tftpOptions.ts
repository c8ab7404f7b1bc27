/** What a client may ask for beside the file, and what it is granted. */
export interface TftpTerms {
	/** Bytes of a block. */
	readonly blockSize: number;
	/** Blocks sent for one acknowledgement. */
	readonly windowSize: number;
	/** Milliseconds until a window is sent again; null when the client leaves it to the server. */
	readonly timeout: number | null;
	/** The options to be acknowledged; empty means that none is, and the first block follows at once. */
	readonly granted: ReadonlyMap<string, string>;
}

/**
 * RFC 2347: an option that the server does not know is left out of its answer. One that it knows, with a value outside of its RFC,
 * refuses the whole request (error 8). `size` is the file's; `maxBlockSize` keeps a block in one frame, since a lost fragment costs
 * all of them.
 */
export function agreeOnTerms(
	asked: ReadonlyMap<string, string>,
	limits: { readonly size: number; readonly maxBlockSize: number; readonly maxWindowSize: number },
): TftpTerms | { readonly badOption: string } {
	const terms = { blockSize: 512, windowSize: 1, timeout: null as number | null };
	const granted = new Map<string, string>();
	for (const [name, value] of asked) {
		const range = RANGES[name];
		if (!range) continue;
		const number = /^\d{1,15}$/.test(value) ? Number(value) : -1;
		if (number < range.least || number > range.most) return { badOption: `${name} must be ${range.least} to ${range.most}` };
		switch (name) {
			case 'blksize':
				terms.blockSize = Math.min(number, limits.maxBlockSize);
				granted.set(name, String(terms.blockSize));
				break;
			case 'windowsize':
				terms.windowSize = Math.min(number, limits.maxWindowSize);
				granted.set(name, String(terms.windowSize));
				break;
			case 'timeout':
				terms.timeout = number * 1000;
				granted.set(name, value);
				break;
			case 'tsize':
				granted.set(name, String(limits.size));
		}
	}
	return { ...terms, granted };
}

const RANGES: Readonly<Record<string, { least: number; most: number }>> = {
	blksize: { least: 8, most: 65464 },
	timeout: { least: 1, most: 255 },
	tsize: { least: 0, most: 1e15 },
	windowsize: { least: 1, most: 65535 },
};
