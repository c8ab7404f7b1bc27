import type { Hardware, SimulatedDisk } from './hardware.ts';

/** What hangs on the PCI bus: the network cards, and what the disks hang on. In the shape of LXD's resources API. */
export function pciDevicesOf({ cards, disks }: Hardware): Record<string, unknown>[] {
	const found = [
		...cards.map((card) => ({
			...{ pci_address: card.pciAddress, vendor_id: card.vendorId, vendor: card.vendor },
			...{ product_id: card.productId, product: card.product, driver: card.driver, numa_node: card.numaNode },
		})),
		...disks.map((disk, at) => ({ pci_address: diskAddress(disk, at), ...controllerOf(disk), numa_node: 0 })),
	];
	// one controller serves many disks
	return [...new Map(found.map((device) => [device.pci_address, device])).values()];
}

/** An NVMe drive is a PCI device itself. `at`: among the machine's disks. */
export const diskAddress = ({ type }: SimulatedDisk, at: number): string =>
	type === 'nvme' ? `0000:${(0x65 + at).toString(16)}:00.0` : type === 'scsi' ? '0000:af:00.0' : '0000:00:17.0';

function controllerOf({ type, model }: SimulatedDisk) {
	if (type === 'scsi')
		return {
			...{ vendor_id: '1000', vendor: 'Broadcom / LSI', product_id: '0097', driver: 'mpt3sas' },
			product: 'SAS3008 PCI-Express Fusion-MPT SAS-3',
		};
	if (type === 'sata')
		return {
			...{ vendor_id: '8086', vendor: 'Intel Corporation', product_id: 'a182', driver: 'ahci' },
			product: 'C620 Series Chipset Family SATA Controller [AHCI mode]',
		};
	const [vendor_id, vendor, product_id] = /^INTEL/i.test(model)
		? ['8086', 'Intel Corporation', '0b60']
		: /^Micron/i.test(model)
			? ['1344', 'Micron Technology Inc', '51c0']
			: ['144d', 'Samsung Electronics Co Ltd', 'a80a'];
	return { vendor_id, vendor, product_id, product: 'NVMe SSD Controller', driver: 'nvme' };
}
