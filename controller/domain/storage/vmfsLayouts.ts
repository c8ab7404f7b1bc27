import { readLayoutSize } from './layoutSize.ts';
import { unfit } from './refuse.ts';
import { GIB, MIB, tableRoom } from './sizes.ts';
import type { Device, Fresh, Partition, Storage } from './storage.ts';
import { createGroup } from './volumeGroups.ts';

/**
 * VMware's installed disks as ESXi's images bring them (facts §11.1): the partitions' numbers and sizes are fixed, and only the last one,
 * the datastore, has what is left. In the order in which they lie on the disk.
 */
const fixed = {
	vmfs6: {
		smallest: 10 * GIB,
		partitions: [
			{ number: 1, size: 3 * MIB, bootable: true },
			{ number: 5, size: 249 * MIB },
			{ number: 6, size: 249 * MIB },
			{ number: 7, size: 109 * MIB },
			{ number: 8, size: 285 * MIB },
			{ number: 9, size: 2560 * MIB },
			{ number: 2, size: 4 * GIB },
		],
		datastore: 3,
	},
	vmfs7: {
		// ESXi 7 refuses smaller boot disks (VMware's installation requirements: 32 GB)
		smallest: 32_000_000_000,
		partitions: [
			{ number: 1, size: 100 * MIB, bootable: true },
			{ number: 5, size: 4095 * MIB },
			{ number: 6, size: 4095 * MIB },
			{ number: 7, size: 25_662_832_128 },
		],
		datastore: 8,
	},
} as const;

const alignedUp = (size: number) => Math.ceil(size / (4 * MIB)) * (4 * MIB);

/** `rootSize`: of the datastore. */
export function layOutVmfs(
	storage: Storage,
	layout: keyof typeof fixed,
	disk: Device,
	rootSize: string | undefined,
	fresh: Fresh,
): Storage {
	const { smallest, partitions, datastore } = fixed[layout];
	const taken = partitions.reduce((sum, { size }) => sum + alignedUp(size), 0);
	const left = tableRoom(storage, disk) - taken;
	if (disk.size < smallest || left < GIB)
		throw unfit('__all__', `${disk.name} has ${disk.size} bytes; ${layout} needs ${Math.max(smallest, taken + GIB)}.`);
	const size =
		Math.floor(readLayoutSize('root_size', rootSize, { whole: disk.size, least: GIB, most: left }) / (4 * MIB)) * (4 * MIB);
	const made = [...partitions, { number: datastore, size }].map(
		(partition): Partition => ({
			id: fresh.id('partition'),
			deviceId: disk.id,
			number: partition.number,
			uuid: fresh.uuid(),
			size: partition.size,
			bootable: 'bootable' in partition,
			tags: [],
		}),
	);
	const partitioned: Storage = {
		...storage,
		devices: storage.devices.map((device) => (device.id === disk.id ? { ...device, partitionTable: 'GPT' } : device)),
		partitions: [...storage.partitions, ...made],
	};
	return createGroup(partitioned, 'vmfs-datastore', { name: 'datastore1', partitions: [String(made.at(-1)?.id)] }, fresh);
}
