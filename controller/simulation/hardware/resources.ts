import type { Hardware, SimulatedCard, SimulatedDisk } from './hardware.ts';
import { diskAddress, pciDevicesOf } from './pciDevices.ts';

/** What `50-maas-01-commissioning` prints: the machine in the shape of LXD's resources API, version 1.0. */
export function resourcesOf(hardware: Hardware): Record<string, unknown> {
	const { processor, sockets, memory, vendor, serial, product } = hardware;
	const ports = hardware.cards.reduce((sum, card) => sum + card.ports.length, 0);
	const pci = pciDevicesOf(hardware);
	return {
		api_version: '1.0',
		api_extensions: ['resources', 'resources_v2', 'api_os', 'resources_system', 'resources_usb_pci'],
		environment: {
			kernel: 'Linux',
			kernel_architecture: 'x86_64',
			kernel_version: '6.1.0-18-amd64',
			os_name: 'debian',
			os_version: '12',
			server: 'metaldesk-agent',
			server_version: '1',
		},
		resources: {
			cpu: {
				architecture: 'x86_64',
				sockets: Array.from({ length: sockets }, (_, socket) => socketOf(hardware, socket)),
				total: sockets * processor.cores * processor.threadsPerCore,
			},
			memory: {
				total: memory,
				hugepages_size: 2 ** 21,
				nodes: Array.from({ length: sockets }, (_, node) => ({ numa_node: node, total: memory / sockets, hugepages_total: 0 })),
			},
			gpu: { cards: [], total: 0 },
			network: { cards: hardware.cards.map(cardOf), total: ports },
			storage: { disks: hardware.disks.map(diskOf), total: hardware.disks.length },
			usb: { devices: [], total: 0 },
			pci: { devices: pci, total: pci.length },
			system: {
				...{
					uuid: hardware.uuid,
					vendor,
					product,
					family: hardware.family,
					version: '',
					sku: hardware.sku,
					serial,
					type: 'physical',
				},
				motherboard: { vendor, product: hardware.board.product, serial: hardware.board.serial, version: 'A01' },
				firmware: hardware.bios,
				chassis: { vendor, serial, version: '', type: 'Rack Mount Chassis' },
			},
		},
		networks: {},
	};
}

/** Threads are numbered as Linux does: first one of each core over all sockets, then the second ones. */
function socketOf({ processor, sockets }: Hardware, socket: number): Record<string, unknown> {
	const { name, vendor, cores, threadsPerCore, frequency, turbo } = processor;
	return {
		...{ socket, name, vendor, frequency, frequency_minimum: 800, frequency_turbo: turbo },
		cores: Array.from({ length: cores }, (_, core) => ({
			core,
			frequency,
			threads: Array.from({ length: threadsPerCore }, (_, thread) => ({
				...{ id: (thread * sockets + socket) * cores + core, thread, numa_node: socket, online: true },
			})),
		})),
	};
}

function cardOf(card: SimulatedCard): Record<string, unknown> {
	return {
		driver: card.driver,
		numa_node: card.numaNode,
		firmware_version: card.firmware,
		pci_address: card.pciAddress,
		vendor_id: card.vendorId,
		product_id: card.productId,
		vendor: card.vendor,
		product: card.product,
		ports: card.ports.map(({ name, mac, link }, port) => ({
			...{ id: name, address: mac, port, protocol: 'ethernet', supported_modes: [card.mode] },
			...{ link_detected: link, link_speed: link ? card.speed : 0 },
		})),
	};
}

function diskOf(disk: SimulatedDisk, at: number): Record<string, unknown> {
	const { name, type, model, serial } = disk;
	return {
		id: name,
		device_path: `/dev/${name}`,
		type,
		device: type === 'nvme' ? `259:${at}` : `8:${at * 16}`,
		// SAS drives have no name of their kind in /dev/disk/by-id but the one of their World Wide Name
		device_id:
			type === 'scsi'
				? disk.wwn.replace('naa.', 'wwn-0x')
				: `${type === 'nvme' ? 'nvme' : 'ata'}-${model}_${serial}`.replace(/[ /]+/g, '_'),
		...{ model, serial, size: disk.size, block_size: 512, rpm: disk.rpm, removable: false, read_only: false },
		...{ firmware_version: disk.firmware, wwn: disk.wwn, numa_node: 0, usb_address: '', partitions: [] },
		pci_address: diskAddress(disk, at),
	};
}
