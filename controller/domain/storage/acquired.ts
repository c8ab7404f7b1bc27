import type { Filesystem, Fresh, Storage } from './storage.ts';
import { isMember } from './usage.ts';

/**
 * Who allocates a machine gets copies of its file systems, to format and mount as he likes; what the operator laid out comes back with
 * the release, as in MAAS. Volume groups, RAIDs and partitions are the operator's alone.
 */
export function acquire(storage: Storage, fresh: Fresh): Storage {
	if (storage.acquired) return storage;
	const [members, own] = parted(storage.filesystems);
	const copies = own.map((each) => ({ ...each, id: fresh.id('filesystem'), acquired: true }));
	return { ...storage, acquired: true, shadowed: own, filesystems: [...members, ...copies] };
}

export function giveBack(storage: Storage): Storage {
	if (!storage.acquired) return storage;
	const [members] = parted(storage.filesystems);
	return { ...storage, acquired: false, shadowed: [], filesystems: [...members, ...storage.shadowed] };
}

function parted(filesystems: readonly Filesystem[]): [members: Filesystem[], own: Filesystem[]] {
	return [filesystems.filter(isMember), filesystems.filter((each) => !isMember(each))];
}
