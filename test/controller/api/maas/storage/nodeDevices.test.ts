import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMac } from '../../../../../controller/domain/address.ts';
import type { NodeDevice } from '../../../../../controller/domain/inventory.ts';
import { addDiskMachine, foundDisk, GIB } from '../../../../support/diskMachine.ts';
import { startMaas } from '../../../../support/maasClient.ts';

const card: NodeDevice = {
	...{
		bus: 'PCIE',
		hardwareType: 'network',
		vendorId: '8086',
		productId: '1572',
		vendorName: 'Intel Corporation',
		productName: 'X710',
	},
	...{ driver: 'i40e', busNumber: 0x3b, deviceNumber: 0, pciAddress: '0000:3b:00.0', numaNode: 1, disk: null, interface: 'eno1' },
};
const stick: NodeDevice = {
	...{
		bus: 'USB',
		hardwareType: 'storage',
		vendorId: '0781',
		productId: '5583',
		vendorName: '',
		productName: 'Ultra',
		driver: 'usb-storage',
	},
	...{ busNumber: 2, deviceNumber: 3, pciAddress: null, numaNode: null, disk: 'sda', interface: null },
};

test('node devices: listed, filtered, shown, forgotten, and found again', async (t) => {
	const { store, ann, bob } = await startMaas(t);
	const port = {
		...{
			name: 'eno1',
			mac: parseMac('52:54:00:4c:00:11') as never,
			vendor: null,
			product: null,
			driver: null,
			firmwareVersion: null,
		},
		...{ linkConnected: true, linkSpeed: 1000, pciAddress: '0000:3b:00.0', numaNode: 1 },
	};
	const commission = (devices: readonly NodeDevice[]) =>
		addOrReplace(store, { interfaces: [port], blockDevices: [foundDisk('sda', 8 * GIB)], devices });
	commission([card, stick]);
	const shownCard = {
		...{
			system_id: 'abc123',
			id: 1,
			bus: 1,
			bus_name: 'PCIE',
			hardware_type: 4,
			hardware_type_name: 'Network',
			vendor_id: '8086',
		},
		...{ product_id: '1572', vendor_name: 'Intel Corporation', product_name: 'X710', commissioning_driver: 'i40e', numa_node: 1 },
		...{ bus_number: 0x3b, device_number: 0, pci_address: '0000:3b:00.0', physical_blockdevice: null },
		physical_interface: (await bob.get('nodes/abc123/interfaces/eno1/')).json(),
		resource_uri: '/MAAS/api/2.0/nodes/abc123/devices/1/',
	};
	const shownStick = {
		...{
			system_id: 'abc123',
			id: 2,
			bus: 2,
			bus_name: 'USB',
			hardware_type: 3,
			hardware_type_name: 'Storage',
			vendor_id: '0781',
		},
		...{ product_id: '5583', vendor_name: '', product_name: 'Ultra', commissioning_driver: 'usb-storage', numa_node: 0 },
		...{ bus_number: 2, device_number: 3, pci_address: null, physical_interface: null },
		physical_blockdevice: (await bob.get('nodes/abc123/blockdevices/sda/')).json(),
		resource_uri: '/MAAS/api/2.0/nodes/abc123/devices/2/',
	};
	assert.deepEqual((await bob.get('nodes/abc123/devices/')).json(), [shownCard, shownStick]);
	for (const [filters, ids] of [
		[{ bus: 'pcie' }, [1]],
		[{ bus: '2' }, [2]],
		[{ hardware_type: 'storage' }, [2]],
		[{ hardware_type: 4 }, [1]],
		[{ vendor_id: '8086', product_id: '1572' }, [1]],
		[{ vendor_id: '8086', commissioning_driver: 'usb-storage' }, []],
		[{ product_name: 'ultra' }, [2]],
		[{ vendor_name: 'nobody' }, []],
	] as const)
		assert.deepEqual(
			(await bob.get('nodes/abc123/devices/', filters)).json<{ id: number }[]>().map(({ id }) => id),
			ids,
			JSON.stringify(filters),
		);
	for (const [word, id] of [
		['1', 1],
		['0000:3B:00.0', 1],
		['2:3', 2],
	] as const)
		assert.equal((await bob.get(`nodes/abc123/devices/${word}/`)).json().id, id, word);
	assert.equal((await bob.delete('nodes/abc123/devices/1/')).status, 403);
	assert.equal((await ann.delete('nodes/abc123/devices/1/')).status, 204);
	assert.equal((await ann.get('nodes/abc123/devices/1/')).text, 'No NodeDevice matches the given query.');
	commission([{ ...stick, driver: 'uas' }, card]);
	const again = (await bob.get('nodes/abc123/devices/')).json<Record<string, unknown>[]>();
	// what was there keeps its id
	assert.deepEqual(
		again.map(({ id, commissioning_driver }) => [id, commissioning_driver]),
		[
			[2, 'uas'],
			[3, 'i40e'],
		],
	);
	commission([]);
	assert.deepEqual((await bob.get('nodes/abc123/devices/')).json(), []);
});

function addOrReplace(store: Parameters<typeof addDiskMachine>[0], parts: object): void {
	const id = store.machines.bySystemId('abc123')?.id ?? addDiskMachine(store, []).id;
	const nothing = { interfaces: [], blockDevices: [], numaNodes: [], components: [] };
	store.inventory.replace(id, { ...nothing, ...parts } as never, '2026-01-02T03:04:05.000Z');
}
