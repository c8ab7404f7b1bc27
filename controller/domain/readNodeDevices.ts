import { cleanInteger, cleanText } from './clean.ts';
import type { NodeDevice } from './inventory.ts';
import { asList, asObject, type JsonObject } from './jsonFields.ts';
import { readPciAddress } from './pciAddress.ts';

/** A four-socket server with every slot filled has some 600. */
const MAX_DEVICES = 4096;

/**
 * PCI and USB devices, by the addresses of their buses told to be a disk, a network card or a GPU. `resources` is LXD's object of that
 * name; what has no vendor and product id is left out.
 */
export function readNodeDevices(resources: JsonObject, warn: (text: string) => void): NodeDevice[] {
	const roles = rolesByAddress(resources);
	const pci = asList(asObject(resources.pci).devices).map((device) => pciDevice(asObject(device), roles));
	const usb = asList(asObject(resources.usb).devices).map((device) => usbDevice(asObject(device), roles));
	const found = [...pci, ...usb].filter((device) => device !== null);
	if (found.length > MAX_DEVICES) warn(`The machine reports ${found.length} devices; the first ${MAX_DEVICES} were taken.`);
	return found.slice(0, MAX_DEVICES);
}

type Role = Pick<NodeDevice, 'hardwareType' | 'disk' | 'interface'>;
const noRole: Role = { hardwareType: 'node', disk: null, interface: null };

/** By PCI address, or `bus:device` of USB. A controller of many disks is shown with its first. */
function rolesByAddress(resources: JsonObject): Map<string, Role> {
	const roles = new Map<string, Role>();
	const add = (part: JsonObject, role: Role) => {
		for (const address of [readPciAddress(part.pci_address), cleanText(part.usb_address)])
			if (address !== null && !roles.has(address)) roles.set(address, role);
	};
	for (const disk of asList(asObject(resources.storage).disks).map(asObject))
		add(disk, { ...noRole, hardwareType: 'storage', disk: cleanText(disk.id) });
	for (const card of asList(asObject(resources.network).cards).map(asObject))
		add(card, { ...noRole, hardwareType: 'network', interface: cleanText(asObject(asList(card.ports)[0]).id) });
	for (const card of asList(asObject(resources.gpu).cards).map(asObject)) add(card, { ...noRole, hardwareType: 'gpu' });
	return roles;
}

function pciDevice(device: JsonObject, roles: ReadonlyMap<string, Role>): NodeDevice | null {
	const address = readPciAddress(device.pci_address);
	const named = naming(device);
	if (address === null || named === null) return null;
	const [, bus = '0', slot = '0'] = address.split(':');
	return {
		bus: 'PCIE',
		...named,
		busNumber: Number.parseInt(bus, 16),
		deviceNumber: Number.parseInt(slot, 16),
		pciAddress: address,
		...(roles.get(address) ?? noRole),
	};
}

function usbDevice(device: JsonObject, roles: ReadonlyMap<string, Role>): NodeDevice | null {
	const busNumber = cleanInteger(device.bus_address, 0, 255);
	const deviceNumber = cleanInteger(device.device_address, 0, 255);
	const named = naming(device);
	if (busNumber === null || deviceNumber === null || named === null) return null;
	return {
		bus: 'USB',
		...named,
		busNumber,
		deviceNumber,
		pciAddress: null,
		...(roles.get(`${busNumber}:${deviceNumber}`) ?? noRole),
	};
}

function naming(device: JsonObject) {
	const [vendorId, productId] = [hexId(device.vendor_id), hexId(device.product_id)];
	if (vendorId === null || productId === null) return null;
	// LXD has the drivers of USB devices by interface
	const [first] = asList(device.interfaces).map(asObject);
	return {
		vendorId,
		productId,
		vendorName: cleanText(device.vendor) ?? '',
		productName: cleanText(device.product) ?? '',
		driver: cleanText(device.driver, 64) ?? cleanText(first?.driver, 64) ?? '',
		numaNode: cleanInteger(device.numa_node, 0, 1023),
	};
}

/** Four hexadecimal digits, as `8086`. */
function hexId(value: unknown): string | null {
	const digits = typeof value === 'string' ? /^(?:0x)?([0-9a-f]{4})$/i.exec(value)?.[1] : undefined;
	return digits?.toLowerCase() ?? null;
}
