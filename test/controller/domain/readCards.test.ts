import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCards } from '../../../controller/domain/readCards.ts';

const port = { id: 'eno1', address: '52:54:00:4C:00:11', port: 0, protocol: 'ethernet', link_detected: true, link_speed: 10000 };
const card = {
	vendor: 'Intel',
	product: 'X710',
	driver: 'i40e',
	firmware_version: '8.30',
	numa_node: 1,
	pci_address: '0000:3B:00.0',
	ports: [port],
};
const expected = {
	name: 'eno1',
	mac: '52:54:00:4c:00:11',
	vendor: 'Intel',
	product: 'X710',
	driver: 'i40e',
	firmwareVersion: '8.30',
	linkConnected: true,
	linkSpeed: 10000,
	interfaceSpeed: null,
	pciAddress: '0000:3b:00.0',
	numaNode: 1,
};
const part = { kind: 'network', name: '0000:3b:00.0', vendor: 'Intel', model: 'X710', serial: null, version: '8.30' };

const read = (cards: unknown, lshw = null) => {
	const warnings: string[] = [];
	return { ...readCards({ cards }, lshw, (text) => warnings.push(text)), warnings };
};

const taken: [name: string, cardChange: object, portChange: object, difference: object, partDifference: object][] = [
	['a card', {}, {}, {}, {}],
	['a port without link', {}, { link_detected: false, link_speed: 0 }, { linkConnected: false, linkSpeed: null }, {}],
	['a speed of 2^32 - 1', {}, { link_speed: 4294967295 }, { linkSpeed: null }, {}],
	[
		'what it can do at best',
		{},
		{ supported_modes: ['1000baseT/Full', '25000baseCR/Full', 'x', 7] },
		{ interfaceSpeed: 25000 },
		{},
	],
	['a USB card', { pci_address: undefined }, {}, { pciAddress: null }, { name: 'eno1' }],
	['a PCI address with escapes', { pci_address: '\u001b[2J' }, {}, { pciAddress: null }, { name: 'eno1' }],
	['a name with escapes', {}, { id: 'e\u001b[2J' }, { name: 'port-5254004c0011' }, {}],
	['a name with slashes', {}, { id: '../../etc' }, { name: 'port-5254004c0011' }, {}],
	[
		'other types',
		{ vendor: {}, product: [], driver: 1, firmware_version: null, numa_node: -1 },
		{ link_detected: 'yes', link_speed: 'fast' },
		{ vendor: null, product: null, driver: '1', firmwareVersion: null, numaNode: null, linkConnected: null, linkSpeed: null },
		{ vendor: null, model: null, version: null },
	],
];
for (const [name, cardChange, portChange, difference, partDifference] of taken)
	test(`taken: ${name}`, () =>
		assert.deepEqual(read([{ ...card, ...cardChange, ports: [{ ...port, ...portChange }] }]), {
			interfaces: [{ ...expected, ...difference }],
			components: [{ ...part, ...partDifference }],
			warnings: [],
		}));

const left: [name: string, portChange: object, warning: string][] = [
	['no address', { address: undefined }, 'Network port eno1 was left out: its address is no MAC address: missing.'],
	[
		'an Infiniband port',
		{ address: '80:00:02:08:fe:80:00:00' },
		'Network port eno1 was left out: its address is no MAC address: 80:00:02:08:fe:80:00:00.',
	],
	[
		'zeros',
		{ address: '00:00:00:00:00:00' },
		"Network port eno1 was left out: its address is no card's address: 00:00:00:00:00:00.",
	],
	[
		'a multicast address',
		{ id: 7, address: '01:00:5e:00:00:01' },
		'Network port without a name was left out: its address is a multicast address: 01:00:5e:00:00:01.',
	],
];
for (const [name, portChange, warning] of left)
	test(`left out: ${name}`, () =>
		assert.deepEqual(read([{ ...card, ports: [{ ...port, ...portChange }] }]), {
			interfaces: [],
			components: [],
			warnings: [warning],
		}));

test('an address that is there twice is taken once', () => {
	const { interfaces, components, warnings } = read([
		card,
		{ ...card, pci_address: '0000:3b:00.1', ports: [{ ...port, id: 'eno2' }] },
	]);
	assert.deepEqual([interfaces, components], [[expected], [part]]);
	assert.deepEqual(warnings, ['Network port eno2 has the MAC of eno1, 52:54:00:4c:00:11, and was left out.']);
});

test('ports beyond the 256th are cut', () => {
	const ports = Array.from({ length: 300 }, (_, at) => ({
		...port,
		id: `p${at}`,
		address: `52540000${at.toString(16).padStart(4, '0')}`,
	}));
	const { interfaces, warnings } = read([{ ...card, ports }]);
	assert.deepEqual([interfaces.length, warnings], [256, ['The machine reports 300 network ports; the first 256 were taken.']]);
});

for (const given of [null, 'cards', [null, 7, { ports: {} }, { ports: [null] }]])
	test(`no ports in ${JSON.stringify(given)}`, () => assert.deepEqual(read(given).interfaces, []));
