import { cleanLine } from '../clean.ts';
import { asList, asObject, type JsonObject } from '../jsonFields.ts';
import { cannot } from './refuse.ts';
import {
	type CacheMode,
	cacheModes,
	type MountableType,
	mountableTypes,
	type RaidLevel,
	raidLevels,
	type SpecialType,
	specialTypes,
} from './storage.ts';

/**
 * The layout that a script of an operator describes while the machine is commissioned (`storage-extra`, facts §11.1), read and checked.
 * It comes from a machine, so nothing in it is trusted. Sizes in bytes.
 */
export interface CustomLayout {
	readonly disks: readonly {
		readonly name: string;
		readonly boot: boolean;
		readonly table: 'GPT' | 'MBR' | null;
		readonly partitions: readonly (Formatted & { readonly size: number | undefined; readonly bootable: boolean })[];
		readonly fs: MountableType | null;
	}[];
	/** Volume groups, RAIDs and bcaches; each after those that it is made of. */
	readonly groups: readonly CustomGroup[];
	readonly special: readonly { readonly name: string; readonly fs: SpecialType }[];
	readonly mounts: readonly { readonly path: string; readonly device: string; readonly options: string | undefined }[];
}

interface Formatted {
	readonly name: string;
	readonly fs: MountableType | null;
}

export type CustomGroup =
	| {
			readonly type: 'lvm';
			readonly name: string;
			readonly members: readonly string[];
			readonly volumes: readonly (Formatted & { readonly size: number | undefined })[];
	  }
	| (Formatted & {
			readonly type: 'raid';
			readonly level: RaidLevel;
			readonly members: readonly string[];
			readonly spares: readonly string[];
	  })
	| (Formatted & { readonly type: 'bcache'; readonly backing: string; readonly cache: string; readonly mode: CacheMode });

const MOST_ENTRIES = 2000;

/** Throws Refusal that names the entry and what is wrong with it. */
export function readCustomLayout(value: unknown): CustomLayout {
	const root = asObject(value);
	const entries = Object.entries(asObject(root.layout));
	const mounts = Object.entries(asObject(root.mounts));
	if (entries.length === 0) throw cannot('The machine’s storage-extra has no layout.');
	if (entries.length + mounts.length > MOST_ENTRIES) throw cannot(`The layout has more than ${MOST_ENTRIES} entries.`);
	const disks: CustomLayout['disks'][number][] = [];
	const groups: CustomGroup[] = [];
	const special: CustomLayout['special'][number][] = [];
	for (const [name, given] of entries) {
		const entry = asObject(given);
		const named = checkName(name);
		if (entry.type === 'disk') disks.push(readDisk(named, entry));
		else if (entry.type === 'lvm' || entry.type === 'raid' || entry.type === 'bcache')
			groups.push(readGroup(named, entry.type, entry));
		else if (entry.type === 'special') special.push({ name: named, fs: pick(named, 'fs', entry.fs, specialTypes) });
		else throw wrong(named, `its type is none of disk, lvm, raid, bcache, special`);
	}
	return {
		disks,
		groups: inOrder(groups),
		special,
		mounts: mounts.map(([path, given]) => {
			const { device, options } = asObject(given);
			if (typeof device !== 'string') throw wrong(path, 'it names no device');
			return { path, device, options: typeof options === 'string' ? options : undefined };
		}),
	};
}

function readDisk(name: string, entry: JsonObject): CustomLayout['disks'][number] {
	const partitions = asList(entry.partitions).map((given) => {
		const partition = asObject(given);
		const own = text(name, 'partitions.name', partition.name);
		return {
			name: own,
			size: readSize(own, partition.size),
			fs: optionalType(own, partition.fs),
			bootable: partition.bootable === true,
		};
	});
	const table =
		entry.ptable === undefined ? (partitions.length > 0 ? 'gpt' : null) : pick(name, 'ptable', entry.ptable, ['gpt', 'mbr']);
	return {
		name,
		boot: entry.boot === true,
		table: table === null ? null : table === 'mbr' ? 'MBR' : 'GPT',
		partitions,
		fs: optionalType(name, entry.fs),
	};
}

