import type { CandidateDisk } from './candidate.ts';
import { formatDiskSize } from './sizes.ts';

/**
 * `root:50(ssd),data:100(rotary,5400rpm)`: sizes in decimal GB, tags of disks; the tag `partition` asks for a partition instead. The
 * first entry is the disk that holds `/`, the others are unused ones. Which goes where: the entries with most tags choose first, each
 * takes the smallest that is big enough, and only when that leaves one without a disk is another order tried.
 */
export interface StorageConstraint {
	readonly entries: readonly StorageEntry[];
}

export interface StorageEntry {
	readonly label: string | null;
	/** as it was written */
	readonly gigabytes: string;
	readonly tags: readonly string[];
}

/** As MAAS names them: the id of a disk, or `partition:7`. */
export type DeviceKey = number | `partition:${number}`;
export type Labelled = Readonly<Record<string, readonly DeviceKey[]>>;

/** No machine has more disks (`domain/readDisks.ts`), and each entry is tried with each disk of each machine. */
const MOST_ENTRIES = 1024;

/** `null` when it is malformed. */
export function parseStorage(text: string): StorageConstraint | null {
	const entries: StorageEntry[] = [];
	// commas part the entries and, within parentheses, the tags
	const entry = /(?:([a-zA-Z0-9]+):)?(\d+\.?\d*|\.\d+)(?:\(([^(),\s]+(?:,[^(),\s]+)*)\))?(,|$)/y;
	while (entry.lastIndex < text.length || entries.length === 0) {
		const [whole = '', label, gigabytes = '', tags, comma] = entry.exec(text) ?? [];
		if (whole === '' || entries.length === MOST_ENTRIES) return null;
		entries.push({ label: label ?? null, gigabytes, tags: tags?.split(',') ?? [] });
		if (comma === '') return { entries };
	}
	// it ends with a comma
	return null;
}

/** The inverse of `parseStorage`. */
export function renderStorage({ entries }: StorageConstraint): string {
	return entries.map(renderEntry).join(',');
}

const renderEntry = ({ label, gigabytes, tags }: StorageEntry) =>
	`${label === null ? '' : `${label}:`}${gigabytes}${tags.length === 0 ? '' : `(${tags.join(',')})`}`;

/** What each label got, `null` when not every entry can get a device of its own. */
export function matchStorage(constraint: StorageConstraint, disks: readonly CandidateDisk[]): Labelled | null {
	const [root, ...rest] = constraint.entries as [StorageEntry, ...StorageEntry[]];
	const first = rootDevice(root, disks);
	if (!first || !fits(root, first)) return null;
	const found = new Map([[root, first.key]]);
	const choosing = rest.toSorted((a, b) => b.tags.length - a.tags.length);
	const options = choosing.map((entry) => unusedDevices(entry, disks, first.key));
	const assigned = assign(options);
	if (!assigned) return null;
	for (const [at, entry] of choosing.entries()) found.set(entry, assigned[at] as DeviceKey);
	const labels = new Map<string, DeviceKey[]>();
	for (const entry of constraint.entries)
		if (entry.label !== null) labels.set(entry.label, [...(labels.get(entry.label) ?? []), found.get(entry) as DeviceKey]);
	return Object.fromEntries(labels);
}

/** What stands in the way, for a machine that doesn't match. */
export function missingStorage(constraint: StorageConstraint, disks: readonly CandidateDisk[]): string {
	const [root, ...rest] = constraint.entries as [StorageEntry, ...StorageEntry[]];
	const first = rootDevice(root, disks);
	if (!first) return isPartition(root) ? 'has no partition for /' : 'has no disk';
	if (!fits(root, first)) return `has ${[formatDiskSize(first.size), ...first.tags].join(', ')} for /`;
	const lacking = rest.find((entry) => unusedDevices(entry, disks, first.key).length === 0);
	if (lacking) return `has no unused ${isPartition(lacking) ? 'partition' : 'disk'} for ${renderEntry(lacking)}`;
	return 'has too few unused disks that fit';
}

interface Device {
	readonly key: DeviceKey;
	readonly size: number;
	readonly tags: readonly string[];
}

const isPartition = (entry: StorageEntry) => entry.tags.includes('partition');
const bytesOf = (entry: StorageEntry) => Math.floor(Number(entry.gigabytes) * 1000 ** 3);
const fits = (entry: StorageEntry, device: Device) =>
	device.size >= bytesOf(entry) && entry.tags.every((tag) => tag === 'partition' || device.tags.includes(tag));
const diskDevice = ({ id, size, tags }: CandidateDisk): Device => ({ key: id, size, tags });
const partitionsOf = (disks: readonly CandidateDisk[]) =>
	disks.flatMap((disk) =>
		disk.partitions.map(({ id, size, tags, hasRoot, used }) => ({
			...{ key: `partition:${id}` as const, size, tags, hasRoot, used },
		})),
	);

/** A machine without a storage layout holds `/` nowhere yet: it will be the disk that it boots from, else its first one. */
function rootDevice(entry: StorageEntry, disks: readonly CandidateDisk[]): Device | undefined {
	if (isPartition(entry)) return partitionsOf(disks).find((partition) => partition.hasRoot);
	const disk =
		disks.find((each) => each.hasRoot || each.partitions.some((partition) => partition.hasRoot)) ??
		disks.find((each) => each.isBoot) ??
		disks[0];
	return disk && diskDevice(disk);
}

/** Those that fit, the smallest first. */
function unusedDevices(entry: StorageEntry, disks: readonly CandidateDisk[], root: DeviceKey): DeviceKey[] {
	const all: Device[] = isPartition(entry)
		? partitionsOf(disks).filter((partition) => !partition.used)
		: disks.filter((disk) => !disk.used).map(diskDevice);
	return all
		.filter((device) => device.key !== root && fits(entry, device))
		.toSorted((a, b) => a.size - b.size)
		.map((device) => device.key);
}

/**
 * A device of its own for each list of options: each takes its first free one, and where that fails an earlier one gives way
 * (augmenting paths: Kuhn 1955), so that an assignment is found whenever there is one.
 */
function assign(options: readonly (readonly DeviceKey[])[]): DeviceKey[] | null {
	const holder = new Map<DeviceKey, number>();
	const seat = (at: number, tried: Set<DeviceKey>): boolean => {
		const wanted = options[at] as readonly DeviceKey[];
		const free = wanted.find((key) => !holder.has(key));
		if (free !== undefined) {
			holder.set(free, at);
			return true;
		}
		for (const key of wanted) {
			if (tried.has(key)) continue;
			tried.add(key);
			if (!seat(holder.get(key) as number, tried)) continue;
			holder.set(key, at);
			return true;
		}
		return false;
	};
	for (const at of options.keys()) if (!seat(at, new Set())) return null;
	const result: DeviceKey[] = [];
	for (const [key, at] of holder) result[at] = key;
	return result;
}
