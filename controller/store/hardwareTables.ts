import type { Generated } from 'kysely';

type Flag = Generated<number>;

/** What nodes are made of and how their disks are laid out. Sizes in bytes, speeds in Mbit/s, lists and objects JSON text. */
export interface HardwareTables {
	interface: {
		id: Generated<number>;
		node_id: number;
		type: Generated<'physical' | 'bond' | 'bridge' | 'vlan'>;
		name: string;
		mac: string | null;
		/** `null`: disconnected */
		vlan_id: number | null;
		enabled: Flag;
		tags: Generated<string>;
		/** bond_*, bridge_*, mtu, accept_ra */
		params: Generated<string>;
		vendor: string | null;
		product: string | null;
		driver: string | null;
		firmware_version: string | null;
		link_connected: number | null;
		/** of the cable now; `interface_speed`: what the card can do */
		link_speed: number | null;
		interface_speed: number | null;
		pci_address: string | null;
		numa_node: number | null;
		sriov_max_vf: Generated<number>;
		/** made for one deployment, goes with its release */
		acquired: Flag;
	};
	interface_parent: { interface_id: number; parent_id: number };
	block_device: {
		id: Generated<number>;
		node_id: number;
		type: Generated<'physical' | 'virtual'>;
		name: string;
		id_path: string | null;
		model: string | null;
		serial: string | null;
		size: number;
		block_size: number;
		rotational: number;
		firmware_version: string | null;
		tags: string;
		/** of virtual ones */
		uuid: string | null;
		partition_table: 'GPT' | 'MBR' | null;
		/** a virtual device belongs to its volume group, RAID or bcache */
		group_id: number | null;
		numa_node: number | null;
	};
	partition: {
		id: Generated<number>;
		block_device_id: number;
		number: number;
		uuid: string;
		size: number;
		bootable: Flag;
		tags: Generated<string>;
	};
	/** On a block device or on a partition, or a member of a group or cache set (fstype lvm-pv, raid, raid-spare, bcache-…). */
	filesystem: {
		id: Generated<number>;
		node_id: number;
		block_device_id: number | null;
		partition_id: number | null;
		group_id: number | null;
		cache_set_id: number | null;
		fstype: string;
		uuid: string;
		label: string | null;
		mount_point: string | null;
		mount_options: string | null;
		/** 1: copied at allocation, gone with the release */
		acquired: Flag;
	};
	filesystem_group: {
		id: Generated<number>;
		node_id: number;
		kind: 'volume-group' | 'raid' | 'bcache' | 'vmfs-datastore';
		name: string;
		uuid: string;
		/** raid-0 … raid-10 */
		level: string | null;
		cache_mode: string | null;
		cache_set_id: number | null;
	};
	cache_set: { id: Generated<number>; node_id: number; name: string };
	numa_node: { node_id: number; idx: number; cores: string; memory: number; hugepages: Generated<string> };
	/** PCI and USB devices. */
	node_device: {
		id: Generated<number>;
		node_id: number;
		/** 1 PCIE, 2 USB */
		bus: number;
		/** 0 node, 1 cpu, 2 memory, 3 storage, 4 network, 5 gpu */
		hardware_type: number;
		vendor_id: string;
		product_id: string;
		vendor_name: string;
		product_name: string;
		commissioning_driver: string;
		bus_number: number;
		device_number: number;
		pci_address: string | null;
		numa_node: number | null;
		block_device_id: number | null;
		interface_id: number | null;
	};
	component: {
		node_id: number;
		kind: string;
		name: string;
		vendor: string | null;
		model: string | null;
		serial: string | null;
		version: string | null;
		proven_at: string;
	};
}
