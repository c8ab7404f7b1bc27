import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../../controller/domain/errors.ts';
import { acquire, giveBack } from '../../../../controller/domain/storage/acquired.ts';
import {
	createBcache,
	createCacheSet,
	deleteBcache,
	deleteCacheSet,
	updateBcache,
	updateCacheSet,
} from '../../../../controller/domain/storage/bcaches.ts';
import { createDevice, deleteDevice, setBootDisk, updateDevice } from '../../../../controller/domain/storage/devices.ts';
import { format, mount, mountSpecial, unformat, unmount } from '../../../../controller/domain/storage/filesystems.ts';
import { layOut, NoBootDisk } from '../../../../controller/domain/storage/layouts.ts';
import { createPartition, deletePartition } from '../../../../controller/domain/storage/partitions.ts';
import { createRaid, deleteRaid, updateRaid } from '../../../../controller/domain/storage/raids.ts';
import { availableSize, groupSize, tableOverhead, volumesSize } from '../../../../controller/domain/storage/sizes.ts';
import {
	type Carrier,
	deviceCarrier,
	deviceName,
	type Fresh,
	filesystemOn,
	memberTypes,
	partitionCarrier,
	partitionsOn,
	raidLevels,
	type Storage,
} from '../../../../controller/domain/storage/storage.ts';
import { usedFor } from '../../../../controller/domain/storage/usage.ts';
import {
	createGroup,
	createLogicalVolume,
	deleteGroup,
	updateGroup,
} from '../../../../controller/domain/storage/volumeGroups.ts';
import { countingFresh, GIB, MIB, storageOfSizes } from '../../../support/diskMachine.ts';

/** Numbers that pick what an operation works on; sizes in MiB. */
interface Step {
	readonly op: (typeof operations)[number]['name'];
	readonly a: number;
	readonly b: number;
	readonly c: number;
	readonly size: number;
}

const pick = <Item>(items: readonly Item[], at: number): Item | undefined => items[at % Math.max(1, items.length)];
const carriers = (storage: Storage): Carrier[] => [
	...storage.devices.map(({ id }) => deviceCarrier(id)),
	...storage.partitions.map(({ id }) => partitionCarrier(id)),
];
const carrier = (storage: Storage, at: number) => pick(carriers(storage), at) ?? nothing('device');
const device = (storage: Storage, at: number) => pick(storage.devices, at) ?? nothing('device');
const group = (storage: Storage, kind: Storage['groups'][number]['kind'], at: number) =>
	pick(
		storage.groups.filter((each) => each.kind === kind),
		at,
	) ?? nothing(kind);
const nothing = (what: string): never => {
	throw new Refusal('not-found', `there is no ${what}`);
};
/** Several devices and partitions, as a client names them. */
const named = (storage: Storage, ...at: number[]) => {
	const chosen = at.map((each) => carrier(storage, each));
	return {
		devices: chosen.flatMap(({ deviceId }) => (deviceId === null ? [] : [String(deviceId)])),
		partitions: chosen.flatMap(({ partitionId }) => (partitionId === null ? [] : [String(partitionId)])),
	};
};
const one = (storage: Storage, at: number) => {
	const { deviceId, partitionId } = carrier(storage, at);
	return partitionId === null ? { device: String(deviceId) } : { partition: String(partitionId) };
};

