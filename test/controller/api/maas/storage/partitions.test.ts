import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addDiskMachine, foundDisk, GIB, MIB } from '../../../../support/diskMachine.ts';
import { startMaas } from '../../../../support/maasClient.ts';

const DEVICE = 'nodes/abc123/blockdevices/1';
const uuid = '12345678-1234-4234-8234-123456789abc';

test('partitions: made, shown with and without the last slash, formatted, mounted, tagged, deleted', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	addDiskMachine(store, [foundDisk('sda', 100 * GIB)]);
	const made = await ann.post(`${DEVICE}/partitions/`, null, { size: 10 * GIB + 1, uuid, bootable: 'true' });
	const partition = {
		...{ system_id: 'abc123', device_id: 1, id: 1, uuid, path: '/dev/disk/by-dname/sda-part1', type: 'partition' },
		...{ size: 10 * GIB, bootable: true, filesystem: null, used_for: 'Unused', tags: [] },
		resource_uri: '/MAAS/api/2.0/nodes/abc123/blockdevices/1/partition/1',
	};
	assert.deepEqual([made.status, made.json()], [200, partition]);
	const rest = (await ann.post(`${DEVICE}/partitions/`, null, {})).json<{ size: number; id: number }>();
	assert.deepEqual([rest.id, rest.size], [2, 90 * GIB - 8 * MIB]);
	for (const spelling of ['partition/1', 'partition/1/', 'partitions/1', 'partitions/1/'])
		assert.deepEqual((await bob.get(`${DEVICE}/${spelling}`)).json(), partition, spelling);
	assert.deepEqual((await bob.get('nodes/abc123/blockdevices/sda/partitions/')).json<unknown[]>()[0], partition);

	const label = 'data';
	await ann.post(`${DEVICE}/partition/1`, 'format', { fstype: 'xfs', uuid: uuid.replace('1', '2'), label });
	const mounted = await ann.post(`${DEVICE}/partition/1`, 'mount', { mount_point: '/srv' });
	assert.deepEqual(mounted.json(), {
		...partition,
		used_for: 'xfs formatted filesystem mounted at /srv',
		filesystem: { fstype: 'xfs', label, uuid: uuid.replace('1', '2'), mount_point: '/srv', mount_options: '' },
	});
	const { partitions, used_for, partition_table_type, available_size } = (await bob.get(`${DEVICE}/`)).json();
	assert.deepEqual(
		{ first: (partitions as unknown[])[0], used_for, partition_table_type, available_size },
		{ first: mounted.json(), used_for: 'GPT partitioned with 2 partitions', partition_table_type: 'GPT', available_size: 0 },
	);
	for (const op of ['unmount', 'unformat']) assert.equal((await ann.post(`${DEVICE}/partition/1`, op)).status, 200);
	assert.deepEqual((await ann.post(`${DEVICE}/partition/1`, 'add_tag', { tag: 'mine' })).json(), {
		...partition,
		tags: ['mine'],
	});
	assert.deepEqual((await ann.post(`${DEVICE}/partition/1`, 'remove_tag', { tag: 'mine' })).json(), partition);
	assert.equal((await ann.delete(`${DEVICE}/partition/1`)).status, 204);
	assert.equal((await ann.delete(`${DEVICE}/partitions/2/`)).status, 204);
	const empty = (await bob.get(`${DEVICE}/`)).json();
	assert.deepEqual([empty.partition_table_type, empty.used_for, empty.available_size], [null, 'Unused', 100 * GIB]);
});

test('partitions: what is refused, and why', async (t) => {
	const { store, ann, bob, eve } = await startMaas(t);
	addDiskMachine(store, [foundDisk('sda', 10 * GIB), foundDisk('sdb', 10 * GIB)]);
	addDiskMachine(store, [foundDisk('sda', 10 * GIB)], { systemId: 'all123', status: 'allocated', ownerId: bob.user.id });
	await ann.post(`${DEVICE}/partitions/`, null, { size: '4G', uuid });
	await ann.post('nodes/abc123/blockdevices/2/', 'format', { fstype: 'ext4' });
	const before = store.storage.of([1, 2]);
	for (const [what, answer, status, text] of [
		['a user makes one', await bob.post(`${DEVICE}/partitions/`), 403, /^User is not allowed access to this API\.$/],
		[
			'too large',
			await ann.post(`${DEVICE}/partitions/`, null, { size: '7G' }),
			400,
			/^{"size":\["Ensure this value is less than or equal to \d+\."\]}$/,
		],
		[
			'too small',
			await ann.post(`${DEVICE}/partitions/`, null, { size: 4 }),
			400,
			/^{"size":\["Ensure this value is greater than or equal to 4194304\."\]}$/,
		],
		['no size', await ann.post(`${DEVICE}/partitions/`, null, { size: '4Q' }), 400, /^{"size":\["Enter a number of bytes/],
		['a UUID twice', await ann.post(`${DEVICE}/partitions/`, null, { uuid }), 400, /^{"uuid":/],
		[
			'on a formatted disk',
			await ann.post('nodes/abc123/blockdevices/2/partitions/'),
			400,
			/sdb can’t be partitioned: Unmounted ext4/,
		],
		[
			'a partitioned disk formatted',
			await ann.post(`${DEVICE}/`, 'format', { fstype: 'ext4' }),
			400,
			/sda can’t be formatted: it has a partition table/,
		],
		[
			'of another device',
			await ann.get('nodes/abc123/blockdevices/2/partition/1'),
			404,
			/^No Partition matches the given query\.$/,
		],
		['none', await ann.get(`${DEVICE}/partition/zero`), 404, /^No Partition matches the given query\.$/],
		['of no device', await ann.get('nodes/abc123/blockdevices/9/partitions/'), 404, /^No BlockDevice matches the given query\.$/],
		[
			'on an allocated machine',
			await ann.post('nodes/all123/blockdevices/sda/partitions/'),
			409,
			/^Cannot create partition because the machine is not Ready\.$/,
		],
		['another’s machine', await eve.post('nodes/all123/blockdevices/sda/partition/9', 'unmount'), 403, /^$/],
		['a Ready machine’s by a user', await bob.post(`${DEVICE}/partition/1`, 'format', { fstype: 'ext4' }), 403, /permissions/],
	] as const) {
		assert.equal(answer.status, status, `${what}: ${answer.text}`);
		assert.match(answer.text, text, what);
	}
	assert.deepEqual(store.storage.of([1, 2]), before);
});
