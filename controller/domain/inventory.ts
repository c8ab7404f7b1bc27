import type { Mac } from './address.ts';

/** What a machine is made of, read out of its commissioning results by `flows/readInventory.ts`. */
export interface Inventory {
	readonly architecture: string | null;
	readonly cpuCount: number | null;
	readonly cpuModel: string | null;
	/** bytes */
	readonly memory: number | null;
	readonly uuid: string | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly serial: string | null;
	readonly interfaces: readonly NetworkCard[];
	readonly blockDevices: readonly BlockDevice[];
	readonly numaNodes: readonly NumaNode[];
	readonly components: readonly Component[];
	readonly devices?: readonly NodeDevice[];
}

export interface NumaNode {
	readonly index: number;
	readonly cores: readonly number[];
	/** bytes */
	readonly memory: number;
	/** pages by their size in bytes, where some are set aside */
	readonly hugepages?: readonly { readonly size: number; readonly total: number }[];
}

export interface NetworkCard {
	readonly name: string;
	readonly mac: Mac;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly driver: string | null;
	readonly firmwareVersion: string | null;
	readonly linkConnected: boolean | null;
	/** Mbit/s */
	readonly linkSpeed: number | null;
	/** Mbit/s that the card can do at best; missing where nobody has asked it */
	readonly interfaceSpeed?: number | null;
	readonly pciAddress: string | null;
	readonly numaNode: number | null;
}

export interface BlockDevice {
	readonly name: string;
	readonly idPath: string | null;
	readonly model: string | null;
	readonly serial: string | null;
	readonly size: number;
	readonly blockSize: number;
	readonly rotational: boolean;
	readonly firmwareVersion: string | null;
	readonly tags: readonly string[];
}

/** A part with firmware of its own. */
export interface Component {
	readonly kind: 'system' | 'board' | 'bios' | 'bmc' | 'network' | 'disk';
	readonly name: string;
	readonly vendor: string | null;
	readonly model: string | null;
	readonly serial: string | null;
	readonly version: string | null;
}

/** A device on a PCI or USB bus. Names are empty where nobody knows them. */
export interface NodeDevice {
	readonly bus: 'PCIE' | 'USB';
	readonly hardwareType: 'node' | 'cpu' | 'memory' | 'storage' | 'network' | 'gpu';
	/** four hexadecimal digits */
	readonly vendorId: string;
	readonly productId: string;
	readonly vendorName: string;
	readonly productName: string;
	/** the kernel's, while it was commissioned */
	readonly driver: string;
	readonly busNumber: number;
	readonly deviceNumber: number;
	/** of PCI devices */
	readonly pciAddress: string | null;
	readonly numaNode: number | null;
	/** names of what it is for the system */
	readonly disk: string | null;
	readonly interface: string | null;
}