const operations: readonly { name: string; run: (storage: Storage, step: Step, fresh: Fresh) => Storage }[] = [
	{ name: 'partition', run: (s, { a, size, b }, f) => createPartition(s, device(s, a), b % 3 ? { size: size * MIB } : {}, f) },
	{ name: 'delete partition', run: (s, { a }) => deletePartition(s, pick(s.partitions, a) ?? nothing('partition')) },
	{ name: 'format', run: (s, { a, b }, f) => format(s, carrier(s, a), { fstype: b % 2 ? 'ext4' : 'swap' }, f) },
	{ name: 'unformat', run: (s, { a }) => unformat(s, carrier(s, a)) },
	{ name: 'mount', run: (s, { a, b }) => mount(s, carrier(s, a), { mountPoint: `/${'abc'[b % 3]}/` }) },
	{ name: 'unmount', run: (s, { a }) => unmount(s, carrier(s, a)) },
	{ name: 'special', run: (s, { b }, f) => mountSpecial(s, { fstype: 'tmpfs', mountPoint: `/${'abc'[b % 3]}` }, f) },
	{
		name: 'group',
		run: (s, { a, b, c }, f) =>
			createGroup(s, c % 4 ? 'volume-group' : 'vmfs-datastore', { name: `g${a}`, ...named(s, a, b) }, f),
	},
	{
		name: 'change group',
		run(s, { a, b, c }, f) {
			const [added, removed] = [named(s, b), named(s, c)];
			const change = {
				addDevices: added.devices,
				addPartitions: added.partitions,
				removeDevices: removed.devices,
				removePartitions: removed.partitions,
			};
			return updateGroup(s, group(s, 'volume-group', a), change, f);
		},
	},
	{ name: 'delete group', run: (s, { a }) => deleteGroup(s, group(s, 'volume-group', a)) },
	{
		name: 'volume',
		run: (s, { a, b, size }, f) => createLogicalVolume(s, group(s, 'volume-group', a), { name: `v${b}`, size: size * MIB }, f),
	},
	{ name: 'delete device', run: (s, { a }) => deleteDevice(s, device(s, a)) },
	{ name: 'resize device', run: (s, { a, size }, f) => updateDevice(s, device(s, a), { size: size * 8 * MIB }, f) },
	{
		name: 'add device',
		run: (s, { a, size }, f) => createDevice(s, { name: `new${a}`, idPath: `/dev/disk/by-id/n${a}`, size: size * 8 * MIB }, f),
	},
	{
		name: 'raid',
		run: (s, { a, b, c }, f) =>
			createRaid(
				s,
				{
					level: raidLevels[c % 5] ?? '',
					...named(s, a, b, c, a + 1),
					...(c % 3 ? {} : { spareDevices: named(s, b + 1).devices }),
				},
				f,
			),
	},
	{
		name: 'change raid',
		run(s, { a, b, c }, f) {
			const [added, removed] = [named(s, b), named(s, c)];
			const members = {
				...{ addDevices: added.devices, addPartitions: added.partitions },
				...{ removeDevices: removed.devices, addSpareDevices: removed.devices },
			};
			const change = [{ name: `r${b}` }, { addSparePartitions: added.partitions }, members][c % 3] ?? {};
			return updateRaid(s, group(s, 'raid', a), change, f);
		},
	},
	{ name: 'delete raid', run: (s, { a }) => deleteRaid(s, group(s, 'raid', a)) },
	{ name: 'cache', run: (s, { a }, f) => createCacheSet(s, one(s, a), f) },
	{
		name: 'change cache',
		run: (s, { a, b }, f) => updateCacheSet(s, pick(s.cacheSets, a) ?? nothing('cache set'), one(s, b), f),
	},
	{ name: 'delete cache', run: (s, { a }) => deleteCacheSet(s, pick(s.cacheSets, a) ?? nothing('cache set')) },
	{
		name: 'bcache',
		run: (s, { a, b }, f) => createBcache(s, { cacheSet: String(pick(s.cacheSets, b)?.id), backing: one(s, a) }, f),
	},
	{
		name: 'change bcache',
		run: (s, { a, b, c }, f) =>
			updateBcache(s, group(s, 'bcache', a), { cacheSet: String(pick(s.cacheSets, b)?.id), backing: c % 2 ? one(s, c) : {} }, f),
	},
	{ name: 'delete bcache', run: (s, { a }) => deleteBcache(s, group(s, 'bcache', a)) },
	{ name: 'boot disk', run: (s, { a }) => setBootDisk(s, device(s, a)) },
	{ name: 'acquire', run: (s, _, f) => acquire(s, f) },
	{ name: 'give back', run: (s) => giveBack(s) },
	{ name: 'layout', run: (s, { c }, f) => layOut(s, (['flat', 'lvm', 'bcache', 'vmfs6'] as const)[c % 4] ?? 'flat', {}, f) },
];

