import type { NumaNode } from '../../../domain/inventory.ts';
import { lifecycle, type Status, statusCode } from '../../../domain/lifecycle.ts';
import type { Machine } from '../../../domain/machine.ts';
import type { Event } from '../../../store/events.ts';
import type { Parts } from '../../parts.ts';
import { cardRows, defaultGateways } from '../network/interfaceObject.ts';
import { poolObject } from '../places/pools.ts';
import { storageObjects } from '../storage/storageObjects.ts';
import { nodeCommons } from './nodeObject.ts';
import { resultSummaries } from './results/resultSummaries.ts';

/** The whole machine object of facts §2.5, for any list of machines with the same number of statements. */
export function machineObjects(parts: Pick<Parts, 'store' | 'jobScripts'>, machines: readonly Machine[]) {
	const { store } = parts;
	const ids = machines.map(({ id }) => id);
	const rows = cardRows(store, ids);
	const commons = nodeCommons(store, 'machine', machines, rows);
	const pools = new Map(store.pools.all().map((pool) => [pool.id, poolObject(pool)]));
	const bmcs = store.bmcs.among(machines.flatMap(({ bmcId }) => bmcId ?? []));
	const systems = store.bootResources.systemsOfImages();
	const storage = storageObjects(store, ids);
	const gateways = defaultGateways(store, ids, rows);
	const numa = store.inventory.numaNodesOf(ids);
	const changes = store.events.latestStatus(ids);
	const steps = store.events.latestOfRunningBoots(ids);
	const summaries = resultSummaries(parts, ids);

	return machines.flatMap((machine) => {
		const common = commons.get(machine.id);
		const disks = storage.get(machine.id);
		// deleted while a long list is being sent
		if (!common || !disks) return [];
		const system = machine.imageId === null ? undefined : systems.get(machine.imageId);
		const change = changes.get(machine.id);
		return {
			...common,
			...hardwareOf(machine, numa.get(machine.id) ?? []),
			...summaries(machine.id),
			...disks,
			pool: pools.get(machine.poolId) ?? null,
			parent: null,
			locked: machine.locked,
			status: statusCode(machine.status),
			status_name: lifecycle[machine.status].name,
			status_action: (lifecycle[machine.status].patience !== null && steps.get(machine.id)?.text) || '',
			status_message: change ? sentenceOf(change) : null,
			error_description: machine.errorDescription,
			netboot: machine.netboot,
			power_type: machine.bmcId === null ? '' : (bmcs.get(machine.bmcId)?.driver ?? ''),
			power_state: machine.power.state,
			osystem: system?.osystem ?? '',
			distro_series: system?.distroSeries ?? '',
			min_hwe_kernel: machine.minHweKernel,
			hwe_kernel: machine.hweKernel,
			ephemeral_deploy: machine.ephemeralDeploy,
			enable_hw_sync: machine.enableHwSync,
			last_sync: null,
			next_sync: null,
			sync_interval: null,
			enable_kernel_crash_dump: machine.enableKernelCrashDump,
			disable_ipv4: machine.disableIpv4,
			boot_interface: common.interface_set.find((each) => each.mac_address === machine.bootMac) ?? null,
			default_gateways: gateways.get(machine.id) ?? NO_GATEWAYS,
		};
	});
}
export type MachineObject = ReturnType<typeof machineObjects>[number];

const NO_GATEWAYS = { ipv4: { gateway_ip: null, link_id: null }, ipv6: { gateway_ip: null, link_id: null } };

/** What a machine is made of; controllers show the same keys. */
export const hardwareOf = (machine: Machine, numa: readonly NumaNode[]) => ({
	// MAAS's subarchitecture says which kernel boots it; ours is the same for all
	architecture: machine.architecture === null ? '' : `${machine.architecture}/generic`,
	cpu_count: machine.cpuCount ?? 0,
	cpu_speed: machine.cpuSpeed ?? 0,
	memory: mebibytes(machine.memory),
	swap_size: machine.swapSize,
	hardware_uuid: machine.uuid,
	hardware_info: Object.fromEntries(HARDWARE_KEYS.map((key) => [key, machine.hardwareInfo[key] ?? 'Unknown'])),
	numanode_set: numa.map(({ index, memory, cores, hugepages = [] }) => ({
		index,
		memory: mebibytes(memory),
		cores,
		hugepages_set: hugepages.map(({ size, total }) => ({ page_size: size, total })),
	})),
	bios_boot_method: machine.firmware === null ? null : machine.firmware === 'uefi' ? 'uefi' : 'pxe',
	is_dpu: machine.isDpu,
});

const HARDWARE_KEYS = [
	...['system_vendor', 'system_product', 'system_family', 'system_version', 'system_sku', 'system_serial'],
	...['cpu_model', 'mainboard_vendor', 'mainboard_product', 'mainboard_serial', 'mainboard_version'],
	...['mainboard_firmware_vendor', 'mainboard_firmware_date', 'mainboard_firmware_version'],
	...['chassis_vendor', 'chassis_type', 'chassis_serial', 'chassis_version'],
];

const mebibytes = (bytes: number | null) => Math.floor((bytes ?? 0) / 2 ** 20);

/** As MAAS describes a change, with the reason behind it: `From 'Ready' to 'Allocated' (to admin)`. */
function sentenceOf({ data, by, cause, text }: Event): string {
	// of a status that goes on: after a restart of the controller
	if (typeof data?.to !== 'string') return text;
	const name = (status: unknown) => lifecycle[status as Status]?.name ?? 'Unknown';
	const to = data.to === 'allocated' && by !== null ? ` (to ${by})` : '';
	return `From '${name(data.from)}' to '${name(data.to)}'${to}${cause === null ? '' : `: ${cause}`}`;
}

/** One machine, as it is now. */
export const machineObject = (parts: Pick<Parts, 'store' | 'jobScripts'>, machineId: number): MachineObject => {
	const machine = parts.store.machines.byId(machineId);
	if (!machine) throw new Error(`there is no machine ${machineId}`);
	return machineObjects(parts, [machine])[0] as MachineObject;
};
