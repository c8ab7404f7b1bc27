import { Refusal } from '../errors.ts';
import { isSpecial } from './filesystems.ts';
import { layOut } from './layouts.ts';
import {
	bootDisk,
	type Device,
	deviceName,
	type Fresh,
	filesystemOn,
	partitionCarrier,
	partitionsOn,
	type Storage,
} from './storage.ts';
import { usedFor } from './usage.ts';

/**
 * Whether deploying an image does what the storage shows. Images are written to the whole boot disk with the partitions that they bring;
 * the other disks are left alone. That is what the layouts `flat` and `blank` mean. Anything else would be ignored in silence, so it is
 * refused, with a sentence that names it.
 */
export function deployableLayout(storage: Storage): { ok: true; disk: Device } | { ok: false; text: string } {
	const disk = bootDisk(storage);
	if (!disk) return { ok: false, text: 'Specify a storage device to be able to deploy this node.' };
	const what = whatImagesIgnore(storage, disk);
	if (what === null) return { ok: true, disk };
	return {
		ok: false,
		text: `The storage layout can’t be deployed: ${what}. An image is written to a whole disk; set the storage layout flat or blank first.`,
	};
}

function whatImagesIgnore(storage: Storage, disk: Device): string | null {
	const group = storage.groups[0];
	if (group) return `it has the ${kinds[group.kind]} ${group.name}`;
	if (storage.cacheSets[0]) return `it has the cache set ${storage.cacheSets[0].name}`;
	const special = storage.filesystems.find(isSpecial);
	if (special) return `${special.fstype} is mounted at ${special.mountPoint}`;
	for (const device of storage.devices) {
		const whole = filesystemOn(storage, { deviceId: device.id, partitionId: null });
		if (whole)
			return `${deviceName(storage, device)} is used as a whole: ${usedFor(storage, { deviceId: device.id, partitionId: null })}`;
		if (device.partitionTable && device.id !== disk.id)
			return `${device.name}, which is not the boot disk, is ${usedFor(storage, { deviceId: device.id, partitionId: null })}`;
	}
	if (disk.partitionTable === null) return null;
	const partitions = outline(storage, disk);
	return (['bios', 'uefi'] as const).some((firmware) => partitions === outlineOfFlat(storage, firmware))
		? null
		: `the partitions of ${disk.name} are not those of the layout flat`;
}

const kinds = { 'volume-group': 'volume group', raid: 'RAID', bcache: 'bcache', 'vmfs-datastore': 'VMFS datastore' } as const;

/** Sizes and what they carry; labels and UUIDs are the image's own. */
function outline(storage: Storage, disk: Device): string {
	return partitionsOn(storage, disk.id)
		.map((partition) => {
			const filesystem = filesystemOn(storage, partitionCarrier(partition.id));
			return [partition.size, filesystem?.fstype, filesystem?.mountPoint, filesystem?.mountOptions].join(' ');
		})
		.join('\n');
}

/** The machine may boot in another way by now than when it was laid out. */
function outlineOfFlat(storage: Storage, firmware: 'bios' | 'uefi'): string | null {
	let last = 0;
	const fresh: Fresh = { id: () => ++last, uuid: () => String(++last) };
	try {
		const flat = layOut({ ...storage, platform: { ...storage.platform, firmware } }, 'flat', {}, fresh);
		const disk = bootDisk(flat);
		return disk ? outline(flat, disk) : null;
	} catch (error) {
		// the disk is too small for that layout
		if (error instanceof Refusal) return null;
		throw error;
	}
}