function readGroup(name: string, type: CustomGroup['type'], entry: JsonObject): CustomGroup {
	const words = (field: string) => asList(entry[field]).map((word) => text(name, field, word));
	switch (type) {
		case 'lvm':
			return {
				type,
				name,
				members: words('members'),
				volumes: asList(entry.volumes).map((given) => {
					const volume = asObject(given);
					const own = text(name, 'volumes.name', volume.name);
					return { name: own, size: readSize(own, volume.size), fs: optionalType(own, volume.fs) };
				}),
			};
		case 'raid': {
			const level = typeof entry.level === 'number' ? `raid-${entry.level}` : entry.level;
			return {
				...{ type, name, level: pick(name, 'level', level, raidLevels) },
				...{ members: words('members'), spares: words('spares'), fs: optionalType(name, entry.fs) },
			};
		}
		case 'bcache':
			return {
				type,
				name,
				backing: text(name, 'backing-device', entry['backing-device']),
				cache: text(name, 'cache-device', entry['cache-device']),
				mode: entry['cache-mode'] === undefined ? 'writethrough' : pick(name, 'cache-mode', entry['cache-mode'], cacheModes),
				fs: optionalType(name, entry.fs),
			};
	}
}

const madeOf = (group: CustomGroup): readonly string[] =>
	group.type === 'lvm'
		? group.members
		: group.type === 'raid'
			? [...group.members, ...group.spares]
			: [group.backing, group.cache];
const makes = (group: CustomGroup): readonly string[] =>
	group.type === 'lvm' ? group.volumes.map((volume) => volume.name) : [group.name];

/** Each after those that it is made of. */
function inOrder(groups: readonly CustomGroup[]): CustomGroup[] {
	const left = [...groups];
	const ordered: CustomGroup[] = [];
	while (left.length > 0) {
		const coming = new Set(left.flatMap(makes));
		const at = left.findIndex((group) => !madeOf(group).some((name) => coming.has(name)));
		if (at < 0)
			throw cannot(`The layout goes in a circle: ${left.map((group) => group.name).join(', ')} are made of each other.`);
		ordered.push(...left.splice(at, 1));
	}
	return ordered;
}

const wrong = (name: string, why: string) => cannot(`The layout’s entry ${cleanLine(name, 60)} can’t be used: ${why}.`);

function checkName(name: string): string {
	if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/.test(name))
		throw wrong(name, 'names are letters, digits, - and _, and begin with a letter');
	return name;
}

function text(name: string, field: string, value: unknown): string {
	if (typeof value !== 'string' || value === '') throw wrong(name, `its ${field} is no name`);
	return checkName(value);
}

function pick<const Choice extends string>(name: string, field: string, value: unknown, choices: readonly Choice[]): Choice {
	const found = choices.find((choice) => choice === value);
	if (!found) throw wrong(name, `its ${field} is none of ${choices.join(', ')}`);
	return found;
}

const optionalType = (name: string, fs: unknown): MountableType | null =>
	fs === undefined || fs === null ? null : pick(name, 'fs', fs, mountableTypes);

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** `20G`: decimal, as MAAS reads it; a number is bytes; what isn't said is all that is left. */
function readSize(name: string, value: unknown): number | undefined {
	if (value === undefined || value === null) return undefined;
	const [, digits, unit = ''] = /^(\d{1,15}(?:\.\d{1,6})?)([KMGT]?)$/.exec(String(value)) ?? [];
	const size = Math.floor(Number(digits) * (units[unit] ?? 1));
	if (digits === undefined || !Number.isSafeInteger(size)) throw wrong(name, 'its size is no number with K, M, G or T');
	return size;
}
