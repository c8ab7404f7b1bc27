import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDiskMachine, foundDisk, GIB, MIB } from '../../../../support/diskMachine.ts';
import { startMaas } from '../../../../support/maasClient.ts';

const DEVICES = 'nodes/abc123/blockdevices/';

/** What MAAS shows of a disk with nothing on it. */
const emptyDisk = (id: number, name: string, size: number) => ({
	...{ system_id: 'abc123', id, name, type: 'physical', uuid: '', path: `/dev/disk/by-dname/${name}`, model: 'Example Disk' },
	...{ serial: `S-${name}`, id_path: `/dev/disk/by-id/wwn-${name}`, size, block_size: 512 },
	...{ available_size: size, used_size: 0, used_for: 'Unused', tags: ['ssd'], filesystem: null },
	...{ partition_table_type: null, partitions: [], firmware_version: 'FW01', storage_pool: null, numa_node: 0 },
	resource_uri: `/MAAS/api/2.0/nodes/abc123/blockdevices/${id}/`,
});

test('block devices: list, show by id and name, add, change, tag, delete', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	addDiskMachine(store, [foundDisk('sda', 100 * GIB), foundDisk('sdb', 50 * GIB)]);
	const [sda, sdb] = [emptyDisk(1, 'sda', 100 * GIB), emptyDisk(2, 'sdb', 50 * GIB)];
	assert.deepEqual((await bob.get(DEVICES)).json(), [sda, sdb]);
	assert.deepEqual((await bob.get(`${DEVICES}1/`)).json(), sda);
	assert.deepEqual((await bob.get(`${DEVICES}sdb/`)).json(), sdb);

	const added = await ann.post(DEVICES, null, { name: 'sdc', model: 'M', serial: 'S', size: 5 * GIB, block_size: 4096 });
	assert.equal(added.status, 200);
	const sdc = {
		...emptyDisk(3, 'sdc', 5 * GIB),
		...{ model: 'M', serial: 'S', id_path: null, block_size: 4096, tags: [], firmware_version: null },
	};
	assert.deepEqual(added.json(), sdc);
	assert.deepEqual((await ann.put(`${DEVICES}3/`, { name: 'sdz', size: 6 * GIB, id_path: '/dev/disk/by-id/x' })).json(), {
		...{ ...sdc, name: 'sdz', path: '/dev/disk/by-dname/sdz', id_path: '/dev/disk/by-id/x' },
		...{ size: 6 * GIB, available_size: 6 * GIB },
	});
	assert.deepEqual((await ann.post(`${DEVICES}sda/`, 'add_tag', { tag: 'fast' })).json<{ tags: string[] }>().tags, [
		'ssd',
		'fast',
	]);
	assert.deepEqual((await ann.post(`${DEVICES}1/`, 'remove_tag', { tag: 'ssd' })).json<{ tags: string[] }>().tags, ['fast']);
	assert.deepEqual(
		[(await ann.delete(`${DEVICES}3/`)).status, (await ann.get(`${DEVICES}3/`)).text],
		[204, 'No BlockDevice matches the given query.'],
	);
});

