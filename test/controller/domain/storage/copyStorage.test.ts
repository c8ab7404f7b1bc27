import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquire } from '../../../../controller/domain/storage/acquired.ts';
import { copyStorage } from '../../../../controller/domain/storage/copyStorage.ts';
import { layOut } from '../../../../controller/domain/storage/layouts.ts';
import { deviceCarrier, deviceName, partitionCarrier, type Storage } from '../../../../controller/domain/storage/storage.ts';
import { usedFor } from '../../../../controller/domain/storage/usage.ts';
import { countingFresh, GIB, storageOfSizes } from '../../../support/diskMachine.ts';

/** What lies where, without ids. */
const outline = (storage: Storage): string[] => [
	...storage.devices.map(
		(device) => `${deviceName(storage, device)} ${device.partitionTable ?? '-'}: ${usedFor(storage, deviceCarrier(device.id))}`,
	),
	...storage.partitions.map(({ id, number, size }) => `${number} ${size} ${usedFor(storage, partitionCarrier(id))}`),
	...storage.filesystems.map(({ fstype, label, mountPoint }) => `${fstype} ${label} ${mountPoint}`),
	...storage.groups.map(({ kind, name, cacheMode }) => `${kind} ${name} ${cacheMode}`),
	`boot disk ${storage.devices.find(({ id }) => id === storage.bootDiskId)?.name}`,
];
const idsOf = ({ devices, partitions, filesystems, groups, cacheSets }: Storage) => [
	...devices.filter(({ type }) => type === 'virtual').map(({ id }) => `device ${id}`),
	...partitions.map(({ id }) => `partition ${id}`),
	...filesystems.map(({ id }) => `filesystem ${id}`),
	...groups.map(({ id }) => `group ${id}`),
	...cacheSets.map(({ id }) => `cache set ${id}`),
];
const withSsd = (storage: Storage): Storage => ({
	...storage,
	bootDiskId: 1,
	devices: storage.devices.map((device) => (device.id === 2 ? { ...device, tags: ['ssd'] } : device)),
});
const copied = (source: Storage, target: Storage) => {
	const copy = copyStorage(source, target, countingFresh(1000));
	assert.ok(copy.ok);
	return copy.storage;
};

for (const layout of ['flat', 'lvm', 'bcache', 'vmfs6', 'blank'] as const)
	test(`${layout} on another machine’s larger disks is the same layout, under ids of its own`, () => {
		const source = layOut(withSsd(storageOfSizes([60 * GIB, 30 * GIB])), layout, {}, countingFresh());
		const before = layOut(storageOfSizes([80 * GIB, 30 * GIB, 10 * GIB]), 'lvm', {}, countingFresh(500));
		const copy = copied(source, before);
		assert.deepEqual(
			outline(copy).filter((line) => !line.startsWith('sdc ')),
			outline(source),
		);
		const known = new Set([...idsOf(source), ...idsOf(before)]);
		assert.deepEqual(
			idsOf(copy).filter((id) => known.has(id)),
			[],
		);
		assert.deepEqual(
			copy.devices.filter(({ type }) => type === 'physical').map(({ size, serial }) => [size, serial]),
			before.devices.filter(({ type }) => type === 'physical').map(({ size, serial }) => [size, serial]),
		);
	});

test('what an owner has made of it is not copied', () => {
	const source = layOut(storageOfSizes([60 * GIB]), 'flat', {}, countingFresh());
	const owned = acquire(source, countingFresh(300));
	const changed = { ...owned, filesystems: owned.filesystems.map((each) => ({ ...each, mountPoint: '/mine' })) };
	assert.deepEqual(outline(copied(changed, storageOfSizes([60 * GIB]))), outline(source));
});

for (const [what, sizes, text] of [
	['fewer disks', [60 * GIB], 'The machine has 1 disks; the source has 2.'],
	['a smaller disk', [60 * GIB, 29 * GIB], `The disk sdb has ${29 * GIB} bytes; the source’s sdb has ${30 * GIB}.`],
] as const)
	test(`a machine with ${what} is refused`, () =>
		assert.deepEqual(copyStorage(storageOfSizes([60 * GIB, 30 * GIB]), storageOfSizes(sizes), countingFresh()), {
			ok: false,
			text,
		}));
