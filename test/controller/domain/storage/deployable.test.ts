import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCacheSet } from '../../../../controller/domain/storage/bcaches.ts';
import { deployableLayout } from '../../../../controller/domain/storage/deployable.ts';
import { setBootDisk } from '../../../../controller/domain/storage/devices.ts';
import { format, mount, mountSpecial } from '../../../../controller/domain/storage/filesystems.ts';
import { layOut } from '../../../../controller/domain/storage/layouts.ts';
import { createPartition } from '../../../../controller/domain/storage/partitions.ts';
import { type Device, deviceCarrier, type Storage } from '../../../../controller/domain/storage/storage.ts';
import { countingFresh, GIB, MIB, storageOfSizes } from '../../../support/diskMachine.ts';

const fresh = countingFresh();
const two = storageOfSizes([20 * GIB, 20 * GIB]);
const flat = layOut(two, 'flat', {}, fresh);
const sdb = (storage: Storage) => storage.devices[1] as Device;

test('an image is deployed where the layout says nothing else', () => {
	for (const [what, storage, disk] of [
		['flat', flat, 'sda'],
		['flat, laid out for the other firmware', { ...flat, platform: { architecture: 'amd64', firmware: 'bios' } }, 'sda'],
		['blank', two, 'sda'],
		['the chosen disk', setBootDisk(two, sdb(two)), 'sdb'],
		['flat on the chosen disk', layOut(setBootDisk(two, sdb(two)), 'flat', {}, fresh), 'sdb'],
		['a disk too small for flat', storageOfSizes([600 * MIB]), 'sda'],
	] as const) {
		const layout = deployableLayout(storage);
		assert.equal(layout.ok ? layout.disk.name : layout.text, disk, what);
	}
});

test('what an image would ignore is refused by name', () => {
	for (const [what, storage, text] of [
		['no disk', storageOfSizes([]), /^Specify a storage device to be able to deploy this node\.$/],
		['lvm', layOut(two, 'lvm', {}, fresh), /it has the volume group vgroot\. An image is written to a whole disk/],
		['vmfs', layOut(storageOfSizes([99 * GIB]), 'vmfs6', {}, fresh), /it has the VMFS datastore datastore1/],
		['a cache set', createCacheSet(flat, { device: 'sdb' }, fresh), /it has the cache set cache0/],
		['a small root', layOut(two, 'flat', { rootSize: '50%' }, fresh), /the partitions of sda are not those of the layout flat/],
		['a second /boot', layOut(two, 'flat', { bootSize: String(GIB) }, fresh), /partitions of sda/],
		[
			'another disk in parts',
			createPartition(flat, sdb(flat), {}, fresh),
			/sdb, which is not the boot disk, is GPT partitioned with 1 partition/,
		],
		['another disk formatted', format(flat, deviceCarrier(2), { fstype: 'xfs' }, fresh), /sdb is used as a whole: Unmounted xfs/],
		['flat on a disk that is not booted from', setBootDisk(flat, sdb(flat)), /sda, which is not the boot disk/],
		['mounted memory', mountSpecial(flat, { fstype: 'tmpfs', mountPoint: '/tmp' }, fresh), /tmpfs is mounted at \/tmp/],
		[
			'a disk mounted as a whole',
			mount(format(two, deviceCarrier(1), { fstype: 'ext4' }, fresh), deviceCarrier(1), { mountPoint: '/' }),
			/sda is used as a whole: ext4 formatted filesystem mounted at \//,
		],
	] as const) {
		const layout = deployableLayout(storage);
		assert.match(layout.ok ? 'it can be deployed' : layout.text, text, what);
	}
});
