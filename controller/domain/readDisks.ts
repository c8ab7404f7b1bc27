import { cleanInteger, cleanText } from './clean.ts';
import type { BlockDevice } from './inventory.ts';
import { asList, asObject, type JsonObject } from './jsonFields.ts';
import type { LshwFacts } from './readLshw.ts';

/** Somebody's largest JBOD has 108 bays; a controller that shows each disk eight times is still taken. */
const MAX_DISKS = 1024;
const MAX_SIZE = 2 ** 53 - 1;
/** MAAS leaves out what is no larger: floppies, and the configuration disks of hypervisors. */
const TOO_SMALL = 4 * 1024 * 1024;

export interface DiskSources {
	/** `resources.storage` */
	readonly storage: JsonObject;
	readonly lshw: LshwFacts | null;
	/** `nvme list --output-format=json`, parsed */
	readonly nvme: unknown;
}

/** The disks that an operating system could be put on, by MAAS's rules (process_lxd_results), in the order of the resources. */
export function readDisks(sources: DiskSources, warn: (text: string) => void): BlockDevice[] {
	const given = asList(sources.storage.disks);
	if (given.length > MAX_DISKS) warn(`The machine reports ${given.length} disks; the first ${MAX_DISKS} were taken.`);
	const nvme = nvmeByName(sources.nvme);
	const disks = new Map<string, BlockDevice>();
	for (const [at, value] of given.slice(0, MAX_DISKS).entries()) {
		const disk = asObject(value);
		if (disk.read_only === true || disk.type === 'cdrom' || /^(loop|ram|zram|sr|fd)\d/.test(String(disk.id))) continue;
		const name = deviceName(disk.id) ?? `disk${at}`;
		const size = cleanInteger(disk.size, 0, MAX_SIZE);
		if (size === null) warn(`Disk ${name} was left out: its size is no number of bytes.`);
		else if (disks.has(name)) warn(`Disk ${name} is reported twice; the first was taken.`);
		else if (size > TOO_SMALL) disks.set(name, readDisk(disk, name, size, sources.lshw?.disks.get(name), nvme.get(name)));
	}
	return [...disks.values()];
}

type Other = { readonly model: string | null; readonly serial: string | null; readonly version: string | null };

/** `others` fill in what the resources lack, the first that knows it first. */
function readDisk(disk: JsonObject, name: string, size: number, ...others: (Other | undefined)[]): BlockDevice {
	const other = (field: keyof Other) => others.map((each) => each?.[field] ?? null).find((value) => value !== null) ?? null;
	const serial = cleanText(disk.serial) ?? other('serial');
	const rpm = cleanInteger(disk.rpm, 0, 100_000) ?? 0;
	return {
		name,
		idPath: idPath(disk, name, serial),
		model: cleanText(disk.model) ?? other('model'),
		serial,
		size,
		blockSize: cleanInteger(disk.block_size, 1, 1024 * 1024) ?? 512,
		rotational: rpm > 0,
		firmwareVersion: cleanText(disk.firmware_version) ?? other('version'),
		tags: [
			...(rpm > 0 ? ['rotary', `${rpm}rpm`] : ['ssd']),
			...(disk.removable === true ? ['removable'] : []),
			...(disk.type === 'sata' ? ['sata'] : []),
		],
	};
}

/** The kernel's name, with `!` for a slash (`cciss!c0d0`); `null` when it is none and must not get into a path. */
function deviceName(id: unknown): string | null {
	return typeof id === 'string' && /^[A-Za-z][\w!-]{0,31}$/.test(id) ? id : null;
}

/** The by-id name stays when disks are swapped, but udev makes it of the serial number: without one there is none. */
function idPath(disk: JsonObject, name: string, serial: string | null): string | null {
	const id = disk.device_id;
	if (typeof id === 'string' && /^[\w.:+@=#-]{1,200}$/.test(id) && !/^\.+$/.test(id) && serial !== null)
		return `/dev/disk/by-id/${id}`;
	return deviceName(disk.id) === null ? null : `/dev/${name}`;
}

function nvmeByName(list: unknown): Map<string, Other> {
	const found = new Map<string, Other>();
	for (const device of asList(asObject(list).Devices).slice(0, MAX_DISKS).map(asObject)) {
		const name = /^\/dev\/(nvme\d+n\d+)$/.exec(String(device.DevicePath))?.[1];
		if (name)
			found.set(name, {
				model: cleanText(device.ModelNumber),
				serial: cleanText(device.SerialNumber),
				version: cleanText(device.Firmware),
			});
	}
	return found;
}
