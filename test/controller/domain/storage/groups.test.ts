import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../../controller/domain/errors.ts';
import {
	createBcache,
	createCacheSet,
	deleteCacheSet,
	updateBcache,
	updateCacheSet,
} from '../../../../controller/domain/storage/bcaches.ts';
import { deleteDevice, setBootDisk, updateDevice } from '../../../../controller/domain/storage/devices.ts';
import { createPartition } from '../../../../controller/domain/storage/partitions.ts';
import { createRaid, deleteRaid, updateRaid } from '../../../../controller/domain/storage/raids.ts';
import { raidSize } from '../../../../controller/domain/storage/sizes.ts';
import {
	type CacheSet,
	carrierName,
	carrierOf,
	type Device,
	type Group,
	membersOf,
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

const fresh = countingFresh();
const KIB = 1024;
/** sda is what the machine boots from; the others are free. */
const five = storageOfSizes([10, 10, 10, 20, 20].map((size) => size * GIB));
const last = <Item>(items: readonly Item[]): Item => items.at(-1) as Item;
const memberNames = (storage: Storage, group: Group) =>
	membersOf(storage, group).map((each) => `${carrierName(storage, carrierOf(each))} ${each.fstype}`);
const refused = (field: string, text: RegExp) => (error: unknown) =>
	error instanceof Refusal && error.field === field && text.test(error.message);

test('RAID: sizes by level, 128 KiB of each member go to mdadm', () => {
	const sizes = [10, 12, 14, 16].map((size) => size * GIB);
	const usable = 10 * GIB - 128 * KIB;
	assert.deepEqual(Object.fromEntries(raidLevels.map((level) => [level, raidSize(level, sizes)])), {
		'raid-0': 52 * GIB - 512 * KIB,
		'raid-1': usable,
		'raid-5': 3 * usable,
		'raid-6': 2 * usable,
		'raid-10': 2 * usable,
	});
});

test('RAID: each level needs its number of members', () => {
	for (const [level, devices, spares, text] of [
		['raid-0', ['sdb'], [], /^RAID level 0 must have at least 2 raid devices and no spares\.$/],
		['raid-0', ['sdb', 'sdc'], ['sdd'], /^RAID level 0 must have at least 2 raid devices and no spares\.$/],
		['1', ['sdb'], ['sdc'], /^RAID level 1 must have at least 2 raid devices and any number of spares\.$/],
		['raid-5', ['sdb', 'sdc'], [], /^RAID level 5 must have at least 3/],
		['raid-6', ['sdb', 'sdc', 'sdd'], [], /^RAID level 6 must have at least 4/],
		['raid-10', ['sdb', 'sdc'], [], /^RAID level 10 must have at least 3/],
		['raid-4', ['sdb', 'sdc'], [], /^Select a valid choice: raid-0/],
	] as const)
		assert.throws(() => createRaid(five, { level, devices, spareDevices: spares }, fresh), refused('level', text), level);
});

test('RAID: it is one device, of the size that its members give', () => {
	const made = createRaid(five, { level: 'raid-1', devices: ['sdb', 'sdd'], spareDevices: ['sde'] }, fresh);
	const raid = last(made.groups);
	assert.deepEqual(memberNames(made, raid), ['sdb raid', 'sdd raid', 'sde raid-spare']);
	const device = last(made.devices);
	assert.deepEqual([raid.name, device.name, device.size], ['md0', 'md0', 10 * GIB - 128 * KIB]);
	const grown = updateRaid(
		made,
		raid,
		{ name: 'system', removeDevices: ['sdb'], removeSpareDevices: ['sde'], addDevices: ['sde'] },
		fresh,
	);
	const now = last(grown.groups);
	assert.deepEqual(memberNames(grown, now), ['sdd raid', 'sde raid']);
	assert.deepEqual([last(grown.devices).name, last(grown.devices).size], ['system', 20 * GIB - 128 * KIB]);
	const used = createPartition(grown, last(grown.devices), { size: 15 * GIB }, fresh);
	assert.throws(
		() => updateRaid(used, now, { addDevices: ['sdb'] }, fresh),
		refused('__all__', /^system would be too small for its partitions\.$/),
	);
	const { devices, filesystems, groups, partitions } = deleteRaid(used, now);
	assert.deepEqual(
		{ devices, filesystems, groups, partitions },
		{ devices: five.devices, filesystems: [], groups: [], partitions: [] },
	);
});

test('members: what is in use can’t become one; the boot disk does by a partition', () => {
	const made = createGroup(five, 'volume-group', { name: 'vg', devices: ['sda', '2'] }, fresh);
	const vg = last(made.groups);
	assert.deepEqual(memberNames(made, vg), ['sda-part1 lvm-pv', 'sdb lvm-pv']);
	for (const [what, work, field, text] of [
		[
			'twice',
			() => createGroup(made, 'volume-group', { name: 'x', devices: ['sdb'] }, fresh),
			'block_devices',
			/^sdb is in use: LVM volume for vg\.$/,
		],
		[
			'partitioned',
			() => createGroup(made, 'volume-group', { name: 'x', devices: ['sda'] }, fresh),
			'block_devices',
			/^sda is in use: GPT partitioned with 1 partition\.$/,
		],
		[
			'no such device',
			() => createGroup(made, 'volume-group', { name: 'x', devices: ['sdx'] }, fresh),
			'block_devices',
			/no block device sdx/,
		],
		[
			'no such partition',
			() => createGroup(made, 'volume-group', { name: 'x', partitions: ['7'] }, fresh),
			'partitions',
			/no partition 7/,
		],
		['none', () => createGroup(made, 'volume-group', { name: 'x' }, fresh), '__all__', /At least one block device or partition/],
		[
			'a name twice',
			() => createGroup(made, 'vmfs-datastore', { name: 'vg', devices: ['sdc'] }, fresh),
			'name',
			/called vg already/,
		],
		[
			'no member',
			() => updateGroup(made, vg, { removeDevices: ['sdc'] }, fresh),
			'remove_block_devices',
			/sdc is no such member of vg/,
		],
		['all removed', () => updateGroup(made, vg, { removeDevices: ['sda', 'sdb'] }, fresh), '__all__', /must keep at least one/],
		[
			'delete a member',
			() => deleteDevice(made, made.devices[1] as Device),
			'__all__',
			/sdb can’t be deleted: sdb is LVM volume for vg/,
		],
		['resize a member', () => updateDevice(made, made.devices[1] as Device, { size: GIB }, fresh), 'size', /LVM volume for vg/],
		['boot from a member', () => setBootDisk(made, made.devices[1] as Device), '__all__', /LVM volume for vg/],
	] as const)
		assert.throws(work, refused(field, text), what);
});

test('volume groups: volumes fit into them, and they are not made of themselves', () => {
	const made = createGroup(five, 'volume-group', { name: 'vg', devices: ['sdb', 'sdc'] }, fresh);
	const vg = last(made.groups);
	const room = 20 * GIB - 8 * MIB;
	const one = createLogicalVolume(made, vg, { name: 'one', size: 12 * GIB + 5 }, fresh);
	assert.equal(last(one.devices).size, 12 * GIB);
	const full = createLogicalVolume(one, vg, { name: 'two' }, fresh);
	assert.equal(last(full.devices).size, room - 12 * GIB);
	for (const [what, work, field, text] of [
		['full', () => createLogicalVolume(full, vg, { name: 'three' }, fresh), '__all__', /no room left/],
		['too large', () => createLogicalVolume(one, vg, { name: 'two', size: room }, fresh), 'size', /less than or equal to/],
		[
			'too small',
			() => createLogicalVolume(one, vg, { name: 'two', size: 1 }, fresh),
			'size',
			/greater than or equal to 4194304/,
		],
		['a name twice', () => createLogicalVolume(one, vg, { name: 'one' }, fresh), 'name', /has a logical volume one already/],
		[
			'a member that is needed',
			() => updateGroup(one, vg, { removeDevices: ['sdc'] }, fresh),
			'__all__',
			/too small for its logical volumes/,
		],
		['deleted with volumes', () => deleteGroup(one, vg), '__all__', /has logical volumes: delete one first/],
		[
			'made of itself',
			() => updateGroup(one, vg, { addDevices: ['vg-one'] }, fresh),
			'add_block_devices',
			/vg-one is made of vg itself/,
		],
		[
			'partitioned',
			() => createPartition(one, last(one.devices), {}, fresh),
			'__all__',
			/logical volume, which can’t be partitioned/,
		],
		[
			'grown too far',
			() => updateDevice(one, last(one.devices), { size: 21 * GIB }, fresh),
			'__all__',
			/too small for its logical volumes/,
		],
	] as const)
		assert.throws(work, refused(field, text), what);
	const onTop = createRaid(
		createLogicalVolume(one, vg, { name: 'half', size: GIB }, fresh),
		{ level: '0', devices: ['vg-half', 'sdd'] },
		fresh,
	);
	assert.throws(
		() => updateGroup(onTop, vg, { addDevices: ['md0'] }, fresh),
		refused('add_block_devices', /md0 is made of vg itself/),
	);
	const renamed = updateDevice(one, last(one.devices), { name: 'vg-uno', size: 13 * GIB }, fresh);
	assert.deepEqual([last(renamed.devices).name, last(renamed.devices).size], ['uno', 13 * GIB]);
});

test('bcache: a cache set serves several, and can’t go before them', () => {
	const cached = createCacheSet(five, { device: 'sdb' }, fresh);
	const set = last(cached.cacheSets);
	const first = createBcache(cached, { cacheSet: 'cache0', backing: { device: 'sdc' } }, fresh);
	const both = createBcache(
		first,
		{ name: 'slow', cacheSet: String(set.id), cacheMode: 'writeback', backing: { device: 'sdd' } },
		fresh,
	);
	assert.deepEqual(
		both.groups.map(({ name, cacheMode, cacheSetId }) => [name, cacheMode, cacheSetId]),
		[
			['bcache0', 'writethrough', set.id],
			['slow', 'writeback', set.id],
		],
	);
	assert.equal(usedFor(both, { deviceId: 3, partitionId: null }), 'Backing device for bcache0');
	const moved = updateBcache(
		updateCacheSet(both, set, { device: 'sde' }, fresh),
		both.groups[0] as Group,
		{ name: 'fast', cacheMode: 'writearound', backing: { device: 'sdb' } },
		fresh,
	);
	assert.deepEqual(
		[1, 2, 3, 4].map((at) => usedFor(moved, { deviceId: at + 1, partitionId: null })),
		['Backing device for fast', 'Unused', 'Backing device for slow', 'Cache device for cache0'],
	);
	for (const [what, work, field, text] of [
		['used', () => deleteCacheSet(both, set), '__all__', /used by bcache0, slow/],
		['no cache set', () => createBcache(cached, { backing: { device: 'sdc' } }, fresh), 'cache_set', /required/],
		[
			'another one',
			() => createBcache(cached, { cacheSet: 'x', backing: { device: 'sdc' } }, fresh),
			'cache_set',
			/no cache set x/,
		],
		[
			'nothing behind',
			() => createBcache(cached, { cacheSet: 'cache0', backing: {} }, fresh),
			'__all__',
			/Either backing_device or backing_partition/,
		],
		[
			'two behind',
			() => createBcache(cached, { cacheSet: 'cache0', backing: { device: 'sdc', partition: '1' } }, fresh),
			'__all__',
			/not both/,
		],
		[
			'in use',
			() => createBcache(cached, { cacheSet: 'cache0', backing: { device: 'sdb' } }, fresh),
			'backing_device',
			/Cache device for cache0/,
		],
	] as const)
		assert.throws(work, refused(field, text), what);
});

test('bcache: neither its cache nor the disk behind it can be made of itself', () => {
	const cached = createCacheSet(five, { device: 'sdb' }, fresh);
	const bcached = createBcache(cached, { cacheSet: 'cache0', backing: { device: 'sdc' } }, fresh);
	const onTop = createCacheSet(bcached, { device: 'bcache0' }, fresh);
	const [first, second] = onTop.cacheSets as [CacheSet, CacheSet];
	const bcache = onTop.groups[0] as Group;
	for (const [what, work, field, text] of [
		[
			'its cache',
			() => updateCacheSet(bcached, first, { device: 'bcache0' }, fresh),
			'cache_device',
			/^bcache0 is made of cache0 itself\.$/,
		],
		[
			'a cache on it',
			() => updateBcache(onTop, bcache, { cacheSet: second.name, backing: {} }, fresh),
			'cache_set',
			/^This cache set is made of bcache0 itself\.$/,
		],
		[
			'behind it',
			() => updateBcache(bcached, bcache, { backing: { device: 'bcache0' } }, fresh),
			'backing_device',
			/^bcache0 is made of bcache0 itself\.$/,
		],
	] as const)
		assert.throws(work, refused(field, text), what);
});