function checkInvariants(storage: Storage): void {
	for (const each of storage.devices) {
		const name = deviceName(storage, each);
		const carried = filesystemOn(storage, deviceCarrier(each.id));
		const partitions = partitionsOn(storage, each.id);
		assert.ok(!(carried && each.partitionTable), `${name} has a table and ${carried?.fstype}`);
		assert.equal(partitions.length > 0, each.partitionTable !== null, `${name} has a table when it has partitions`);
		// each begins where the 4 MiB of the one before end: none overlaps, the last one ends on the device
		let end = each.partitionTable ? tableOverhead(storage.platform, each.partitionTable) : 0;
		for (const { size } of partitions) end += Math.ceil(size / (4 * MIB)) * 4 * MIB;
		assert.ok(end <= each.size, `${name}: partitions end at ${end} of ${each.size}`);
		const available = availableSize(storage, each);
		assert.ok(available >= 0 && available <= each.size, `${name} has ${available} of ${each.size} available`);
		if (carried) assert.equal(available, 0);
		if (each.partitionTable) assert.ok(each.size - end - available < 4 * MIB, `${name}: used and available make up its size`);
	}
	for (const each of storage.groups) {
		const size = groupSize(storage, each);
		const volumes = storage.devices.filter((one) => one.groupId === each.id);
		if (each.kind === 'volume-group') assert.ok(volumesSize(storage, each) <= size, `${each.name} holds its volumes`);
		else if (each.kind !== 'vmfs-datastore')
			assert.deepEqual(
				volumes.map((one) => one.size),
				[size],
				`${each.name} has one device of its size`,
			);
		assert.ok(
			storage.filesystems.some((one) => one.groupId === each.id),
			`${each.name} has members`,
		);
	}
	for (const each of storage.devices)
		assert.ok(!isUnder(storage, each.id, each.id), `${deviceName(storage, each)} is not made of itself`);
	const places = [...storage.filesystems].filter((each) => each.deviceId !== null || each.partitionId !== null);
	const spots = places.map(({ deviceId, partitionId }) => `${deviceId}/${partitionId}`);
	assert.equal(new Set(spots).size, spots.length, 'no device is in two groups or formatted twice');
	for (const each of places) {
		const exists =
			each.partitionId === null
				? storage.devices.some(({ id }) => id === each.deviceId)
				: storage.partitions.some(({ id }) => id === each.partitionId);
		assert.ok(exists, `${each.fstype} lies on something`);
		const member = (memberTypes as readonly string[]).includes(each.fstype);
		assert.equal(each.groupId !== null || each.cacheSetId !== null, member, 'members are of groups');
		if (member) assert.equal(each.mountPoint, null);
		else assert.equal(each.acquired, storage.acquired, 'file systems are the operator’s or who has the machine’s');
	}
	for (const each of storage.shadowed) assert.ok(storage.acquired && !each.acquired);
	const points = storage.filesystems.map((each) => each.mountPoint).filter((point) => point !== null && point !== 'none');
	assert.equal(new Set(points).size, points.length, 'mount points are unique');
	for (const each of carriers(storage)) assert.doesNotMatch(usedFor(storage, each), /undefined|null/);
}

/** The device is one of those that the other is made of. */
function isUnder(storage: Storage, wanted: number, whole: number, seen = new Set<number>()): boolean {
	const own = storage.groups.find((each) => each.id === storage.devices.find(({ id }) => id === whole)?.groupId);
	if (!own || seen.has(whole)) return false;
	seen.add(whole);
	return storage.filesystems
		.filter((each) => each.groupId === own.id || (own.cacheSetId !== null && each.cacheSetId === own.cacheSetId))
		.map((each) => each.deviceId ?? storage.partitions.find(({ id }) => id === each.partitionId)?.deviceId ?? 0)
		.some((part) => part === wanted || isUnder(storage, wanted, part, seen));
}

const step: fc.Arbitrary<Step> = fc.record({
	op: fc.constantFrom(...operations.map(({ name }) => name)),
	a: fc.nat(12),
	b: fc.nat(12),
	c: fc.nat(12),
	size: fc.nat(4096),
});

test('any sequence of operations keeps the disks sound, and a refused one changes nothing', () => {
	let accepted = 0;
	const seen = new Set<string>();
	fc.assert(
		fc.property(
			fc.constantFrom('uefi' as const, 'bios' as const),
			fc.array(fc.constantFrom(3 * MIB, 5 * MIB + 512, 700 * MIB, 6 * GIB, 40 * GIB), { minLength: 2, maxLength: 7 }),
			fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }),
			(firmware, sizes, steps) => {
				const fresh = countingFresh();
				let storage = storageOfSizes(sizes, { platform: { architecture: 'amd64', firmware } });
				for (const each of steps) {
					const before = structuredClone(storage);
					try {
						const after = operations.find(({ name }) => name === each.op)?.run(storage, each, fresh) ?? storage;
						assert.deepEqual(storage, before, `${each.op} changes a copy`);
						storage = after;
						accepted++;
						seen.add(each.op);
					} catch (error) {
						if (!(error instanceof Refusal) && !(error instanceof NoBootDisk)) throw error;
						assert.deepEqual(storage, before, `a refused ${each.op} changes nothing`);
					}
					checkInvariants(storage);
				}
			},
		),
		{ numRuns: 400 },
	);
	assert.deepEqual(
		operations.map(({ name }) => name).filter((name) => !seen.has(name)),
		[],
		'each operation was accepted at least once',
	);
	assert.ok(accepted > 500, `${accepted} were accepted`);
});
