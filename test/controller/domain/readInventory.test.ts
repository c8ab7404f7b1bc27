import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseResources, readInventory } from '../../../controller/domain/readInventory.ts';

const GiB = 2 ** 30;
/** What 50-maas-01-commissioning prints for a machine with two sockets, in the shape of LXD's resources API. */
const resources = {
	api_version: '1.0',
	api_extensions: ['resources', 'resources_v2', 'api_os', 'resources_system', 'resources_usb_pci'],
	environment: { kernel: 'Linux', kernel_architecture: 'x86_64', kernel_version: '6.1.0' },
	resources: {
		cpu: {
			total: 4,
			sockets: [0, 1].map((socket) => ({
				socket,
				name: 'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz',
				cores: [
					{
						core: 0,
						threads: [
							{ id: socket, numa_node: socket },
							{ id: socket + 2, numa_node: socket },
						],
					},
				],
			})),
		},
		memory: {
			total: 16 * GiB,
			nodes: [
				{ numa_node: 0, total: 8 * GiB },
				{ numa_node: 1, total: 8 * GiB },
			],
		},
		network: {
			cards: [
				{
					vendor: 'Intel Corporation',
					product: 'Ethernet Controller X710',
					driver: 'i40e',
					pci_address: '0000:3b:00.0',
					numa_node: 0,
					ports: [{ id: 'eno1', address: '52:54:00:4c:00:11', link_detected: true, link_speed: 10000 }],
				},
			],
		},
		storage: {
			disks: [
				{
					id: 'nvme0n1',
					device_id: 'nvme-X_S1',
					model: 'X',
					serial: 'S1',
					type: 'nvme',
					size: 960 * 10 ** 9,
					block_size: 512,
					rpm: 0,
				},
			],
		},
		system: {
			uuid: '4C4C4544-0042-3510-8052-B4C04F4E5231',
			vendor: 'Dell Inc.',
			product: 'PowerEdge R630',
			serial: 'B5R1',
			type: 'physical',
			motherboard: { vendor: 'Dell Inc.', product: '0CNCJW', serial: 'CN1', version: 'A07' },
			firmware: { vendor: 'Dell Inc.', date: '06/26/2018', version: '2.8.0' },
		},
	},
};
const lshw = `<node class="system"><node class="network"><serial>52:54:00:4c:00:11</serial>
	<configuration><setting id="firmware" value="8.30" /></configuration></node></node>`;
const nvme = JSON.stringify({ Devices: [{ DevicePath: '/dev/nvme0n1', Firmware: 'EDA7602Q' }] });

const inventory = {
	architecture: 'amd64',
	cpuCount: 4,
	cpuModel: 'Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz',
	memory: 16 * GiB,
	uuid: '4c4c4544-0042-3510-8052-b4c04f4e5231',
	vendor: 'Dell Inc.',
	product: 'PowerEdge R630',
	serial: 'B5R1',
	interfaces: [
		{
			name: 'eno1',
			mac: '52:54:00:4c:00:11',
			vendor: 'Intel Corporation',
			product: 'Ethernet Controller X710',
			driver: 'i40e',
			firmwareVersion: '8.30',
			linkConnected: true,
			linkSpeed: 10000,
			interfaceSpeed: null,
			pciAddress: '0000:3b:00.0',
			numaNode: 0,
		},
	],
	blockDevices: [
		{
			name: 'nvme0n1',
			idPath: '/dev/disk/by-id/nvme-X_S1',
			model: 'X',
			serial: 'S1',
			size: 960 * 10 ** 9,
			blockSize: 512,
			rotational: false,
			firmwareVersion: 'EDA7602Q',
			tags: ['ssd'],
		},
	],
	numaNodes: [
		{ index: 0, cores: [0, 2], memory: 8 * GiB },
		{ index: 1, cores: [1, 3], memory: 8 * GiB },
	],
	components: [
		{ kind: 'system', name: 'system', vendor: 'Dell Inc.', model: 'PowerEdge R630', serial: 'B5R1', version: null },
		{ kind: 'board', name: 'board', vendor: 'Dell Inc.', model: '0CNCJW', serial: 'CN1', version: 'A07' },
		{ kind: 'bios', name: 'bios', vendor: 'Dell Inc.', model: null, serial: null, version: '2.8.0' },
		{ kind: 'bmc', name: 'bmc', vendor: 'Dell Inc.', model: 'iDRAC8', serial: null, version: '2.60' },
		{
			kind: 'network',
			name: '0000:3b:00.0',
			vendor: 'Intel Corporation',
			model: 'Ethernet Controller X710',
			serial: null,
			version: '8.30',
		},
		{ kind: 'disk', name: 'nvme0n1', vendor: null, model: 'X', serial: 'S1', version: 'EDA7602Q' },
	],
	devices: [],
};

test('a machine is put together from what its scripts printed', () => {
	const bmc = { vendor: 'Dell Inc.', model: 'iDRAC8', version: '2.60' };
	assert.deepEqual(readInventory({ resources, lshw, nvme, bmc }), { inventory, warnings: [] });
});

test('huge pages are told where some are set aside', () => {
	const memory = {
		hugepages_size: 2 ** 21,
		nodes: [
			{ numa_node: 0, total: GiB, hugepages_total: 2 ** 22 },
			{ numa_node: 1, total: GiB },
		],
	};
	assert.deepEqual(readInventory({ resources: { resources: { memory } } }).inventory.numaNodes, [
		{ index: 0, cores: [], memory: GiB, hugepages: [{ size: 2 ** 21, total: 2 ** 22 }] },
		{ index: 1, cores: [], memory: GiB },
	]);
});

