import type { Status } from '../lifecycle.ts';

/**
 * A node as constraints see it: one plain value, so that choosing needs no store. The lists of parts are empty when no clause of the
 * question needs them (`Clause.needs`).
 */
export interface Candidate {
	/** the store's row; candidates come in its order */
	readonly id: number;
	readonly systemId: string;
	readonly hostname: string;
	readonly domain: string;
	readonly status: Status;
	readonly locked: boolean;
	/** user name */
	readonly owner: string | null;
	readonly zone: string;
	readonly pool: string;
	/** `amd64/generic`; empty when it isn't known yet */
	readonly architecture: string;
	readonly cpuCount: number;
	/** MHz */
	readonly cpuSpeed: number;
	/** MiB */
	readonly memory: number;
	readonly agentName: string;
	readonly powerState: 'on' | 'off' | 'unknown' | 'error';
	/** its system is deployed into memory, not onto a disk */
	readonly inMemory: boolean;
	readonly tags: readonly string[];
	readonly interfaces: readonly CandidateInterface[];
	readonly disks: readonly CandidateDisk[];
	readonly devices: readonly CandidateDevice[];
}

export interface CandidateInterface {
	readonly id: number;
	readonly name: string;
	readonly type: string;
	readonly mac: string | null;
	/** Mbit/s; 0 when it isn't known */
	readonly linkSpeed: number;
	readonly tags: readonly string[];
	readonly vlan: { readonly id: number; readonly vid: number; readonly fabricId: number; readonly spaceId: number | null } | null;
	readonly links: readonly { readonly mode: string; readonly subnetId: number | null; readonly ip: string | null }[];
}

/** A physical disk, or a virtual one: a logical volume, a RAID. Sizes in bytes. */
export interface CandidateDisk {
	readonly id: number;
	readonly name: string;
	readonly size: number;
	readonly tags: readonly string[];
	readonly isBoot: boolean;
	/** the file system of `/` lies on the disk itself, not on one of its partitions */
	readonly hasRoot: boolean;
	/** carries a file system, partitions, or a part of a volume group or RAID */
	readonly used: boolean;
	readonly partitions: readonly CandidatePartition[];
}

export interface CandidatePartition {
	readonly id: number;
	readonly size: number;
	readonly tags: readonly string[];
	readonly hasRoot: boolean;
	readonly used: boolean;
}

/** A PCI or USB device. The keys are MAAS's names of constraints. */
export interface CandidateDevice {
	readonly vendor_id: string;
	readonly product_id: string;
	readonly vendor_name: string;
	readonly product_name: string;
	readonly commissioning_driver: string;
}

/** MAAS's measure: the machine with the smallest that is good enough is taken. */
export const costOf = (candidate: Candidate): number => candidate.cpuCount + candidate.memory / 1024;
