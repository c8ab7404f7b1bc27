import type { Mac } from './address.ts';
import type { Status } from './lifecycle.ts';

/** A machine as flows and API see it. Sizes in bytes, times in ISO 8601 UTC. `id` is internal; `systemId` is MAAS's six characters. */
export interface Machine {
	readonly id: number;
	readonly systemId: string;
	readonly hostname: string;
	readonly status: Status;
	readonly statusAt: string;
	/** why it is in this status, in words */
	readonly statusText: string | null;
	readonly previousStatus: Status | null;
	readonly deadlineAt: string | null;
	readonly ownerId: number | null;
	readonly zoneId: number;
	readonly poolId: number;
	readonly locked: boolean;
	readonly bmcId: number | null;
	readonly power: Power;
	readonly architecture: string | null;
	readonly firmware: 'bios' | 'uefi' | null;
	readonly secureBoot: boolean | null;
	readonly bootMac: Mac | null;
	readonly uuid: string | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly serial: string | null;
	readonly cpuCount: number | null;
	readonly cpuModel: string | null;
	readonly memory: number | null;
	readonly inventoryAt: string | null;
	readonly imageId: number | null;
	readonly erase: EraseMode;
	/** true until its disk holds the image: then a network boot is answered with the local disk */
	readonly netboot: boolean;
	readonly description: string;
	readonly domainId: number;
	/** what the client that allocated it calls itself; Juju sends its model's UUID */
	readonly agentName: string;
	/** kept for the owner, gone with the release (MAAS's owner_data and workload_annotations) */
	readonly ownerData: Readonly<Record<string, string>>;
	/** MAAS's hardware_info: system_…, mainboard_…, chassis_…, cpu_model */
	readonly hardwareInfo: Readonly<Record<string, string>>;
	/** MHz */
	readonly cpuSpeed: number | null;
	/** bytes; `null`: by the installer's rule */
	readonly swapSize: number | null;
	readonly minHweKernel: string;
	readonly hweKernel: string | null;
	readonly errorDescription: string;
	/** of a manual reservation */
	readonly reservation: { readonly note: string | null; readonly until: string | null };
	readonly bootDiskId: number | null;
	/** of its names, in seconds; `null`: the domain's */
	readonly addressTtl: number | null;
	/** a data processing unit: a network card with a system of its own */
	readonly isDpu: boolean;
	readonly disableIpv4: boolean;
	/** runs from memory, without a disk */
	readonly ephemeralDeploy: boolean;
	readonly enableHwSync: boolean;
	readonly enableKernelCrashDump: boolean;
}

export type EraseMode = 'none' | 'quick' | 'full';

export interface Power {
	readonly state: 'on' | 'off' | 'unknown' | 'error';
	/** when the state was last read from the BMC */
	readonly provenAt: string | null;
	readonly problem: { readonly text: string; readonly nextStep: string } | null;
}

/** What the agent says about itself before it gets its job. Checked by `readReport`. */
export interface AgentReport {
	readonly architecture: string;
	readonly macs: readonly Mac[];
	readonly bootMac: Mac;
	readonly uuid: string | null;
	readonly serial: string | null;
	readonly vendor: string | null;
	readonly product: string | null;
	readonly firmware: 'bios' | 'uefi';
	readonly secureBoot: boolean;
	/** bytes */
	readonly memory: number;
	/** from the kernel's start to the report */
	readonly kernelSeconds: number;
}

/** MAAS's alphabet: digits and letters without look-alikes. */
const SYSTEM_ID_ALPHABET = '3468abcdefghkmnpqrstwxy7';

/** Six characters made of six numbers of chance in 0 … 1. */
export function makeSystemId(chance: () => number): string {
	return Array.from({ length: 6 }, () => SYSTEM_ID_ALPHABET[Math.floor(chance() * SYSTEM_ID_ALPHABET.length)]).join('');
}

/** A DNS label (RFC 1123): 1 to 63 letters, digits and inner dashes. */
export function isHostname(text: string): boolean {
	return /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(text);
}
