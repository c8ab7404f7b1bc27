import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acquire, giveBack } from '../../../../controller/domain/storage/acquired.ts';
import { createBcache, createCacheSet, deleteBcache } from '../../../../controller/domain/storage/bcaches.ts';
import { deleteDevice, tagged } from '../../../../controller/domain/storage/devices.ts';
import { mountSpecial } from '../../../../controller/domain/storage/filesystems.ts';
import { layOut } from '../../../../controller/domain/storage/layouts.ts';
import { createRaid } from '../../../../controller/domain/storage/raids.ts';
import type { Device, Fresh, Group, Storage } from '../../../../controller/domain/storage/storage.ts';
import { addDiskMachine, foundDisk, GIB } from '../../../support/diskMachine.ts';
import { makeStore } from '../../../support/makeStore.ts';

const disks = ['sda', 'sdb', 'sdc', 'sdd', 'sde'].map((name) => foundDisk(name, 20 * GIB));

test('what is changed is read again as it was answered', (t) => {
	const { store } = makeStore(t);
	const other = addDiskMachine(store, disks, { systemId: 'other1' });
	const { id } = addDiskMachine(store, disks);
	const untouched = store.storage.of([other.id]);
	const steps: [string, (storage: Storage, fresh: Fresh) => Storage][] = [
		['lvm', (s, f) => layOut(s, 'lvm', {}, f)],
		['tmpfs', (s, f) => mountSpecial(s, { fstype: 'tmpfs', mountPoint: '/tmp', mountOptions: 'size=1G' }, f)],
		['raid', (s, f) => createRaid(s, { level: '1', devices: ['sdb', 'sdc'] }, f)],
		['cache set', (s, f) => createCacheSet(s, { device: 'sdd' }, f)],
		['bcache', (s, f) => createBcache(s, { cacheSet: 'cache0', backing: { device: 'sde' } }, f)],
		['tag', (s) => ({ ...s, devices: s.devices.map((device) => tagged(device, 'mine')) })],
		['acquired', acquire],
		['given back', giveBack],
		['no bcache', (s) => deleteBcache(s, s.groups.at(-1) as Group)],
		['no disk', (s) => deleteDevice(s, s.devices[4] as Device)],
		['boot disk', (s) => ({ ...s, bootDiskId: s.devices[1]?.id ?? null, laidOutBy: 'operator' })],
		['flat', (s, f) => layOut(s, 'flat', {}, f)],
		['blank', (s, f) => layOut(s, 'blank', {}, f)],
	];
	for (const [what, step] of steps) {
		const answered = store.storage.change(id, step);
		assert.deepEqual(byId(store.storage.of([id]).get(id) as Storage), byId(answered), what);
	}
	assert.deepEqual(store.storage.of([other.id]), untouched);
});

/** Rows come in the order of their ids, whatever was replaced. */
function byId(storage: Storage): Storage {
	const ordered = <Item extends { readonly id: number }>(items: readonly Item[]) => items.toSorted((a, b) => a.id - b.id);
	return {
		...storage,
		devices: ordered(storage.devices),
		filesystems: ordered(storage.filesystems),
		shadowed: ordered(storage.shadowed),
	};
}

test('work that throws leaves everything as it was', (t) => {
	const { store } = makeStore(t);
	const { id } = addDiskMachine(store, disks);
	store.storage.change(id, (storage, fresh) => layOut(storage, 'lvm', {}, fresh));
	const before = store.storage.of([id]);
	assert.throws(() =>
		store.transaction(() => {
			store.storage.change(id, (storage, fresh) => layOut(storage, 'blank', {}, fresh));
			throw new Error('after all');
		}),
	);
	assert.throws(
		() =>
			store.storage.change(id, () => {
				throw new Error('no');
			}),
		/^Error: no$/,
	);
	assert.throws(() => store.storage.change(4711, (storage) => storage), /there is no node 4711/);
	assert.deepEqual(store.storage.of([id]), before);
});

test('commissioning finds disks anew, and leaves them the tags that people have given', (t) => {
	const { store } = makeStore(t);
	const { id } = addDiskMachine(store, [foundDisk('sda', 20 * GIB, { tags: ['ssd', 'sata'] })]);
	store.storage.change(id, (storage) => ({ ...storage, devices: storage.devices.map((device) => tagged(device, 'fast')) }));
	const found = {
		interfaces: [],
		numaNodes: [],
		components: [],
		blockDevices: [foundDisk('sda', 20 * GIB, { tags: ['rotary', '7200rpm'] })],
	};
	store.inventory.replace(id, found as never, '2026-01-02T03:04:05.000Z');
	assert.deepEqual(store.storage.of([id]).get(id)?.devices[0]?.tags, ['rotary', '7200rpm', 'fast']);
});
