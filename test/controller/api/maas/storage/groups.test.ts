import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDiskMachine, foundDisk, GIB, MIB } from '../../../../support/diskMachine.ts';
import { startMaas } from '../../../../support/maasClient.ts';

const NODE = 'nodes/abc123';
const uuid = '12345678-1234-4234-8234-123456789abc';
const disks = ['sda', 'sdb', 'sdc', 'sdd'].map((name) => foundDisk(name, 10 * GIB));

type Devices = { id: number; used_for: string }[];
const uses = (devices: unknown) => (devices as Devices).map(({ id, used_for }) => `${id} ${used_for}`);

test('volume groups: made, changed, with logical volumes, deleted', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	addDiskMachine(store, disks);
	const made = (await ann.post(`${NODE}/volume-groups/`, null, { name: 'vg', uuid, block_devices: [2, 3] })).json();
	const { devices, ...rest } = made;
	const size = 20 * GIB - 8 * MIB;
	const group = {
		...{ system_id: 'abc123', id: 1, uuid, name: 'vg', size, human_size: '21.5 GB', logical_volumes: [] },
		...{ available_size: size, human_available_size: '21.5 GB', used_size: 0, human_used_size: '0 bytes' },
		resource_uri: '/MAAS/api/2.0/nodes/abc123/volume-group/1/',
	};
	assert.deepEqual([rest, uses(devices)], [group, ['2 LVM volume for vg', '3 LVM volume for vg']]);
	assert.deepEqual((await bob.get(`${NODE}/volume-groups/`)).json(), [made]);
	assert.deepEqual((await bob.get(`${NODE}/volume-groups/1/`)).json(), made);

	const volume = await ann.post(`${NODE}/volume-group/1/`, 'create_logical_volume', {
		name: 'lv',
		uuid: uuid.replace('1', '2'),
		size: 8 * GIB,
	});
	assert.deepEqual(volume.json(), {
		...{
			system_id: 'abc123',
			id: 5,
			name: 'vg-lv',
			type: 'virtual',
			uuid: uuid.replace('1', '2'),
			path: '/dev/disk/by-dname/vg-lv',
		},
		...{ model: null, serial: null, id_path: null, size: 8 * GIB, block_size: 512, available_size: 8 * GIB, used_size: 0 },
		...{ used_for: 'Unused', tags: [], filesystem: null, partition_table_type: null, partitions: [], firmware_version: null },
		...{ storage_pool: null, numa_node: 0, resource_uri: '/MAAS/api/2.0/nodes/abc123/blockdevices/5/' },
	});
	const used = (await bob.get(`${NODE}/volume-group/1/`)).json();
	assert.deepEqual(
		[used.used_size, used.available_size, used.human_used_size, used.logical_volumes],
		[8 * GIB, size - 8 * GIB, '8.6 GB', [volume.json()]],
	);
	const changed = await ann.put(`${NODE}/volume-group/1/`, { name: 'data', add_block_devices: 'sdd', remove_block_devices: '2' });
	assert.deepEqual(
		[changed.json().name, uses(changed.json().devices)],
		['data', ['3 LVM volume for data', '4 LVM volume for data']],
	);
	for (const [answer, expected] of [
		[
			await ann.delete(`${NODE}/volume-group/1/`),
			'400 {"__all__":["The volume group data has logical volumes: delete lv first."]}',
		],
		[await ann.post(`${NODE}/volume-group/1/`, 'delete_logical_volume'), '400 No provided id!'],
		[
			await ann.post(`${NODE}/volume-group/1/`, 'delete_logical_volume', { id: 2 }),
			'404 No BlockDevice matches the given query.',
		],
		[await ann.post(`${NODE}/volume-group/1/`, 'delete_logical_volume', { id: 5 }), '204 '],
		[await ann.delete(`${NODE}/volume-group/1/`), '204 '],
		[await ann.get(`${NODE}/volume-group/1/`), '404 No VolumeGroup matches the given query.'],
		[await ann.post(`${NODE}/volume-groups/`), '400 {"name":["This field is required."]}'],
		[
			await bob.post(`${NODE}/volume-groups/`, null, { name: 'vg', block_devices: 2 }),
			'403 User is not allowed access to this API.',
		],
	] as const)
		assert.equal(`${answer.status} ${answer.text}`, expected);
});

