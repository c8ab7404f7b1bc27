import assert from 'node:assert/strict';
import { test } from 'node:test';
import { storageObjects } from '../../../../../controller/api/maas/storage/storageObjects.ts';
import { addDiskMachine, foundDisk } from '../../../../support/diskMachine.ts';
import { startMaas } from '../../../../support/maasClient.ts';
import { makeStore } from '../../../../support/makeStore.ts';

const disks = ['sda', 'sdb', 'sdc'].map((name) => foundDisk(name, 20_000_000_000));

test('a machine shows its storage: whole disks, and groups as stubs', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	const { id } = addDiskMachine(store, disks);
	const laid = await ann.post('machines/abc123/', 'set_storage_layout', { storage_layout: 'lvm' });
	assert.equal(laid.status, 200, laid.text);
	await ann.post('nodes/abc123/raids/', null, { level: 'raid-1', block_devices: ['sdb', 'sdc'] });
	await ann.post('machines/abc123/', 'mount_special', { fstype: 'tmpfs', mount_point: '/tmp', mount_option: 'size=1G' });

	const machine = (await bob.get('machines/abc123/')).json();
	const devices = (await bob.get('nodes/abc123/blockdevices/')).json<{ id: number; type: string }[]>();
	const [special] = machine.special_filesystems as { uuid: string }[];
	const stub = (stubId: number) => [{ system_id: 'abc123', id: stubId, __incomplete__: true }];
	const shown = {
		boot_disk: devices[0],
		blockdevice_set: devices,
		physicalblockdevice_set: devices.filter(({ type }) => type === 'physical'),
		virtualblockdevice_set: devices.filter(({ type }) => type === 'virtual'),
		special_filesystems: [{ fstype: 'tmpfs', label: '', uuid: special?.uuid, mount_point: '/tmp', mount_options: 'size=1G' }],
		volume_groups: stub(1),
		raids: stub(2),
		bcaches: [],
		cache_sets: [],
		storage: 60_000,
	};
	assert.deepEqual(Object.fromEntries(Object.keys(shown).map((key) => [key, machine[key]])), shown);
	assert.deepEqual(JSON.parse(JSON.stringify(storageObjects(store, [id]).get(id))), shown);
	assert.equal(devices.length, 5);
});

test('set_storage_layout and its like: what is refused, and by whom', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	addDiskMachine(store, disks);
	addDiskMachine(store, disks, { systemId: 'all123', status: 'allocated', ownerId: bob.user.id });
	const layout = (who: typeof ann | typeof bob, systemId: string, form: Record<string, string | number>) =>
		who.post(`machines/${systemId}/`, 'set_storage_layout', form);
	const tmp = { fstype: 'tmpfs', mount_point: '/tmp' };
	for (const [answer, expected] of [
		[await layout(bob, 'abc123', { storage_layout: 'flat' }), /^403 User is not allowed access to this API\.$/],
		[
			await layout(ann, 'all123', { storage_layout: 'flat' }),
			/^409 Cannot change the storage layout on a machine that is not Ready\.$/,
		],
		[await layout(ann, 'abc123', { storage_layout: 'round' }), /^400 {"storage_layout":\["Select a valid choice/],
		[await layout(ann, 'abc123', { storage_layout: 'flat', root_size: 5 }), /^400 {"root_size":\["Ensure this value is greater/],
		[await layout(ann, 'abc123', { storage_layout: 'flat', root_device: 99 }), /^400 {"root_device":/],
		[await layout(ann, 'abc123', { storage_layout: 'bcache', cache_device: 'x' }), /^400 {"cache_device":/],
		[await layout(ann, 'abc123', { storage_layout: 'custom' }), /^400 Failed to configure storage layout 'custom': /],
		[await ann.post('machines/all123/', 'restore_storage_configuration'), /^409 /],
		[
			await bob.post('machines/abc123/', 'mount_special', tmp),
			/^403 Cannot mount special filesystem because you don't have the permissions/,
		],
		[
			await bob.post('machines/all123/', 'unmount_special', { mount_point: '/tmp' }),
			/^400 {"mount_point":\["No special file system is mounted here\."\]}$/,
		],
		[await bob.post('machines/all123/', 'mount_special', tmp), /^200 /],
		[
			await bob.post('machines/all123/', 'mount_special', tmp),
			/^400 {"mount_point":\["Another file system is mounted at \/tmp already\."\]}$/,
		],
		[await ann.post('machines/abc123/', 'mount_special', { fstype: 'ext4', mount_point: '/tmp' }), /^400 {"fstype":/],
	] as const)
		assert.match(`${answer.status} ${answer.text.slice(0, 300)}`, expected);
});

test('no machine costs a statement more', (t) => {
	const { store } = makeStore(t);
	const ids = Array.from({ length: 30 }, (_, at) => addDiskMachine(store, disks, { systemId: `many${at}` }).id);
	const statements = (nodes: readonly number[]) => {
		const before = store.statements();
		assert.equal(storageObjects(store, nodes).size, nodes.length);
		return store.statements() - before;
	};
	assert.equal(statements(ids), statements(ids.slice(0, 1)));
	assert.deepEqual(storageObjects(store, [4711]), new Map());
	assert.equal(storageObjects(store, ids).get(ids[29] as number)?.storage, 60_000);
});
