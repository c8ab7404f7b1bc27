import type { Mac } from '../../controller/domain/address.ts';

/** What a simulated machine is made of, and what the agent and its scripts would print on it. Sizes in bytes. */
export interface Hardware {
	readonly macs: readonly Mac[];
	readonly uuid: string;
	readonly serial: string;
	readonly vendor: string;
	readonly product: string;
	readonly firmware: 'bios' | 'uefi';
	readonly cores: number;
	readonly cpuModel: string;
	readonly memory: number;
	readonly disks: readonly SimulatedDisk[];
}

export interface SimulatedDisk {
	readonly name: string;
	readonly model: string;
	readonly serial: string;
	readonly size: number;
	readonly rotational: boolean;
}

const GiB = 2 ** 30;

/** The machine with this number (1 to 65,535): different from every other one, and the same each time. */
export function makeHardware(number: number, change: Partial<Hardware> = {}): Hardware {
	const hex = number.toString(16).padStart(4, '0');
	const macOf = (card: number) => `52:54:00:${(card + 16).toString(16)}:${hex.slice(0, 2)}:${hex.slice(2)}` as Mac;
	return {
		macs: [macOf(0), macOf(1)],
		uuid: `4c4c4544-0042-4810-8051-c4c04f33${hex}`,
		serial: `SIM${String(number).padStart(5, '0')}`,
		vendor: 'Example Systems',
		product: 'Pizza 1U',
		firmware: number % 2 === 0 ? 'uefi' : 'bios',
		cores: 8,
		cpuModel: 'Example CPU E-2288 @ 3.70GHz',
		memory: 32 * GiB,
		disks: [
			{ name: 'nvme0n1', model: 'Example NVMe 960', serial: `NV${hex}A`, size: 960_197_124_096, rotational: false },
			{ name: 'sda', model: 'Example Disk 4000', serial: `WD${hex}B`, size: 4_000_787_030_016, rotational: true },
		],
		...change,
	};
}

/** What `agent.sh` posts first. */
export function reportOf(hardware: Hardware, bootMac: Mac): Record<string, unknown> {
	return {
		architecture: 'amd64',
		macs: hardware.macs,
		boot_mac: bootMac,
		uuid: hardware.uuid,
		serial: hardware.serial,
		vendor: hardware.vendor,
		product: hardware.product,
		firmware: hardware.firmware,
		secure_boot: false,
		memory: hardware.memory,
		kernel_seconds: 6.4,
	};
}

/** What the script of this name prints; those that are missing here print a line. */
export function printedBy(script: string, hardware: Hardware): string {
	switch (script) {
		case '50-maas-01-commissioning':
			return `${JSON.stringify(resourcesOf(hardware))}\n`;
		case 'maas-dmidecode':
			return dmidecodeOf(hardware);
		case 'maas-lshw':
			return lshwOf(hardware);
		case 'maas-nvme':
			return '{"Devices":[]}\n';
		case '30-maas-01-bmc-config':
			return 'No BMC found: the machine has no IPMI interface.\n';
		default:
			return `${script} on ${hardware.serial}: all is well.\n`;
	}
}

/** In the shape of LXD's resources API, as `50-maas-01-commissioning` has it. */
export function resourcesOf(hardware: Hardware): Record<string, unknown> {
	const threads = Array.from({ length: hardware.cores }, (_, core) => ({
		core,
		frequency: 3700,
		threads: [{ id: core, thread: 0, numa_node: 0, online: true }],
	}));
	const ports = hardware.macs.map((address, port) => ({
		id: `eno${port + 1}`,
		address,
		port,
		protocol: 'ethernet',
		supported_modes: ['1000baseT/Full'],
		link_detected: port === 0,
		link_speed: port === 0 ? 1000 : 0,
	}));
	return {
		api_version: '1.0',
		api_extensions: ['resources', 'resources_v2', 'api_os', 'resources_system', 'resources_usb_pci'],
		environment: {
			kernel: 'Linux',
			kernel_architecture: 'x86_64',
			os_name: 'debian',
			os_version: '12',
			server: 'metaldesk-agent',
		},
		resources: {
			cpu: {
				architecture: 'x86_64',
				sockets: [
					{ socket: 0, name: hardware.cpuModel, vendor: 'Example', frequency: 3700, frequency_turbo: 5000, cores: threads },
				],
				total: hardware.cores,
			},
			memory: {
				total: hardware.memory,
				hugepages_size: 2 ** 21,
				nodes: [{ numa_node: 0, total: hardware.memory, hugepages_total: 0 }],
			},
			gpu: { cards: [], total: 0 },
			network: {
				cards: [
					{
						driver: 'igb',
						numa_node: 0,
						firmware_version: '1.63, 0x800009fa',
						pci_address: '0000:01:00.0',
						vendor_id: '8086',
						product_id: '1521',
						vendor: 'Intel Corporation',
						product: 'I350 Gigabit Network Connection',
						ports,
					},
				],
				total: ports.length,
			},
			storage: { disks: hardware.disks.map(diskOf), total: hardware.disks.length },
			usb: { devices: [], total: 0 },
			pci: { devices: [], total: 0 },
			system: {
				uuid: hardware.uuid,
				vendor: hardware.vendor,
				product: hardware.product,
				family: 'Pizza',
				version: '1.0',
				sku: '',
				serial: hardware.serial,
				type: 'physical',
				motherboard: { vendor: hardware.vendor, product: 'Board 7', serial: `B-${hardware.serial}`, version: 'A01' },
				firmware: { vendor: 'Example BIOS', date: '05/06/2025', version: '2.7.1' },
				chassis: { vendor: hardware.vendor, serial: hardware.serial, version: '', type: 'Rack Mount Chassis' },
			},
		},
		networks: {},
	};
}

function diskOf({ name, model, serial, size, rotational }: SimulatedDisk): Record<string, unknown> {
	const nvme = name.startsWith('nvme');
	return {
		id: name,
		device_path: `/dev/${name}`,
		type: nvme ? 'nvme' : 'sata',
		device: nvme ? '259:0' : '8:0',
		device_id: `${nvme ? 'nvme' : 'ata'}-${model}_${serial}`.replace(/[ /]+/g, '_'),
		model,
		serial,
		size,
		block_size: 512,
		rpm: rotational ? 7200 : 0,
		removable: false,
		read_only: false,
		firmware_version: 'FW01',
		wwn: '',
		numa_node: 0,
		pci_address: '0000:02:00.0',
		usb_address: '',
		partitions: [],
	};
}

function dmidecodeOf(hardware: Hardware): string {
	return `# dmidecode 3.4
Handle 0x0000, DMI type 0, 26 bytes
BIOS Information
	Vendor: Example BIOS
	Version: 2.7.1
	Release Date: 05/06/2025

Handle 0x0001, DMI type 1, 27 bytes
System Information
	Manufacturer: ${hardware.vendor}
	Product Name: ${hardware.product}
	Serial Number: ${hardware.serial}
	UUID: ${hardware.uuid}
`;
}

function lshwOf(hardware: Hardware): string {
	return `<?xml version="1.0" standalone="yes" ?>
<list>
<node id="machine" claimed="true" class="system">
 <product>${hardware.product}</product>
 <vendor>${hardware.vendor}</vendor>
 <serial>${hardware.serial}</serial>
</node>
</list>
`;
}