test('RAIDs and datastores: made, changed, deleted', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	addDiskMachine(store, disks);
	const wish = { name: 'md7', uuid, level: 'raid-1', block_devices: ['sdb', 'sdc'], spare_devices: 'sdd' };
	const made = (await ann.post(`${NODE}/raids/`, null, wish)).json();
	const { devices, spare_devices, virtual_device, ...rest } = made;
	const size = 10 * GIB - 128 * 1024;
	assert.deepEqual(rest, {
		...{ system_id: 'abc123', id: 1, uuid, name: 'md7', level: 'raid-1', size, human_size: '10.7 GB' },
		resource_uri: '/MAAS/api/2.0/nodes/abc123/raid/1/',
	});
	assert.deepEqual(
		[uses(devices), uses(spare_devices)],
		[['2 Active raid-1 device for md7', '3 Active raid-1 device for md7'], ['4 Spare raid-1 device for md7']],
	);
	assert.deepEqual(virtual_device, (await bob.get(`${NODE}/blockdevices/md7/`)).json());
	assert.deepEqual((await bob.get(`${NODE}/raids/`)).json(), [made]);
	const changed = (await ann.put(`${NODE}/raid/1/`, { name: 'system', remove_spare_devices: 4, add_block_devices: 4 })).json();
	assert.deepEqual([changed.name, uses(changed.devices).length, changed.spare_devices], ['system', 3, []]);
	assert.equal((changed.virtual_device as { name: string }).name, 'system');
	const few = await ann.put(`${NODE}/raid/1/`, { remove_block_devices: [2, 3] });
	assert.deepEqual(
		[few.status, few.json()],
		[400, { level: ['RAID level 1 must have at least 2 raid devices and any number of spares.'] }],
	);
	assert.equal((await ann.delete(`${NODE}/raid/1/`)).status, 204);
	assert.equal((await ann.get(`${NODE}/raid/1/`)).text, 'No RAID matches the given query.');

	const store1 = (await ann.post(`${NODE}/vmfs-datastores/`, null, { name: 'datastore1', uuid, block_devices: 'sdb' })).json();
	const { devices: extents, ...datastore } = store1;
	assert.deepEqual(
		[datastore, uses(extents)],
		[
			{
				...{ system_id: 'abc123', id: 1, uuid, name: 'datastore1', size: 10 * GIB, human_size: '10.7 GB' },
				filesystem: { fstype: 'vmfs6', mount_point: '/vmfs/volumes/datastore1' },
				resource_uri: '/MAAS/api/2.0/nodes/abc123/vmfs-datastore/1/',
			},
			['2 VMFS extent for datastore1'],
		],
	);
	const grown = (await ann.put(`${NODE}/vmfs-datastore/1/`, { add_block_devices: 'sdc' })).json();
	assert.deepEqual([grown.size, (await bob.get(`${NODE}/vmfs-datastores/`)).json()], [20 * GIB, [grown]]);
	assert.equal((await ann.delete(`${NODE}/vmfs-datastore/1/`)).status, 204);
	assert.equal((await ann.get(`${NODE}/vmfs-datastore/1/`)).text, 'No VMFS matches the given query.');
	assert.deepEqual(store.storage.of([1]).get(1)?.filesystems, []);
});

test('bcaches and cache sets: made, changed, deleted; nothing of it on an allocated machine', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	addDiskMachine(store, disks);
	addDiskMachine(store, disks, { systemId: 'all123', status: 'allocated', ownerId: bob.user.id });
	const set = (await ann.post(`${NODE}/bcache-cache-sets/`, null, { cache_device: 'sdb' })).json();
	const { cache_device, ...bare } = set;
	assert.deepEqual(bare, {
		system_id: 'abc123',
		id: 1,
		name: 'cache0',
		resource_uri: '/MAAS/api/2.0/nodes/abc123/bcache-cache-set/1/',
	});
	assert.deepEqual(uses([cache_device]), ['2 Cache device for cache0']);
	assert.deepEqual((await bob.get(`${NODE}/bcache-cache-sets/`)).json(), [set]);

	const made = (
		await ann.post(`${NODE}/bcaches/`, null, { uuid, cache_set: 1, backing_device: 3, cache_mode: 'writeback' })
	).json();
	const { backing_device, virtual_device, ...bcache } = made;
	assert.deepEqual(bcache, {
		...{ system_id: 'abc123', id: 1, uuid, name: 'bcache0', cache_set: set, size: 10 * GIB, human_size: '10.7 GB' },
		...{ cache_mode: 'writeback', resource_uri: '/MAAS/api/2.0/nodes/abc123/bcache/1/' },
	});
	assert.deepEqual(uses([backing_device]), ['3 Backing device for bcache0']);
	assert.deepEqual(virtual_device, (await bob.get(`${NODE}/blockdevices/bcache0/`)).json());
	assert.deepEqual((await bob.get(`${NODE}/bcaches/`)).json(), [made]);
	const changed = (await ann.put(`${NODE}/bcache/1/`, { name: 'fast', backing_device: 'sdd', cache_mode: 'writearound' })).json();
	assert.deepEqual(
		[changed.name, changed.cache_mode, uses([changed.backing_device])],
		['fast', 'writearound', ['4 Backing device for fast']],
	);
	const moved = (await ann.put(`${NODE}/bcache-cache-set/1/`, { cache_device: 'sdc' })).json();
	assert.deepEqual(uses([moved.cache_device]), ['3 Cache device for cache0']);
	for (const [answer, expected] of [
		[await ann.delete(`${NODE}/bcache-cache-set/1/`), '400 {"__all__":["The cache set cache0 is used by fast."]}'],
		[await ann.delete(`${NODE}/bcache/1/`), '204 '],
		[await ann.get(`${NODE}/bcache/1/`), '404 No Bcache matches the given query.'],
		[await ann.delete(`${NODE}/bcache-cache-set/1/`), '204 '],
		[await ann.get(`${NODE}/bcache-cache-set/1/`), '404 No CacheSet matches the given query.'],
		[
			await ann.post('nodes/all123/bcache-cache-sets/', null, { cache_device: 'sdb' }),
			'409 Cannot create cache set because the machine is not Ready.',
		],
		[
			await ann.post('nodes/all123/raids/', null, { level: 1, block_devices: ['sdb', 'sdc'] }),
			'409 Cannot create RAID because the machine is not Ready.',
		],
		[
			await ann.post('nodes/all123/volume-groups/', null, { name: 'vg', block_devices: 'sdb' }),
			'409 Cannot create volume group because the machine is not Ready.',
		],
		[await bob.post('nodes/all123/vmfs-datastores/', null, { name: 'x' }), '403 User is not allowed access to this API.'],
	] as const)
		assert.equal(`${answer.status} ${answer.text}`, expected);
	assert.deepEqual(store.storage.of([1]).get(1)?.filesystems, []);
});