test('block devices: format, mount, unmount, unformat; the boot disk', async (t) => {
	const { store, ann } = await startMaas(t);
	const { id } = addDiskMachine(store, [foundDisk('sda', 100 * GIB), foundDisk('sdb', 50 * GIB)]);
	const uuid = '12345678-1234-4234-8234-123456789abc';
	const formatted = await ann.post(`${DEVICES}2/`, 'format', { fstype: 'ext4', uuid, label: 'data' });
	const filesystem = { fstype: 'ext4', label: 'data', uuid, mount_point: '', mount_options: '' };
	const sdb = {
		...emptyDisk(2, 'sdb', 50 * GIB),
		...{ available_size: 0, used_size: 50 * GIB, used_for: 'Unmounted ext4 formatted filesystem', filesystem },
	};
	assert.deepEqual(formatted.json(), sdb);
	const mounted = await ann.post(`${DEVICES}2/`, 'mount', { mount_point: '/srv/', mount_options: 'noatime' });
	assert.deepEqual(mounted.json(), {
		...sdb,
		used_for: 'ext4 formatted filesystem mounted at /srv',
		filesystem: { ...filesystem, mount_point: '/srv', mount_options: 'noatime' },
	});
	assert.deepEqual((await ann.post(`${DEVICES}2/`, 'unmount')).json(), sdb);
	await ann.post(`${DEVICES}2/`, 'mount', { mount_point: '/srv' });
	const again = (await ann.post(`${DEVICES}2/`, 'format', { fstype: 'xfs' })).json<{ used_for: string }>();
	assert.equal(again.used_for, 'Unmounted xfs formatted filesystem', 'formatted anew, and mounted nowhere');
	assert.deepEqual((await ann.post(`${DEVICES}2/`, 'unformat')).json(), emptyDisk(2, 'sdb', 50 * GIB));

	assert.equal((await ann.post(`${DEVICES}2/`, 'set_boot_disk')).text, 'OK');
	assert.equal(store.machines.byId(id)?.bootDiskId, 2);
});

