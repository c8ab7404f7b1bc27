import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refusal } from '../../../../controller/domain/errors.ts';
import { type LayoutOptions, layOut, NoBootDisk } from '../../../../controller/domain/storage/layouts.ts';
import { groupSize, humanSize } from '../../../../controller/domain/storage/sizes.ts';
import {
	deviceName,
	filesystemOn,
	type Platform,
	partitionCarrier,
	type Storage,
} from '../../../../controller/domain/storage/storage.ts';
import { countingFresh, GIB, MIB, storageOfSizes } from '../../../support/diskMachine.ts';

const uefi: Platform = { architecture: 'amd64', firmware: 'uefi' };
const bios: Platform = { architecture: 'amd64', firmware: 'bios' };
const arm: Platform = { architecture: 'arm64', firmware: null };
const power: Platform = { architecture: 'ppc64el', firmware: null };

/** `sda1 512 MiB fat32 /boot/efi boot`, then what the virtual devices carry. */
function outline(storage: Storage): string[] {
	const text = (...words: (string | null | undefined | false)[]) => words.filter(Boolean).join(' ');
	return [
		...storage.partitions.map((partition) => {
			const device = storage.devices.find(({ id }) => id === partition.deviceId);
			const filesystem = filesystemOn(storage, partitionCarrier(partition.id));
			const { fstype, label, mountPoint } = filesystem ?? {};
			return text(
				`${device?.name}${partition.number}`,
				`${partition.size / MIB} MiB`,
				fstype,
				label,
				mountPoint,
				partition.bootable && 'boot',
			);
		}),
		...storage.devices
			.filter((device) => device.type === 'virtual')
			.map((device) => {
				const filesystem = storage.filesystems.find((each) => each.deviceId === device.id);
				return text(
					deviceName(storage, device),
					`${device.size / MIB} MiB`,
					filesystem?.fstype,
					filesystem?.label,
					filesystem?.mountPoint,
				);
			}),
		...storage.filesystems
			.filter((each) => each.deviceId !== null && (each.groupId !== null || each.cacheSetId !== null))
			.map((each) => text(storage.devices.find(({ id }) => id === each.deviceId)?.name, 'as a whole', each.fstype)),
	];
}

const ssd = (storage: Storage, name: string): Storage => ({
	...storage,
	devices: storage.devices.map((device) => (device.name === name ? { ...device, tags: ['ssd'] } : device)),
});

test('layouts: what each makes of the disks', () => {
	const one = [20 * GIB];
	const rest = 20 * 1024;
	for (const [what, layout, platform, sizes, options, expected] of [
		['flat, UEFI', 'flat', uefi, one, {}, ['sda1 512 MiB fat32 efi /boot/efi boot', `sda2 ${rest - 512 - 8} MiB ext4 root /`]],
		['flat, BIOS: bios_grub is not listed', 'flat', bios, one, {}, [`sda1 ${rest - 8} MiB ext4 root /`]],
		['flat, POWER: PReP is not listed', 'flat', power, one, {}, [`sda1 ${rest - 16} MiB ext4 root /`]],
		[
			'flat, U-Boot: a /boot',
			'flat',
			arm,
			one,
			{},
			['sda1 512 MiB ext4 boot /boot boot', `sda2 ${rest - 512 - 8} MiB ext4 root /`],
		],
		[
			...(['flat with sizes', 'flat', uefi, one, { bootSize: String(GIB), rootSize: '50%' }] as const),
			['sda1 512 MiB fat32 efi /boot/efi boot', 'sda2 1024 MiB ext4 boot /boot', 'sda3 10240 MiB ext4 root /'],
		],
		[
			...(['flat with / on another disk', 'flat', uefi, [4 * GIB, 8 * GIB], { rootDevice: 2 }] as const),
			['sda1 512 MiB fat32 efi /boot/efi boot', 'sdb1 8184 MiB ext4 root /'],
		],
		['a boot disk is large enough', 'flat', bios, [100 * MIB, 20 * GIB], {}, [`sdb1 ${rest - 8} MiB ext4 root /`]],
		[
			...(['lvm', 'lvm', uefi, one, {}] as const),
			['sda1 512 MiB fat32 efi /boot/efi boot', `sda2 ${rest - 520} MiB lvm-pv`, `vgroot-lvroot ${rest - 524} MiB ext4 root /`],
		],
		[
			...(['lvm with names and size', 'lvm', bios, one, { vgName: 'vg', lvName: 'lv', lvSize: '50%' }] as const),
			[`sda1 ${rest - 8} MiB lvm-pv`, `vg-lv ${10240 - 8} MiB ext4 root /`],
		],
		['blank', 'blank', uefi, one, {}, []],
		['blank without disks', 'blank', uefi, [], {}, []],
		[
			...(['vmfs6', 'vmfs6', uefi, [100 * GIB], {}] as const),
			[
				...['sda1 3 MiB boot', 'sda5 249 MiB', 'sda6 249 MiB', 'sda7 109 MiB', 'sda8 285 MiB', 'sda9 2560 MiB', 'sda2 4096 MiB'],
				`sda3 ${102400 - 8 - 4 - 252 - 252 - 112 - 288 - 2560 - 4096} MiB vmfs6`,
			],
		],
		[
			...(['vmfs7', 'vmfs7', bios, [100 * GIB], { rootSize: String(10 * GIB) }] as const),
			['sda1 100 MiB boot', 'sda5 4095 MiB', 'sda6 4095 MiB', `sda7 ${25_662_832_128 / MIB} MiB`, 'sda8 10240 MiB vmfs6'],
		],
	] as const) {
		const laid = layOut(storageOfSizes(sizes, { platform }), layout, options as LayoutOptions, countingFresh());
		assert.deepEqual(outline(laid), expected, what);
	}
});

