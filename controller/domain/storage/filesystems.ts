import { chooseUuid } from './names.ts';
import { cannot, unfit } from './refuse.ts';
import {
	type Carrier,
	carrierName,
	deviceOf,
	type Filesystem,
	type Fresh,
	filesystemOn,
	type MountableType,
	type SpecialType,
	type Storage,
} from './storage.ts';
import { isMember, usedFor } from './usage.ts';

export interface FormatWish {
	readonly fstype: MountableType;
	readonly uuid?: string | undefined;
	readonly label?: string | undefined;
}

/** In place of what was there, mounted or not, as in MAAS: Terraform's provider formats and mounts a volume again with every change. */
export function format(storage: Storage, carrier: Carrier, { fstype, uuid, label }: FormatWish, fresh: Fresh): Storage {
	const name = carrierName(storage, carrier);
	const before = filesystemOn(storage, carrier);
	if (before && isMember(before)) throw cannot(`${name} can’t be formatted: ${usedFor(storage, carrier)}.`);
	if (carrier.partitionId === null && deviceOf(storage, carrier.deviceId)?.partitionTable)
		throw cannot(`${name} can’t be formatted: it has a partition table.`);
	const without = before ? withoutFilesystem(storage, before) : storage;
	const filesystem: Filesystem = {
		id: fresh.id('filesystem'),
		...carrier,
		groupId: null,
		cacheSetId: null,
		fstype,
		uuid: chooseUuid(without, uuid, fresh),
		label: label ? checkLabel(label) : null,
		mountPoint: null,
		mountOptions: null,
		acquired: storage.acquired,
	};
	return { ...without, filesystems: [...without.filesystems, filesystem] };
}

export function unformat(storage: Storage, carrier: Carrier): Storage {
	const filesystem = filesystemOn(storage, carrier);
	const name = carrierName(storage, carrier);
	if (!filesystem) throw cannot(`${name} is not formatted.`);
	if (isMember(filesystem)) throw cannot(`${name} can’t be unformatted: ${usedFor(storage, carrier)}.`);
	if (filesystem.mountPoint !== null)
		throw cannot(`The file system of ${name} is mounted at ${filesystem.mountPoint}: unmount it first.`);
	return withoutFilesystem(storage, filesystem);
}

/** Swap is not mounted anywhere: its mount point is `none`, and says that it is used. */
export function mount(
	storage: Storage,
	carrier: Carrier,
	where: { mountPoint: string; mountOptions?: string | undefined },
): Storage {
	const filesystem = filesystemOn(storage, carrier);
	const name = carrierName(storage, carrier);
	if (!filesystem) throw cannot(`${name} must be formatted before it is mounted.`);
	if (isMember(filesystem)) throw cannot(`${name} can’t be mounted: ${usedFor(storage, carrier)}.`);
	if (filesystem.mountPoint !== null) throw cannot(`${name} is mounted at ${filesystem.mountPoint} already.`);
	const mountPoint = filesystem.fstype === 'swap' ? 'none' : checkMountPoint(storage, where.mountPoint);
	return replaced(storage, filesystem, { ...filesystem, mountPoint, mountOptions: checkOptions(where.mountOptions) });
}

export function unmount(storage: Storage, carrier: Carrier): Storage {
	const filesystem = filesystemOn(storage, carrier);
	const name = carrierName(storage, carrier);
	if (!filesystem) throw cannot(`${name} is not formatted.`);
	if (isMember(filesystem) || filesystem.mountPoint === null) throw cannot(`${name} is not mounted.`);
	return replaced(storage, filesystem, { ...filesystem, mountPoint: null, mountOptions: null });
}

export function mountSpecial(
	storage: Storage,
	wish: { fstype: SpecialType; mountPoint: string; mountOptions?: string | undefined },
	fresh: Fresh,
): Storage {
	const filesystem: Filesystem = {
		id: fresh.id('filesystem'),
		...{ deviceId: null, partitionId: null, groupId: null, cacheSetId: null },
		fstype: wish.fstype,
		uuid: fresh.uuid(),
		label: null,
		mountPoint: checkMountPoint(storage, wish.mountPoint),
		mountOptions: checkOptions(wish.mountOptions),
		acquired: storage.acquired,
	};
	return { ...storage, filesystems: [...storage.filesystems, filesystem] };
}

export function unmountSpecial(storage: Storage, mountPoint: string): Storage {
	const normal = normalised(mountPoint);
	const filesystem = storage.filesystems.find((each) => isSpecial(each) && each.mountPoint === normal);
	if (!filesystem) throw unfit('mount_point', 'No special file system is mounted here.');
	return withoutFilesystem(storage, filesystem);
}

export const isSpecial = (filesystem: Filesystem): boolean => filesystem.deviceId === null && filesystem.partitionId === null;

const withoutFilesystem = (storage: Storage, gone: Filesystem): Storage => ({
	...storage,
	filesystems: storage.filesystems.filter((each) => each !== gone),
});

const replaced = (storage: Storage, old: Filesystem, now: Filesystem): Storage => ({
	...storage,
	filesystems: storage.filesystems.map((each) => (each === old ? now : each)),
});

const normalised = (path: string) => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');

function checkMountPoint(storage: Storage, given: string): string {
	const path = normalised(given);
	if (!path.startsWith('/') || path.length > 255 || /[\s\p{C}]/u.test(path) || path.split('/').some((part) => part === '..'))
		throw unfit('mount_point', 'Enter an absolute path of up to 255 characters, without blanks.');
	if (storage.filesystems.some((each) => each.mountPoint === path))
		throw unfit('mount_point', `Another file system is mounted at ${path} already.`);
	return path;
}

/** They become a column of `/etc/fstab`. */
function checkOptions(given: string | undefined): string | null {
	const options = given?.trim() ?? '';
	if (options === '') return null;
	if (options.length > 255 || /[\s\p{C}]/u.test(options))
		throw unfit('mount_options', 'Enter options with commas between them, without blanks, up to 255 characters.');
	return options;
}

function checkLabel(label: string): string {
	if (label.length > 255 || /\p{C}/u.test(label)) throw unfit('label', 'Enter one line of up to 255 characters.');
	return label;
}