test('block devices: what is refused, and why', async (t) => {
	const { store, ann, bob, eve, nobody } = await startMaas(t);
	addDiskMachine(store, [foundDisk('sda', 100 * GIB), foundDisk('sdb', 50 * GIB)]);
	addDiskMachine(store, [foundDisk('sda', 100 * GIB)], { systemId: 'dep123', status: 'deployed', ownerId: bob.user.id });
	addDiskMachine(store, [foundDisk('sda', 100 * GIB)], { systemId: 'all123', status: 'allocated', ownerId: bob.user.id });
	const new5 = { name: 'sdc', model: 'M', serial: 'S', size: 5 * GIB, block_size: 512 };
	await ann.post(`${DEVICES}2/`, 'format', { fstype: 'xfs' });
	const before = store.storage.of([1, 2, 3]);
	for (const [what, answer, status, body] of [
		['a user adds', await bob.post(DEVICES, null, new5), 403, /^User is not allowed access to this API\.$/],
		['nobody reads', await nobody.get(DEVICES), 401, /./],
		['no such node', await ann.get('nodes/nope/blockdevices/'), 404, /^No Node matches the given query\.$/],
		['no such device', await ann.get(`${DEVICES}99/`), 404, /^No BlockDevice matches the given query\.$/],
		[
			'a name twice',
			await ann.post(DEVICES, null, { ...new5, name: 'sdb' }),
			400,
			{ name: ['Something else on this machine is called sdb already.'] },
		],
		['no name', await ann.post(DEVICES, null, { ...new5, name: '../x' }), 400, { name: [/./] }],
		[
			'too small',
			await ann.post(DEVICES, null, { ...new5, size: 4 * MIB - 1 }),
			400,
			{ size: ['Ensure this value is greater than or equal to 4194304.'] },
		],
		[
			'small blocks',
			await ann.post(DEVICES, null, { ...new5, block_size: 256 }),
			400,
			{ block_size: ['Ensure this value is greater than or equal to 512.'] },
		],
		[
			'nothing said',
			await ann.post(DEVICES),
			400,
			{ name: ['This field is required.'], size: ['This field is required.'], block_size: ['This field is required.'] },
		],
		['unrecognisable', await ann.post(DEVICES, null, { name: 'sdc', size: GIB, block_size: 512 }), 400, { id_path: [/serial/] }],
		[
			'no such file system',
			await ann.post(`${DEVICES}1/`, 'format', { fstype: 'ntfs' }),
			400,
			{ fstype: [/^Select a valid choice/] },
		],
		['a bad UUID', await ann.post(`${DEVICES}1/`, 'format', { fstype: 'ext4', uuid: 'x' }), 400, { uuid: [/^Enter a UUID/] }],
		[
			'mount what is not formatted',
			await ann.post(`${DEVICES}1/`, 'mount', { mount_point: '/' }),
			400,
			{ __all__: ['sda must be formatted before it is mounted.'] },
		],
		[
			'mount nowhere',
			await ann.post(`${DEVICES}2/`, 'mount', { mount_point: 'srv' }),
			400,
			{ mount_point: [/^Enter an absolute path/] },
		],
		['unmount what is not mounted', await ann.post(`${DEVICES}2/`, 'unmount'), 400, { __all__: ['sdb is not mounted.'] }],
		['unformat what is not formatted', await ann.post(`${DEVICES}1/`, 'unformat'), 400, { __all__: ['sda is not formatted.'] }],
		['a tag of two words', await ann.post(`${DEVICES}1/`, 'add_tag', { tag: 'a b' }), 400, { tag: [/^Enter one word/] }],
		[
			'a user formats a Ready machine',
			await bob.post(`${DEVICES}1/`, 'format', { fstype: 'ext4' }),
			403,
			/don't have the permissions/,
		],
		['another’s machine', await eve.post('nodes/all123/blockdevices/sda/', 'format', { fstype: 'ext4' }), 403, /^$/],
		[
			'a deployed machine',
			await bob.post('nodes/dep123/blockdevices/sda/', 'format', { fstype: 'ext4' }),
			409,
			/^Cannot format block device because the machine is not Ready or Allocated\.$/,
		],
		[
			'deletion from an allocated one',
			await ann.delete('nodes/all123/blockdevices/sda/'),
			409,
			/^Cannot delete block device because the machine is not Ready\.$/,
		],
		['a change of an allocated one', await ann.put('nodes/all123/blockdevices/sda/', { name: 'x' }), 409, /not Ready\.$/],
		['an addition to a deployed one', await ann.post('nodes/dep123/blockdevices/', null, new5), 409, /not Ready\.$/],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		if (body instanceof RegExp) assert.match(answer.text, body, what);
		else
			for (const [field, [expected]] of Object.entries<readonly (string | RegExp)[]>(body)) {
				const [said = ''] = answer.json<Record<string, string[]>>()[field] ?? [];
				if (expected instanceof RegExp) assert.match(said, expected, what);
				else assert.equal(said, expected, what);
			}
	}
	assert.deepEqual(store.storage.of([1, 2, 3]), before);
});

test('block devices: who has the machine formats as he likes, and it is gone when he is', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	const machine = addDiskMachine(store, [foundDisk('sda', 100 * GIB), foundDisk('sdb', 50 * GIB)]);
	await ann.post(`${DEVICES}2/`, 'format', { fstype: 'ext4', label: 'theirs' });
	await ann.post(`${DEVICES}2/`, 'mount', { mount_point: '/srv' });
	const laidOut = store.storage.of([machine.id]);

	assert.equal((await bob.post('machines/', 'allocate', { system_id: 'abc123' })).status, 200);
	assert.equal((await bob.post(`${DEVICES}2/`, 'unmount')).status, 200);
	const own = await bob.post(`${DEVICES}2/`, 'format', { fstype: 'btrfs' });
	assert.equal(own.json<{ used_for: string }>().used_for, 'Unmounted btrfs formatted filesystem');
	assert.equal((await bob.post('machines/abc123/', 'release')).status, 200);
	assert.deepEqual(store.storage.of([machine.id]), laidOut);
});

test('block devices: a deployed machine’s disk can be called something else, and nothing more', async (t) => {
	const { store, ann } = await startMaas(t);
	addDiskMachine(store, [foundDisk('sda', 100 * GIB)], { status: 'deployed' });
	assert.deepEqual((await ann.put(`${DEVICES}1/`, { model: 'New', size: 200 * GIB, block_size: 4096 })).json(), {
		...emptyDisk(1, 'sda', 100 * GIB),
		model: 'New',
	});
});
