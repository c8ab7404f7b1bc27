import { hardwareTypes, type StoredNodeDevice } from '../../../store/nodeDevices.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { interfaceObjects } from '../network/interfaceObject.ts';
import { text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';
import { findNode } from '../rights.ts';
import { deviceObject } from './deviceObject.ts';

const DEVICE_PATH = 'nodes/{system_id}/devices/{id}/';

const filter = (what: string) => text(`Only those with this ${what}.`, { max: 255 });

export const nodeDevicesResource = resource({
	name: 'NodeDevicesHandler',
	path: 'nodes/{system_id}/devices/',
	doc: 'What hangs on the PCI and USB buses of a machine, as commissioning found it.',
	actions: {
		read: {
			doc: 'List them.',
			who: 'user',
			parameters: {
				bus: filter('bus: PCIE or USB'),
				hardware_type: filter('type: node, cpu, memory, storage, network or gpu'),
				vendor_id: filter('vendor id: 8086'),
				product_id: filter('product id: 1572'),
				vendor_name: filter('vendor'),
				product_name: filter('product'),
				commissioning_driver: filter('driver'),
			},
		},
	},
});

export const nodeDeviceResource = resource({
	name: 'NodeDeviceHandler',
	path: DEVICE_PATH,
	doc: 'One of them, by id, PCI address, or bus:device of USB.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		delete: { doc: 'Forget it; the next commissioning finds it again if it is there.', who: 'admin' },
	},
});

const busCodes = { PCIE: 1, USB: 2 } as const;
const typeNames = { node: 'Node', cpu: 'CPU', memory: 'Memory', storage: 'Storage', network: 'Network', gpu: 'GPU' } as const;

export function nodeDeviceHandlers({ store }: Parts): Implemented[] {
	/** With the disk and the network card that they are, in as many statements for all as for one. */
	const shown = (node: Node, devices: readonly StoredNodeDevice[]) => {
		const storage = store.storage.of([node.id]).get(node.id);
		const cards = interfaceObjects(store, [node.id]).get(node.id) ?? [];
		return devices.map((device) => {
			const disk = storage?.devices.find((each) => each.id === device.blockDeviceId);
			return {
				system_id: node.systemId,
				id: device.id,
				bus: busCodes[device.bus],
				bus_name: device.bus,
				hardware_type: hardwareTypes.indexOf(device.hardwareType),
				hardware_type_name: typeNames[device.hardwareType],
				vendor_id: device.vendorId,
				product_id: device.productId,
				vendor_name: device.vendorName,
				product_name: device.productName,
				commissioning_driver: device.driver,
				numa_node: device.numaNode ?? 0,
				bus_number: device.busNumber,
				device_number: device.deviceNumber,
				pci_address: device.pciAddress,
				physical_blockdevice: storage && disk ? deviceObject(storage, disk) : null,
				physical_interface: cards.find((card) => card.id === device.interfaceId) ?? null,
				resource_uri: uriOf(DEVICE_PATH, { system_id: node.systemId, id: device.id }),
			};
		});
	};
	const find = (node: Node, word: string): StoredNodeDevice => {
		const device = store.nodeDevices
			.of(node.id)
			.find((each) => [String(each.id), each.pciAddress, `${each.busNumber}:${each.deviceNumber}`].includes(word.toLowerCase()));
		if (!device) throw notFound('NodeDevice');
		return device;
	};
	return [
		on(nodeDevicesResource, {
			read({ bus, hardware_type, vendor_id, product_id, vendor_name, product_name, commissioning_driver }, { uri }) {
				const node = findNode(store, uri.system_id);
				const devices = store.nodeDevices
					.of(node.id)
					.filter(
						(device) =>
							isOneOf(bus, device.bus, busCodes[device.bus]) &&
							isOneOf(hardware_type, device.hardwareType, hardwareTypes.indexOf(device.hardwareType)) &&
							isOneOf(vendor_id, device.vendorId) &&
							isOneOf(product_id, device.productId) &&
							isOneOf(vendor_name, device.vendorName) &&
							isOneOf(product_name, device.productName) &&
							isOneOf(commissioning_driver, device.driver),
					);
				return shown(node, devices);
			},
		}),
		on(nodeDeviceResource, {
			read(_, { uri }) {
				const node = findNode(store, uri.system_id);
				return shown(node, [find(node, uri.id)])[0];
			},
			delete(_, { uri }) {
				store.nodeDevices.delete(find(findNode(store, uri.system_id), uri.id).id);
				return Reply.nothing();
			},
		}),
	];
}

/** Nothing was asked for, or this; without regard to case. */
const isOneOf = (asked: string | undefined, ...words: readonly (string | number)[]): boolean =>
	!asked || words.some((word) => String(word).toLowerCase() === asked.toLowerCase());
