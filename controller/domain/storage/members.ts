import { createPartition } from './partitions.ts';
import { cannot, unfit } from './refuse.ts';
import { isMadeOf } from './settle.ts';
import {
	bootDisk,
	type CacheSet,
	type Carrier,
	carrierName,
	deviceCarrier,
	deviceName,
	deviceUnder,
	type Filesystem,
	type Fresh,
	filesystemOn,
	type Group,
	type MemberType,
	partitionCarrier,
	type Storage,
} from './storage.ts';
import { isFree, usedFor } from './usage.ts';

/** Devices and partitions as a client names them: by id, devices by their name too. `field…`: the parameters that they were sent in. */
export interface Named {
	readonly devices?: readonly string[] | undefined;
	readonly partitions?: readonly string[] | undefined;
	readonly deviceField: string;
	readonly partitionField: string;
}

export function findCarriers(storage: Storage, { devices = [], partitions = [], deviceField, partitionField }: Named): Carrier[] {
	const found = [
		...devices.map((word) => {
			const device = storage.devices.find((each) => String(each.id) === word || deviceName(storage, each) === word);
			if (!device) throw unfit(deviceField, `The machine has no block device ${shown(word)}.`);
			return deviceCarrier(device.id);
		}),
		...partitions.map((word) => {
			const partition = storage.partitions.find((each) => String(each.id) === word);
			if (!partition) throw unfit(partitionField, `The machine has no partition ${shown(word)}.`);
			return partitionCarrier(partition.id);
		}),
	];
	// an id and a name may mean the same device
	return found.filter((carrier, at) => found.findIndex((each) => isSame(each, carrier)) === at);
}

const shown = (word: string) => word.slice(0, 60);

const isSame = (a: Carrier, b: Carrier) => a.deviceId === b.deviceId && a.partitionId === b.partitionId;

/**
 * Makes members of them. The boot disk becomes one by a partition over all of it, as in MAAS: firmware must find a partition table.
 * Throws for what is used already, and for what is itself made of the group.
 */
export function join(
	storage: Storage,
	carriers: readonly Carrier[],
	as: { readonly fstype: MemberType; readonly group?: Group; readonly cacheSet?: CacheSet; readonly field: string },
	fresh: Fresh,
): Storage {
	let joined = storage;
	for (const wanted of carriers) {
		if (!isFree(joined, wanted)) throw unfit(as.field, `${carrierName(joined, wanted)} is in use: ${usedFor(joined, wanted)}.`);
		const device = deviceUnder(joined, wanted);
		if (!device) throw unfit(as.field, 'The device is gone.');
		const whole = as.group ?? as.cacheSet;
		if (whole && isMadeOf(joined, device, whole))
			throw unfit(as.field, `${carrierName(joined, wanted)} is made of ${whole.name} itself.`);
		let carrier = wanted;
		if (wanted.partitionId === null && bootDisk(joined)?.id === device.id) {
			joined = createPartition(joined, device, {}, fresh);
			carrier = partitionCarrier(joined.partitions.at(-1)?.id ?? 0);
		}
		const member: Filesystem = {
			id: fresh.id('filesystem'),
			...carrier,
			groupId: as.group?.id ?? null,
			cacheSetId: as.cacheSet?.id ?? null,
			fstype: as.fstype,
			uuid: fresh.uuid(),
			label: null,
			mountPoint: null,
			mountOptions: null,
			acquired: false,
		};
		joined = { ...joined, filesystems: [...joined.filesystems, member] };
	}
	return joined;
}

/** Throws for what is no such member. A boot disk that joined as a whole leaves by its partition, or by its own name. */
export function leave(
	storage: Storage,
	carriers: readonly Carrier[],
	group: Group,
	fstypes: readonly MemberType[],
	field: string,
): Storage {
	let left = storage;
	for (const carrier of carriers) {
		const member = memberOn(left, carrier);
		if (member?.groupId !== group.id || !fstypes.includes(member.fstype as MemberType))
			throw unfit(field, `${carrierName(storage, carrier)} is no such member of ${group.name}.`);
		left = { ...left, filesystems: left.filesystems.filter((each) => each !== member) };
	}
	return left;
}

function memberOn(storage: Storage, carrier: Carrier): Filesystem | undefined {
	const direct = filesystemOn(storage, carrier);
	if (direct || carrier.partitionId !== null) return direct;
	const partitions = storage.partitions.filter((partition) => partition.deviceId === carrier.deviceId);
	return partitions.length === 1 ? filesystemOn(storage, partitionCarrier(partitions[0]?.id ?? 0)) : undefined;
}

/** Everything of the group or cache set is free again. */
export const dissolved = (storage: Storage, of: { readonly groupId?: number; readonly cacheSetId?: number }): Storage => ({
	...storage,
	filesystems: storage.filesystems.filter(
		(each) =>
			!(of.groupId !== undefined && each.groupId === of.groupId) &&
			!(of.cacheSetId !== undefined && each.cacheSetId === of.cacheSetId),
	),
	groups: storage.groups.filter((group) => group.id !== of.groupId),
	cacheSets: storage.cacheSets.filter((set) => set.id !== of.cacheSetId),
});

/** Members come first: a group of none holds nothing. */
export function someCarriers(carriers: readonly Carrier[], kind: string): readonly Carrier[] {
	if (carriers.length === 0) throw cannot(`At least one block device or partition is needed for a ${kind}.`);
	return carriers;
}
