import { createBcache, createCacheSet } from './bcaches.ts';
import type { CustomGroup, CustomLayout } from './customLayout.ts';
import { setBootDisk } from './devices.ts';
import { format, mount, mountSpecial } from './filesystems.ts';
import { cleared } from './layouts.ts';
import { createPartition } from './partitions.ts';
import { createRaid } from './raids.ts';
import { cannot } from './refuse.ts';
import {
	type Carrier,
	type Device,
	deviceCarrier,
	deviceOf,
	type Fresh,
	type MountableType,
	partitionCarrier,
	type Storage,
} from './storage.ts';
import { createGroup, createLogicalVolume } from './volumeGroups.ts';

/** Lays out all disks anew as the custom layout has it. Throws Refusal for what the machine's disks can't be made into. */
export function layOutCustom(storage: Storage, layout: CustomLayout, fresh: Fresh): Storage {
	const work = new Work(cleared(storage), fresh);
	for (const disk of layout.disks) work.disk(disk);
	for (const group of layout.groups) work.group(group);
	for (const { path, device, options } of layout.mounts) {
		const special = layout.special.find(({ name }) => name === device);
		if (special)
			work.storage = mountSpecial(work.storage, { fstype: special.fs, mountPoint: path, mountOptions: options }, fresh);
		else work.storage = mount(work.storage, work.find(device), { mountPoint: path, mountOptions: options });
	}
	if (!layout.mounts.some(({ path }) => path === '/')) throw cannot('The layout mounts nothing at /.');
	return work.storage;
}

/** The storage as it grows, and what the layout's names stand for by now. */
class Work {
	storage: Storage;
	private readonly fresh: Fresh;
	private readonly places = new Map<string, Carrier>();

	constructor(storage: Storage, fresh: Fresh) {
		this.storage = storage;
		this.fresh = fresh;
	}

	find(name: string): Carrier {
		const place = this.places.get(name);
		if (!place) throw cannot(`The layout names ${name}, which it doesn’t describe.`);
		return place;
	}

	disk(entry: CustomLayout['disks'][number]): void {
		const disk = this.storage.devices.find((device) => device.name === entry.name && device.type === 'physical');
		if (!disk) throw cannot(`The layout names the disk ${entry.name}, which the machine doesn’t have.`);
		const now = (): Device => deviceOf(this.storage, disk.id) ?? disk;
		if (entry.boot) this.storage = setBootDisk(this.storage, now());
		if (entry.table)
			this.storage = {
				...this.storage,
				devices: this.storage.devices.map((device) =>
					device.id === disk.id ? { ...device, partitionTable: entry.partitions.length > 0 ? entry.table : null } : device,
				),
			};
		this.place(entry.name, deviceCarrier(disk.id), entry.table ? null : entry.fs);
		for (const { name, size, bootable, fs } of entry.partitions) {
			this.storage = createPartition(this.storage, now(), { size, bootable }, this.fresh);
			this.place(name, partitionCarrier(this.storage.partitions.at(-1)?.id ?? 0), fs);
		}
	}

	group(entry: CustomGroup): void {
		const { fresh } = this;
		switch (entry.type) {
			case 'lvm': {
				this.storage = createGroup(this.storage, 'volume-group', { name: entry.name, ...this.named(entry.members) }, fresh);
				const group = this.storage.groups.at(-1) as Storage['groups'][number];
				for (const { name, size, fs } of entry.volumes) {
					this.storage = createLogicalVolume(this.storage, group, { name, size }, fresh);
					this.placeDevice(name, fs);
				}
				return;
			}
			case 'raid': {
				const { devices: spareDevices, partitions: sparePartitions } = this.named(entry.spares);
				const wish = { name: entry.name, level: entry.level, ...this.named(entry.members), spareDevices, sparePartitions };
				this.storage = createRaid(this.storage, wish, fresh);
				this.placeDevice(entry.name, entry.fs);
				return;
			}
			case 'bcache': {
				const cache = this.find(entry.cache);
				// two bcaches may share a cache
				const known = this.storage.filesystems.find(
					(each) => each.cacheSetId !== null && each.deviceId === cache.deviceId && each.partitionId === cache.partitionId,
				);
				if (!known) this.storage = createCacheSet(this.storage, one(cache), fresh);
				const cacheSet = String(known?.cacheSetId ?? this.storage.cacheSets.at(-1)?.id);
				const wish = { name: entry.name, cacheSet, cacheMode: entry.mode, backing: one(this.find(entry.backing)) };
				this.storage = createBcache(this.storage, wish, fresh);
				this.placeDevice(entry.name, entry.fs);
				return;
			}
		}
	}

	private placeDevice(name: string, fs: MountableType | null): void {
		this.place(name, deviceCarrier(this.storage.devices.at(-1)?.id ?? 0), fs);
	}

	private place(name: string, carrier: Carrier, fs: MountableType | null): void {
		if (this.places.has(name)) throw cannot(`The layout describes ${name} twice.`);
		this.places.set(name, carrier);
		if (fs) this.storage = format(this.storage, carrier, { fstype: fs }, this.fresh);
	}

	private named(names: readonly string[]): { devices: string[]; partitions: string[] } {
		const carriers = names.map((name) => this.find(name));
		return {
			devices: carriers.flatMap(({ deviceId }) => (deviceId === null ? [] : [String(deviceId)])),
			partitions: carriers.flatMap(({ partitionId }) => (partitionId === null ? [] : [String(partitionId)])),
		};
	}
}

const one = ({ deviceId, partitionId }: Carrier) =>
	partitionId === null ? { device: String(deviceId) } : { partition: String(partitionId) };
