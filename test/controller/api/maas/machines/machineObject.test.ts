import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../../../../controller/domain/machine.ts';
import { startMaas } from '../../../../support/maasClient.ts';
import { emptyDisk, maasMachines } from '../../../../support/maasMachines.ts';
import { addMachine } from '../../../../support/makeStore.ts';

const byName = <Value>(object: Record<string, Value>) => Object.fromEntries(Object.entries(object).toSorted());

test('a commissioned machine, with every key that MAAS has', async (t) => {
	const maas = await startMaas(t);
	const machines = maasMachines(maas);
	const id = await machines.ready(1);
	const { interface_set, boot_interface, blockdevice_set, physicalblockdevice_set, boot_disk, ...shown } = (
		await maas.bob.get(`machines/${id}/`)
	).json<Record<string, unknown>>();
	// what these hold is tested beside their own objects
	assert.equal((interface_set as unknown[]).length, 2);
	assert.deepEqual(boot_interface, (interface_set as unknown[])[0]);
	assert.deepEqual(blockdevice_set, physicalblockdevice_set);
	assert.deepEqual(boot_disk, (blockdevice_set as unknown[])[0]);

	const place = (path: string, more: object) => ({
		name: 'default',
		description: '',
		resource_uri: `/MAAS/api/2.0/${path}`,
		...more,
	});
	const none = { gateway_ip: null, link_id: null };
	const test = (name: string, passed: boolean) => ({
		[`${name}_status`]: passed ? 2 : -1,
		[`${name}_status_name`]: passed ? 'Passed' : 'Unknown',
	});
	assert.deepEqual(
		byName(shown),
		byName({
			...{
				system_id: id,
				hostname: 'node-1',
				fqdn: 'node-1.maas',
				description: '',
				resource_uri: `/MAAS/api/2.0/machines/${id}/`,
			},
			...{ node_type: 0, node_type_name: 'Machine', hardware_uuid: '4c4c4544-0042-4810-8051-c4c04f330001' },
			domain: {
				...{ id: 0, name: 'maas', ttl: null, authoritative: true, is_default: true, resource_record_count: 0 },
				resource_uri: '/MAAS/api/2.0/domains/0/',
			},
			zone: place('zones/default/', { id: 1 }),
			pool: place('resourcepool/0/', { id: 0 }),
			...{ owner: null, owner_data: {}, workload_annotations: {}, tag_names: [], locked: false, parent: null },
			...{ architecture: 'amd64/generic', cpu_count: 8, cpu_speed: 3700, memory: 32768, storage: 4960984.2, swap_size: null },
			hardware_info: {
				...{ system_vendor: 'Example Systems', system_product: 'Pizza 1U', system_family: 'Pizza', system_version: 'Unknown' },
				...{ system_sku: 'Unknown', system_serial: 'SIM00001', cpu_model: 'Example CPU E-2288 @ 3.70GHz' },
				...{ mainboard_vendor: 'Example Systems', mainboard_product: 'Board 7', mainboard_serial: 'B-SIM00001' },
				...{ mainboard_version: 'A01', mainboard_firmware_vendor: 'Example BIOS', mainboard_firmware_version: '2.7.1' },
				...{ mainboard_firmware_date: '05/06/2025', chassis_vendor: 'Example Systems', chassis_version: 'Unknown' },
				...{ chassis_type: 'Rack Mount Chassis', chassis_serial: 'SIM00001' },
			},
			numanode_set: [{ index: 0, memory: 32768, cores: [0, 1, 2, 3, 4, 5, 6, 7], hugepages_set: [] }],
			...{ bios_boot_method: 'pxe', is_dpu: false, status: 4, status_name: 'Ready', status_action: '' },
			...{ status_message: "From 'Testing' to 'Ready'", error_description: '', netboot: true },
			...{ power_type: 'fake', power_state: 'off' },
			...{ ...test('commissioning', true), ...test('testing', true), ...test('cpu_test', false), ...test('memory_test', true) },
			...{
				...test('storage_test', true),
				...test('network_test', true),
				...test('interface_test', false),
				...test('other_test', false),
			},
			...{ current_commissioning_result_id: 8, current_testing_result_id: 10, current_installation_result_id: null },
			...{ osystem: '', distro_series: '', min_hwe_kernel: '', hwe_kernel: null, ephemeral_deploy: false },
			...{ enable_hw_sync: false, last_sync: null, next_sync: null, sync_interval: null },
			...{ enable_kernel_crash_dump: false, disable_ipv4: false, ip_addresses: [], address_ttl: null },
			default_gateways: { ipv4: none, ipv6: none },
			...{ virtualblockdevice_set: [], special_filesystems: [], volume_groups: [], raids: [], bcaches: [], cache_sets: [] },
		}),
	);
});

test('what changes elsewhere is in the next answer: tags, zones, users, images, test results', async (t) => {
	const maas = await startMaas(t);
	const { store, bob } = maas;
	const machine = addMachine(store, 1);
	const shown = async () => (await bob.get('machines/')).json<Record<string, unknown>[]>()[0] ?? {};
	assert.deepEqual((await shown()).tag_names, []);

	const tag = store.tags.create({ name: 'gpu' });
	store.tags.add(tag.id, [machine.id]);
	const zone = store.zones.create('row-1', '');
	store.machines.update(machine.id, { zoneId: zone.id, ownerId: bob.user.id });
	store.zones.update(zone.id, { name: 'row-one' });
	const image = await store.images.import({ name: 'debian', bytes: emptyDisk() });
	store.machines.update(machine.id, { imageId: image.id });
	const job = store.results.createJob({
		...{ nodeId: machine.id, kind: 'test', at: '2026-01-02T03:04:05.000Z' },
		scripts: [{ name: '10-memory-size', kind: 'testing' }],
	});
	store.results.update(store.results.ofJob(job.id)[0]?.id ?? 0, { status: 'failed', exitStatus: 1 });

	const { tag_names, zone: inZone, owner, osystem, distro_series, ...now } = await shown();
	assert.deepEqual(
		[tag_names, (inZone as { name: string }).name, owner, osystem, distro_series],
		[['gpu'], 'row-one', 'bob', 'custom', 'debian'],
	);
	assert.deepEqual(
		[now.testing_status_name, now.memory_test_status, now.storage_test_status, now.current_testing_result_id],
		['Failed', 3, -1, job.id * 8 + 2],
	);
	store.results.update(store.results.ofJob(job.id)[0]?.id ?? 0, { suppressed: true });
	assert.equal((await shown()).testing_status_name, 'Passed');
});

test('the status message is what happened last, who did it and why', async (t) => {
	const { store, controller, bob } = await startMaas(t);
	const machine = addMachine(store, 1);
	const { actions } = controller.parts;
	const now = () => store.machines.byId(machine.id) as Machine;
	const message = async () => (await bob.get(`machines/${machine.systemId}/`)).json<{ status_message: string }>().status_message;
	assert.equal(await message(), null);
	store.machines.writeStatus(machine.id, { status: 'ready', at: '2026', text: null, previousStatus: null, deadlineAt: null });
	actions.allocate(now(), bob.user);
	assert.equal(await message(), "From 'Ready' to 'Allocated' (to bob)");
	actions.resume(now());
	assert.equal(await message(), 'The controller was restarted; going on.');
	actions.mark(now(), bob.user, 'mark_broken', 'fan 3 is loud');
	assert.equal(await message(), "From 'Allocated' to 'Broken': fan 3 is loud");
});