test('where the resources are silent, dmidecode speaks', () => {
	const dmidecode =
		'BIOS Information\n\tVendor: SeaBIOS\n\tVersion: 1.16\nSystem Information\n\tManufacturer: ACME\n\tUUID: 4c4c4544-0042-3510-8052-b4c04f4e5299\n';
	const { inventory: read } = readInventory({ resources: { resources: { system: { product: 'Rack 1' } } }, dmidecode });
	assert.deepEqual([read.vendor, read.product, read.uuid], ['ACME', 'Rack 1', '4c4c4544-0042-3510-8052-b4c04f4e5299']);
	assert.deepEqual(read.components, [
		{ kind: 'system', name: 'system', vendor: 'ACME', model: 'Rack 1', serial: null, version: null },
		{ kind: 'bios', name: 'bios', vendor: 'SeaBIOS', model: null, serial: null, version: '1.16' },
	]);
});

for (const [kernel, architecture] of [
	['aarch64', 'arm64'],
	['ppc64le', 'ppc64el'],
	['s390x', 's390x'],
	['constructor', null],
	[7, null],
] as const)
	test(`a kernel that says ${kernel} runs on ${architecture}`, () =>
		assert.equal(
			readInventory({ resources: { environment: { kernel_architecture: kernel } } }).inventory.architecture,
			architecture,
		));

const empty = {
	architecture: null,
	cpuCount: null,
	cpuModel: null,
	memory: null,
	uuid: null,
	vendor: null,
	product: null,
	serial: null,
	interfaces: [],
	blockDevices: [],
	numaNodes: [],
	components: [],
	devices: [],
};

test('helpers that printed rubbish are left out with a warning each', () => {
	assert.deepEqual(readInventory({ resources: {}, lshw: '<!DOCTYPE x><node/>', nvme: 'nvme: not found', dmidecode: '\u0000' }), {
		inventory: empty,
		warnings: [
			"What lshw printed was left out: lshw's XML has a DOCTYPE, which lshw never writes.",
			'What nvme list printed was left out: it is no JSON.',
		],
	});
});

test('500 disks with control characters in every name: all are kept, under names that can be shown', () => {
	const disks = Array.from({ length: 500 }, (_, at) => ({
		id: `sd\u0007\u001b]0;x${at}`,
		model: `\u202eX\u0000 ${at}`,
		serial: `\n${at}`,
		size: GiB,
	}));
	const { inventory: read, warnings } = readInventory({ resources: { resources: { storage: { disks } } } });
	assert.equal(read.blockDevices.length, 500);
	assert.deepEqual(warnings, []);
	assert.doesNotMatch(JSON.stringify(read), /\\u00|\u202e|\\n/);
	assert.deepEqual([read.blockDevices[7]?.name, read.blockDevices[7]?.model], ['disk7', 'X 7']);
});

test('the warnings of a thousand broken parts are 50', () => {
	const disks = Array.from({ length: 1000 }, (_, at) => ({ id: `sd${at}`, size: -1 }));
	assert.equal(readInventory({ resources: { resources: { storage: { disks } } } }).warnings.length, 50);
});

/** The same shape with anything at all in any place. */
function spoiled(value: unknown): fc.Arbitrary<unknown> {
	const rubbish = fc.oneof(fc.jsonValue(), fc.constantFrom(Number.NaN, -1, 1e300, '\u001b[2J', '__proto__'));
	const same = Array.isArray(value)
		? fc.tuple(...value.map(spoiled))
		: typeof value === 'object' && value !== null
			? fc.record(Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, spoiled(inner)])), { requiredKeys: [] })
			: fc.constant(value);
	return fc.oneof({ weight: 12, arbitrary: same }, { weight: 1, arbitrary: rubbish });
}

test('whatever is in it, an inventory comes out that fits its type and can be shown', () => {
	const number = (value: unknown) => value === null || (Number.isSafeInteger(value) && (value as number) >= 0);
	fc.assert(
		fc.property(spoiled(resources), (given) => {
			const { inventory: read, warnings } = readInventory({ resources: given });
			assert.ok(number(read.cpuCount) && number(read.memory) && warnings.length <= 50);
			for (const disk of read.blockDevices) assert.ok(number(disk.size) && number(disk.blockSize) && disk.name !== '');
			for (const card of read.interfaces) assert.match(card.mac, /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/);
			for (const node of read.numaNodes) assert.ok(number(node.index) && number(node.memory) && node.cores.every(number));
			assert.doesNotMatch(JSON.stringify(read), /\\u00[01]/);
		}),
		{ numRuns: 500 },
	);
});

test('resources are parsed', () => assert.deepEqual(parseResources(JSON.stringify(resources)), { value: resources }));

const refused: [name: string, text: string, problem: RegExp][] = [
	['nothing', '', /^it is no JSON \(Unexpected end of JSON input\)$/],
	['half of it', JSON.stringify(resources).slice(0, -1), /^it is no JSON/],
	['an error message with escapes', '\u001b[31mboom', /^it is no JSON/],
	['a list', '[]', /^its api_version is missing; 1.0 is read$/],
	['another version', '{"api_version":"2.0"}', /^its api_version is 2.0; 1.0 is read$/],
	['no resources', '{"api_version":"1.0","resources":[]}', /^it has no resources$/],
	['17 MB', ' '.repeat(17 * 1024 * 1024), /^it has 17825792 characters; 16777216 are read$/],
	['deep nesting', '['.repeat(1_000_000), /^it is no JSON/],
];
for (const [name, text, problem] of refused)
	test(`refused: ${name}`, () => {
		const read = parseResources(text);
		assert.match('problem' in read ? read.problem : 'it was taken', problem);
	});
