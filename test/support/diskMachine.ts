import type { BlockDevice } from '../../controller/domain/inventory.ts';
import type { Status } from '../../controller/domain/lifecycle.ts';
import type { Machine } from '../../controller/domain/machine.ts';
import type { Device, Fresh, Storage } from '../../controller/domain/storage/storage.ts';
import type { Store } from '../../controller/store/store.ts';

export const MIB = 1024 * 1024;
export const GIB = 1024 * MIB;

/** A disk as commissioning reports it. */
export const foundDisk = (name: string, size: number, change: Partial<BlockDevice> = {}): BlockDevice => ({
	...{ name, idPath: `/dev/disk/by-id/wwn-${name}`, model: 'Example Disk', serial: `S-${name}`, size, blockSize: 512 },
	...{ rotational: false, firmwareVersion: 'FW01', tags: ['ssd'] },
	...change,
});

/** A machine with these disks and nothing on them, in the store; Ready, of architecture amd64, booting by UEFI, unless told otherwise. */
export function addDiskMachine(
	store: Store,
	disks: readonly BlockDevice[],
	change: { systemId?: string; status?: Status; ownerId?: number | null; firmware?: 'bios' | 'uefi'; architecture?: string } = {},
): Machine {
	const { systemId = 'abc123', status = 'ready', ownerId = null, firmware = 'uefi', architecture = 'amd64' } = change;
	const at = '2026-01-02T03:04:05.000Z';
	const { id } = store.machines.insert({ systemId, hostname: `host-${systemId}`, at });
	const nothing = {
		...{
			architecture: null,
			cpuCount: null,
			cpuModel: null,
			memory: null,
			uuid: null,
			vendor: null,
			product: null,
			serial: null,
		},
		...{ interfaces: [], numaNodes: [], components: [] },
	};
	store.inventory.replace(id, { ...nothing, blockDevices: disks } as never, at);
	store.machines.update(id, { firmware, architecture, ownerId });
	setStatus(store, id, status);
	return store.machines.byId(id) as Machine;
}

/** Without the way there. */
export function setStatus(store: Store, id: number, status: Status): void {
	store.machines.writeStatus(id, {
		...{ status, at: '2026-01-02T03:04:05.000Z', text: null, previousStatus: null, deadlineAt: null },
	});
}

/** Ids and UUIDs in order: what is made is the same in every run. */
export function countingFresh(start = 100): Fresh {
	let last = start;
	return {
		id: () => ++last,
		uuid: () => `00000000-0000-4000-8000-${String(++last).padStart(12, '0')}`,
	};
}

/** A value for functions of the domain: physical disks sda, sdb … of these sizes, with ids from 1. */
export function storageOfSizes(sizes: readonly number[], change: Partial<Storage> = {}): Storage {
	return {
		systemId: 'abc123',
		platform: { architecture: 'amd64', firmware: 'uefi' },
		devices: sizes.map(
			(size, at): Device => ({
				...{ id: at + 1, type: 'physical', name: `sd${'abcdefghij'[at]}`, uuid: null, model: 'Example Disk', serial: `S${at}` },
				...{ idPath: `/dev/disk/by-id/wwn-${at}`, size, blockSize: 512, rotational: false, firmwareVersion: null, tags: [] },
				...{ partitionTable: null, groupId: null, numaNode: 0 },
			}),
		),
		...{ partitions: [], filesystems: [], shadowed: [], acquired: false, groups: [], cacheSets: [] },
		...{ bootDiskId: null, laidOutBy: 'nobody' },
		...change,
	};
}
