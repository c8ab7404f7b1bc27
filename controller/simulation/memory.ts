import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { InstalledSystem } from './scripts.ts';

/** What a simulated rack keeps while nothing runs it: where its BMCs are, and each machine's switch and disk. */
export interface RackMemory {
	/** which of the address blocks its BMCs have (places.ts); `null` before the first start */
	block: number | null;
	/** by number; those that were never on are missing */
	readonly machines: Map<number, RememberedMachine>;
	/** Writes soon: many changes at once are one file. */
	changed(): void;
	/** Writes now what has changed. */
	save(): void;
}

export interface RememberedMachine {
	readonly on: boolean;
	readonly installed: InstalledSystem | null;
}

const SAVE_AFTER_MS = 1000;

/** Reads the file; one that is missing, or was cut by a crash, is an empty memory: the rack then is a new one. */
export function openRackMemory(file: string): RackMemory {
	let timer: NodeJS.Timeout | undefined;
	const memory: RackMemory = {
		...read(file),
		changed() {
			timer ??= setTimeout(() => memory.save(), SAVE_AFTER_MS).unref();
		},
		save() {
			if (!timer) return;
			clearTimeout(timer);
			timer = undefined;
			writeFileSync(`${file}.part`, JSON.stringify({ block: memory.block, machines: [...memory.machines] }), { mode: 0o600 });
			renameSync(`${file}.part`, file);
		},
	};
	return memory;
}

function read(file: string): Pick<RackMemory, 'block' | 'machines'> {
	try {
		const { block, machines } = JSON.parse(readFileSync(file, 'utf8')) as {
			block: number;
			machines: [number, RememberedMachine][];
		};
		return { block, machines: new Map(machines) };
	} catch (error) {
		if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
			return { block: null, machines: new Map() };
		throw error;
	}
}