test('layouts: bcache takes the smallest disk that is tagged ssd for its cache', () => {
	const disks = ssd(ssd(storageOfSizes([40 * GIB, 20 * GIB, 10 * GIB]), 'sdb'), 'sdc');
	assert.deepEqual(outline(layOut(disks, 'bcache', {}, countingFresh())), [
		'sda1 512 MiB fat32 efi /boot/efi boot',
		'sda2 1024 MiB ext4 boot /boot',
		'sda3 39416 MiB bcache-backing',
		'sdc1 10232 MiB bcache-cache',
		'bcache0 39416 MiB ext4 root /',
	]);
	const whole = layOut(disks, 'bcache', { cacheDevice: 2, cacheNoPart: true, cacheMode: 'writeback' }, countingFresh());
	assert.deepEqual(outline(whole).slice(3), ['bcache0 39416 MiB ext4 root /', 'sdb as a whole bcache-cache']);
	assert.equal(whole.groups[0]?.cacheMode, 'writeback');
});

test('layouts: whatever was there goes first, and the chosen boot disk stays chosen', () => {
	const chosen = storageOfSizes([20 * GIB, 30 * GIB], { bootDiskId: 2, platform: bios });
	const lvm = layOut(chosen, 'lvm', {}, countingFresh(200));
	const flat = layOut(lvm, 'flat', {}, countingFresh(300));
	assert.deepEqual(outline(flat), ['sdb1 30712 MiB ext4 root /']);
	assert.deepEqual(layOut(flat, 'blank', {}, countingFresh(400)), chosen);
});

test('layouts: options that do not fit are refused by their field', () => {
	const disk = storageOfSizes([20 * GIB]);
	for (const [layout, options, field, text] of [
		['flat', { rootSize: '3%' }, 'root_size', /greater than or equal to 3221225472/],
		['flat', { rootSize: '101%' }, 'root_size', /less than or equal to/],
		['flat', { rootSize: '99999999999999' }, 'root_size', /less than or equal to/],
		['flat', { rootSize: 'much' }, 'root_size', /number of bytes, or a percentage/],
		['flat', { bootSize: '1' }, 'boot_size', /greater than or equal to 536870912/],
		['flat', { bootSize: '95%' }, 'boot_size', /less than or equal to/],
		['flat', { rootDevice: 7 }, 'root_device', /no physical block device 7/],
		['lvm', { vgName: '/' }, 'vg_name', /letters, digits/],
		['lvm', { lvName: ' ' }, 'lv_name', /letters, digits/],
		['lvm', { lvSize: '1' }, 'lv_size', /greater than or equal to/],
		['bcache', {}, '__all__', /No disk is tagged ssd/],
		['bcache', { cacheDevice: 1 }, 'cache_device', /neither \/ nor \/boot/],
		['vmfs7', {}, '__all__', /vmfs7 needs/],
	] as const)
		assert.throws(
			() => layOut(disk, layout, options, countingFresh()),
			(error: unknown) => error instanceof Refusal && error.field === field && text.test(error.message),
			`${layout} ${JSON.stringify(options)}`,
		);
	assert.throws(() => layOut(storageOfSizes([]), 'flat', {}, countingFresh()), NoBootDisk);
	assert.throws(
		() => layOut(storageOfSizes([2 * GIB]), 'flat', {}, countingFresh()),
		/sda has 1602224128 bytes for \/; 3221225472 are needed/,
	);
});

test('sizes: for people they are decimal, as MAAS writes them', () => {
	assert.deepEqual([0, 999, 1000, 1_500_000, 8_001_563_222_016].map(humanSize), [
		'0 bytes',
		'999 bytes',
		'1.0 KB',
		'1.5 MB',
		'8.0 TB',
	]);
});

test('sizes: a volume group gives one extent of each member to LVM', () => {
	const lvm = layOut(storageOfSizes([20 * GIB], { platform: bios }), 'lvm', {}, countingFresh());
	assert.equal(groupSize(lvm, lvm.groups[0] as (typeof lvm.groups)[number]), 20 * GIB - 12 * MIB);
});
