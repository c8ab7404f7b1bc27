import { isSpecial } from '../../../domain/storage/filesystems.ts';
import { bootDisk, type Group, type Storage } from '../../../domain/storage/storage.ts';
import type { Store } from '../../../store/store.ts';
import { deviceObject, filesystemObject } from './deviceObject.ts';

/**
 * All that machine objects show of storage (facts §2.5), by the node's id; nodes that don't exist are not in the answer. The number of
 * statements is the same for any list. Lists that show a device name the same object, so that a list of 10,000 machines holds each once.
 */
export function storageObjects(store: Store, nodeIds: readonly number[]): Map<number, StorageObjects> {
	return new Map([...store.storage.of(nodeIds)].map(([id, storage]) => [id, storageOf(storage)]));
}

function storageOf(storage: Storage) {
	const devices = storage.devices.map((device) => deviceObject(storage, device));
	const physical = devices.filter((device) => device.type === 'physical');
	const virtual = devices.filter((device) => device.type === 'virtual');
	const bootDiskId = bootDisk(storage)?.id;
	const stubs = (kind: Group['kind']) =>
		storage.groups.filter((group) => group.kind === kind).map((group) => stub(storage, group));
	return {
		boot_disk: devices.find((device) => device.id === bootDiskId) ?? null,
		blockdevice_set: [...physical, ...virtual],
		physicalblockdevice_set: physical,
		virtualblockdevice_set: virtual,
		special_filesystems: storage.filesystems.filter(isSpecial).map(filesystemObject),
		volume_groups: stubs('volume-group'),
		raids: stubs('raid'),
		bcaches: stubs('bcache'),
		cache_sets: storage.cacheSets.map((set) => stub(storage, set)),
		storage: megabytes(physical.reduce((sum, device) => sum + device.size, 0)),
	};
}
export type StorageObjects = ReturnType<typeof storageOf>;

/** python-libmaas fetches the whole object when it is looked at. */
const stub = ({ systemId }: Storage, { id }: { readonly id: number }) => ({ system_id: systemId, id, __incomplete__: true });

/** Decimal, with one digit. */
const megabytes = (bytes: number) => Math.round(bytes / 1e5) / 10;
