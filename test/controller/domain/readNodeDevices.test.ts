import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readNodeDevices } from '../../../controller/domain/readNodeDevices.ts';

const pci = (address: string, change: object = {}) => ({
	...{
		pci_address: address,
		vendor_id: '8086',
		product_id: '1572',
		vendor: 'Intel Corporation',
		product: 'X710',
		driver: 'i40e',
	},
	...{ numa_node: 1 },
	...change,
});

test('devices are told by their bus address to be a disk, a card, a GPU or something else', () => {
	const warnings: string[] = [];
	const devices = readNodeDevices(
		{
			pci: {
				devices: [
					pci('0000:3b:00.0'),
					pci('0000:65:00.1', { vendor_id: '0x144D', product_id: 'A80A', vendor: '', product: null, driver: 'nvme' }),
					pci('0000:17:00.0', { numa_node: -1, driver: '' }),
					pci('0000:00:1f.3'),
				],
			},
			usb: {
				devices: [
					{
						bus_address: 2,
						device_address: 3,
						vendor_id: '0781',
						product_id: '5583',
						product: 'Ultra',
						interfaces: [{ driver: 'usb-storage' }],
					},
				],
			},
			network: { cards: [{ pci_address: '0000:3b:00.0', ports: [{ id: 'eno1' }, { id: 'eno2' }] }] },
			storage: {
				disks: [
					{ id: 'nvme0n1', pci_address: '0000:65:00.1', usb_address: '' },
					{ id: 'sda', pci_address: '', usb_address: '2:3' },
				],
			},
			gpu: { cards: [{ pci_address: '0000:17:00.0' }] },
		},
		(text) => warnings.push(text),
	);
	const intel = {
		bus: 'PCIE',
		vendorId: '8086',
		productId: '1572',
		vendorName: 'Intel Corporation',
		productName: 'X710',
		driver: 'i40e',
		numaNode: 1,
	};
	const nothing = { disk: null, interface: null };
	assert.deepEqual(devices, [
		{
			...intel,
			...nothing,
			busNumber: 0x3b,
			deviceNumber: 0,
			pciAddress: '0000:3b:00.0',
			hardwareType: 'network',
			interface: 'eno1',
		},
		{
			...{
				...intel,
				...nothing,
				busNumber: 0x65,
				deviceNumber: 0,
				pciAddress: '0000:65:00.1',
				hardwareType: 'storage',
				disk: 'nvme0n1',
			},
			...{ vendorId: '144d', productId: 'a80a', vendorName: '', productName: '', driver: 'nvme' },
		},
		{
			...{ ...intel, ...nothing, busNumber: 0x17, deviceNumber: 0, pciAddress: '0000:17:00.0', hardwareType: 'gpu' },
			...{ numaNode: null, driver: '' },
		},
		{ ...intel, ...nothing, busNumber: 0, deviceNumber: 0x1f, pciAddress: '0000:00:1f.3', hardwareType: 'node' },
		{
			...{ bus: 'USB', vendorId: '0781', productId: '5583', vendorName: '', productName: 'Ultra', driver: 'usb-storage' },
			...{
				numaNode: null,
				busNumber: 2,
				deviceNumber: 3,
				pciAddress: null,
				hardwareType: 'storage',
				disk: 'sda',
				interface: null,
			},
		},
	]);
	assert.deepEqual(warnings, []);
});

test('too many devices are cut, with a warning; what has no ids is left out', () => {
	const warnings: string[] = [];
	const devices = Array.from({ length: 5000 }, () => pci('0000:3b:00.0'));
	assert.equal(readNodeDevices({ pci: { devices } }, (text) => warnings.push(text)).length, 4096);
	assert.deepEqual(warnings, ['The machine reports 5000 devices; the first 4096 were taken.']);
	const nameless = [pci('0000:3b:00.0', { vendor_id: '' }), pci('3b:00.0'), pci('0000:3b:00.0', { product_id: 'zzzz' }), null, 7];
	assert.deepEqual(
		readNodeDevices({ pci: { devices: nameless }, usb: { devices: [{ vendor_id: '0781' }] } }, () => {}),
		[],
	);
});

test('whatever a machine says, the answer is a list', () => {
	fc.assert(
		fc.property(fc.dictionary(fc.constantFrom('pci', 'usb', 'storage', 'network', 'gpu'), fc.jsonValue()), (resources) =>
			assert.ok(Array.isArray(readNodeDevices(resources, () => {}))),
		),
	);
});
