import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Refusal } from '../../../../controller/domain/errors.ts';
import { readCustomLayout } from '../../../../controller/domain/storage/customLayout.ts';
import { layOutCustom } from '../../../../controller/domain/storage/layOutCustom.ts';
import { carrierName, carrierOf, deviceCarrier, deviceName } from '../../../../controller/domain/storage/storage.ts';
import { usedFor } from '../../../../controller/domain/storage/usage.ts';
import { countingFresh, GIB, storageOfSizes } from '../../../support/diskMachine.ts';

/** Everything that a layout may say, at once. */
const everything = {
	layout: {
		sda: {
			type: 'disk',
			ptable: 'gpt',
			boot: true,
			partitions: [
				{ name: 'efi', fs: 'vfat', size: '500M', bootable: true },
				{ name: 'rootp', size: '10G', fs: 'ext4' },
				{ name: 'back', size: '20G' },
			],
		},
		// named before what it is made of
		bcache0: { type: 'bcache', 'backing-device': 'back', 'cache-device': 'sdb', 'cache-mode': 'writeback', fs: 'xfs' },
		sdb: { type: 'disk' },
		data: {
			type: 'lvm',
			members: ['mirror'],
			volumes: [
				{ name: 'one', size: '5G', fs: 'btrfs' },
				{ name: 'two', size: '1G' },
			],
		},
		mirror: { type: 'raid', level: 1, members: ['sdc', 'sdd'], spares: ['sde'] },
		sdc: { type: 'disk' },
		sdd: { type: 'disk' },
		sde: { type: 'disk' },
		memory: { type: 'special', fs: 'tmpfs' },
	},
	mounts: {
		'/': { device: 'rootp', options: 'noatime' },
		'/boot/efi': { device: 'efi' },
		'/srv': { device: 'bcache0' },
		'/data': { device: 'one' },
		'/tmp': { device: 'memory', options: 'size=1G' },
	},
};
const five = storageOfSizes([40, 10, 20, 20, 20].map((size) => size * GIB));

test('a custom layout becomes partitions, RAIDs, volumes and mounts', () => {
	const laid = layOutCustom(five, readCustomLayout(everything), countingFresh());
	assert.deepEqual(
		laid.filesystems
			.map((each) => {
				const special = each.deviceId === null && each.partitionId === null;
				return special
					? `${each.fstype} ${each.mountPoint} ${each.mountOptions}`
					: `${carrierName(laid, carrierOf(each))}: ${usedFor(laid, carrierOf(each))}`;
			})
			.toSorted(),
		[
			'bcache0: xfs formatted filesystem mounted at /srv',
			'data-one: btrfs formatted filesystem mounted at /data',
			'mirror: LVM volume for data',
			'sda-part1: vfat formatted filesystem mounted at /boot/efi',
			'sda-part2: ext4 formatted filesystem mounted at /',
			'sda-part3: Backing device for bcache0',
			'sdb: Cache device for cache0',
			'sdc: Active raid-1 device for mirror',
			'sdd: Active raid-1 device for mirror',
			'sde: Spare raid-1 device for mirror',
			'tmpfs /tmp size=1G',
		],
	);
	assert.equal(laid.bootDiskId, 1);
	const two = laid.devices.find((device) => deviceName(laid, device) === 'data-two');
	assert.equal(two && usedFor(laid, deviceCarrier(two.id)), 'Unused');
});

test('a custom layout that can’t be is refused by the entry that is wrong', () => {
	const disk = (change: object) => ({ layout: { sda: { type: 'disk', ...change } }, mounts: { '/': { device: 'sda' } } });
	for (const [given, text] of [
		[null, /has no layout/],
		[{ layout: [] }, /has no layout/],
		[{ layout: { 'a b': { type: 'disk' } } }, /entry a b can’t be used: names are/],
		[{ layout: { sda: { type: 'tape' } } }, /entry sda can’t be used: its type is none of/],
		[disk({ fs: 'ntfs' }), /its fs is none of ext2/],
		[disk({ ptable: 'sun' }), /its ptable is none of gpt, mbr/],
		[disk({ partitions: [{ size: '1G' }] }), /its partitions.name is no name/],
		[disk({ partitions: [{ name: 'p', size: 'big' }] }), /entry p can’t be used: its size is no number/],
		[disk({ partitions: [{ name: 'p', size: '100T' }] }), /less than or equal to/],
		[disk({}), /sda must be formatted before it is mounted/],
		[{ layout: { sda: { type: 'disk', fs: 'ext4' } }, mounts: {} }, /mounts nothing at \//],
		[
			{ layout: { sda: { type: 'disk', fs: 'ext4' } }, mounts: { '/': { device: 'sdx' } } },
			/names sdx, which it doesn’t describe/,
		],
		[{ layout: { sdx: { type: 'disk', fs: 'ext4' } }, mounts: {} }, /names the disk sdx, which the machine doesn’t have/],
		[
			{
				layout: {
					a: { type: 'raid', level: 1, members: ['b', 'b'] },
					b: { type: 'lvm', members: ['x'], volumes: [{ name: 'b' }] },
					x: { type: 'raid', level: 0, members: ['a'] },
				},
			},
			/goes in a circle: a, b, x are made of each other/,
		],
		[{ layout: { a: { type: 'raid', level: 3, members: [] } } }, /its level is none of raid-0/],
		[{ layout: { a: { type: 'bcache', 'backing-device': 'sda' } } }, /its cache-device is no name/],
	] as const)
		assert.throws(
			() => layOutCustom(five, readCustomLayout(given), countingFresh()),
			(error: unknown) => error instanceof Refusal && text.test(error.message),
			JSON.stringify(given),
		);
});

test('whatever a machine says, it is a layout or a refusal', () => {
	const entry = fc.oneof(
		fc.jsonValue(),
		fc.record(
			{
				type: fc.constantFrom('disk', 'lvm', 'raid', 'bcache', 'special'),
				members: fc.array(fc.constantFrom('sda', 'sdb', 'a', 'b')),
				partitions: fc.array(
					fc.record({ name: fc.constantFrom('a', 'b'), size: fc.constantFrom('1G', 5, '-1') }, { requiredKeys: [] }),
				),
				volumes: fc.array(
					fc.record({ name: fc.constantFrom('a', 'c'), size: fc.constantFrom('1G', '9999T') }, { requiredKeys: [] }),
				),
				level: fc.constantFrom(0, 1, '5', 'raid-1'),
				fs: fc.constantFrom('ext4', 'tmpfs', 'swap'),
				ptable: fc.constantFrom('gpt', 'mbr'),
				'backing-device': fc.constantFrom('a', 'sda'),
				'cache-device': fc.constantFrom('b', 'sdb'),
			},
			{ requiredKeys: ['type'] },
		),
	);
	const layout = fc.record({
		layout: fc.dictionary(fc.constantFrom('sda', 'sdb', 'sdc', 'a', 'b', 'c', '__proto__'), entry),
		mounts: fc.dictionary(
			fc.constantFrom('/', '/a', 'x'),
			fc.oneof(fc.jsonValue(), fc.record({ device: fc.constantFrom('sda', 'a', 'c') })),
		),
	});
	fc.assert(
		fc.property(layout, (given) => {
			try {
				layOutCustom(five, readCustomLayout(given), countingFresh());
			} catch (error) {
				if (!(error instanceof Refusal)) throw error;
			}
		}),
		{ numRuns: 500 },
	);
});
