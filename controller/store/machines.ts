import type { Selectable, Updateable } from 'kysely';
import type { Mac } from '../domain/address.ts';
import type { Status } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import { among } from './among.ts';
import type { Database } from './database.ts';
import { defaultDomain } from './names/domains.ts';
import type { NodeRow } from './tables.ts';

/** Everything of a machine that may change, except its status: that is `flows/advance.ts`'s alone (`writeStatus`). */
export type MachineChange = Partial<
	Omit<Machine, 'id' | 'systemId' | 'status' | 'statusAt' | 'statusText' | 'previousStatus' | 'deadlineAt'>
> & {
	userData?: Uint8Array | null;
};

export interface MachineStore {
	all(): Machine[];
	byId(id: number): Machine | undefined;
	bySystemId(systemId: string): Machine | undefined;
	/** Of any of its interfaces. */
	byMac(mac: Mac): Machine | undefined;
	byUuid(uuid: string): Machine | undefined;
	byBmc(bmcId: number): Machine[];
	inStatus(statuses: readonly Status[]): Machine[];
	pastDeadline(now: string): Machine[];
	/** In the order of their creation. */
	among(ids: Iterable<number>): Machine[];
	bySystemIds(systemIds: readonly string[]): Machine[];
	/** A new row, in status New unless it is said to be deployed already; the caller has checked the host name. */
	insert(machine: { systemId: string; hostname: string; at: string; status?: 'new' | 'deployed' }): Machine;
	update(id: number, change: MachineChange): void;
	/** For `flows/advance.ts` only. */
	writeStatus(
		id: number,
		row: { status: Status; at: string; text: string | null; previousStatus: Status | null; deadlineAt: string | null },
	): void;
	writeDeadline(id: number, deadlineAt: string | null): void;
	userData(id: number): Uint8Array | null;
	delete(id: number): void;
	hostnameTaken(hostname: string): boolean;
	/** Calls back after the commit of each change, with the machine's id. */
	subscribe(listener: (id: number) => void): () => void;
	/** Tells the subscribers that something shown with this machine has changed (inventory, lease, result). */
	touched(id: number): void;
}

export function createMachineStore(db: Database): MachineStore {
	const listeners = new Set<(id: number) => void>();
	const all = () => db.sql.selectFrom('node').selectAll().where('kind', '=', 'machine').orderBy('id');
	const one = (row: Selectable<NodeRow> | undefined) => row && fromRow(row);
	const touched = (id: number) =>
		db.afterCommit(() => {
			for (const listener of listeners) listener(id);
		});
	const write = (id: number, values: Updateable<NodeRow>) => {
		if (Object.keys(values).length === 0) return;
		db.run(db.sql.updateTable('node').set(values).where('id', '=', id));
		touched(id);
	};
	return {
		all: () => db.all(all()).map(fromRow),
		byId: (id) => one(db.first(all().where('id', '=', id))),
		bySystemId: (systemId) => one(db.first(all().where('system_id', '=', systemId))),
		byMac: (mac) =>
			one(db.first(all().where('id', '=', db.sql.selectFrom('interface').select('node_id').where('mac', '=', mac)))) ??
			one(db.first(all().where('boot_mac', '=', mac))),
		byUuid: (uuid) => one(db.first(all().where('uuid', '=', uuid))),
		byBmc: (bmcId) => db.all(all().where('bmc_id', '=', bmcId)).map(fromRow),
		inStatus: (statuses) => db.all(all().where('status', 'in', statuses)).map(fromRow),
		pastDeadline: (now) => db.all(all().where('deadline_at', '<=', now)).map(fromRow),
		bySystemIds: (systemIds) => db.all(all().where('system_id', 'in', among(systemIds))).map(fromRow),
		among: (ids) => db.all(all().where('id', 'in', among(ids))).map(fromRow),
		insert({ systemId, hostname, at, status = 'new' }) {
			const { id } = db.run(
				db.sql.insertInto('node').values({
					system_id: systemId,
					kind: 'machine',
					hostname,
					status,
					status_at: at,
					zone_id: 1,
					pool_id: 0,
					domain_id: defaultDomain(db),
					locked: 0,
					power_state: 'unknown',
					erase: 'none',
					netboot: 1,
					created_at: at,
				} as never),
			);
			touched(id);
			return one(db.first(all().where('id', '=', id))) as Machine;
		},
		update: (id, change) => write(id, toRow(change)),
		writeStatus: (id, row) =>
			write(id, {
				status: row.status,
				status_at: row.at,
				status_text: row.text,
				previous_status: row.previousStatus,
				deadline_at: row.deadlineAt,
			}),
		writeDeadline: (id, deadlineAt) => {
			db.run(db.sql.updateTable('node').set({ deadline_at: deadlineAt }).where('id', '=', id));
		},
		userData: (id) => db.first(db.sql.selectFrom('node').select('user_data').where('id', '=', id))?.user_data ?? null,
		delete(id) {
			db.run(db.sql.deleteFrom('node').where('id', '=', id));
			touched(id);
		},
		hostnameTaken: (hostname) => db.first(db.sql.selectFrom('node').select('id').where('hostname', '=', hostname)) !== undefined,
		subscribe(listener) {
			listeners.add(listener);
			return () => listeners.delete(listener);
		},
		touched,
	};
}

function fromRow(row: Selectable<NodeRow>): Machine {
	return {
		id: row.id,
		systemId: row.system_id,
		hostname: row.hostname,
		status: row.status,
		statusAt: row.status_at,
		statusText: row.status_text,
		previousStatus: row.previous_status,
		deadlineAt: row.deadline_at,
		ownerId: row.owner_id,
		zoneId: row.zone_id,
		poolId: row.pool_id,
		locked: row.locked === 1,
		bmcId: row.bmc_id,
		power: {
			state: row.power_state,
			provenAt: row.power_proven_at,
			problem: row.power_problem === null ? null : JSON.parse(row.power_problem),
		},
		architecture: row.architecture,
		firmware: row.firmware,
		secureBoot: row.secure_boot === null ? null : row.secure_boot === 1,
		bootMac: row.boot_mac as Mac | null,
		uuid: row.uuid,
		vendor: row.vendor,
		product: row.product,
		serial: row.serial,
		cpuCount: row.cpu_count,
		cpuModel: row.cpu_model,
		memory: row.memory,
		inventoryAt: row.inventory_at,
		imageId: row.image_id,
		erase: row.erase,
		netboot: row.netboot === 1,
		description: row.description,
		domainId: row.domain_id ?? 0,
		agentName: row.agent_name,
		ownerData: JSON.parse(row.owner_data),
		hardwareInfo: JSON.parse(row.hardware_info),
		cpuSpeed: row.cpu_speed,
		swapSize: row.swap_size,
		minHweKernel: row.min_hwe_kernel,
		hweKernel: row.hwe_kernel,
		errorDescription: row.error_description,
		reservation: { note: row.reservation_note, until: row.reservation_until },
		bootDiskId: row.boot_disk_id,
		addressTtl: row.address_ttl,
		isDpu: row.is_dpu === 1,
		disableIpv4: row.disable_ipv4 === 1,
		ephemeralDeploy: row.ephemeral_deploy === 1,
		enableHwSync: row.enable_hw_sync === 1,
		enableKernelCrashDump: row.enable_kernel_crash_dump === 1,
	};
}

const bit = (value: boolean | null) => (value === null ? null : value ? 1 : 0);

function toRow(change: MachineChange): Updateable<NodeRow> {
	const row: Updateable<NodeRow> = {};
	if (change.hostname !== undefined) row.hostname = change.hostname;
	if (change.ownerId !== undefined) row.owner_id = change.ownerId;
	if (change.zoneId !== undefined) row.zone_id = change.zoneId;
	if (change.poolId !== undefined) row.pool_id = change.poolId;
	if (change.locked !== undefined) row.locked = change.locked ? 1 : 0;
	if (change.bmcId !== undefined) row.bmc_id = change.bmcId;
	if (change.power !== undefined) {
		row.power_state = change.power.state;
		row.power_proven_at = change.power.provenAt;
		row.power_problem = change.power.problem === null ? null : JSON.stringify(change.power.problem);
	}
	if (change.architecture !== undefined) row.architecture = change.architecture;
	if (change.firmware !== undefined) row.firmware = change.firmware;
	if (change.secureBoot !== undefined) row.secure_boot = bit(change.secureBoot);
	if (change.bootMac !== undefined) row.boot_mac = change.bootMac;
	if (change.uuid !== undefined) row.uuid = change.uuid;
	if (change.vendor !== undefined) row.vendor = change.vendor;
	if (change.product !== undefined) row.product = change.product;
	if (change.serial !== undefined) row.serial = change.serial;
	if (change.cpuCount !== undefined) row.cpu_count = change.cpuCount;
	if (change.cpuModel !== undefined) row.cpu_model = change.cpuModel;
	if (change.memory !== undefined) row.memory = change.memory;
	if (change.inventoryAt !== undefined) row.inventory_at = change.inventoryAt;
	if (change.imageId !== undefined) row.image_id = change.imageId;
	if (change.erase !== undefined) row.erase = change.erase;
	if (change.netboot !== undefined) row.netboot = change.netboot ? 1 : 0;
	if (change.description !== undefined) row.description = change.description;
	if (change.domainId !== undefined) row.domain_id = change.domainId;
	if (change.agentName !== undefined) row.agent_name = change.agentName;
	if (change.ownerData !== undefined) row.owner_data = JSON.stringify(change.ownerData);
	if (change.hardwareInfo !== undefined) row.hardware_info = JSON.stringify(change.hardwareInfo);
	if (change.cpuSpeed !== undefined) row.cpu_speed = change.cpuSpeed;
	if (change.swapSize !== undefined) row.swap_size = change.swapSize;
	if (change.minHweKernel !== undefined) row.min_hwe_kernel = change.minHweKernel;
	if (change.hweKernel !== undefined) row.hwe_kernel = change.hweKernel;
	if (change.errorDescription !== undefined) row.error_description = change.errorDescription;
	if (change.reservation !== undefined) {
		row.reservation_note = change.reservation.note;
		row.reservation_until = change.reservation.until;
	}
	if (change.bootDiskId !== undefined) row.boot_disk_id = change.bootDiskId;
	if (change.addressTtl !== undefined) row.address_ttl = change.addressTtl;
	if (change.isDpu !== undefined) row.is_dpu = change.isDpu ? 1 : 0;
	if (change.disableIpv4 !== undefined) row.disable_ipv4 = change.disableIpv4 ? 1 : 0;
	if (change.ephemeralDeploy !== undefined) row.ephemeral_deploy = change.ephemeralDeploy ? 1 : 0;
	if (change.enableHwSync !== undefined) row.enable_hw_sync = change.enableHwSync ? 1 : 0;
	if (change.enableKernelCrashDump !== undefined) row.enable_kernel_crash_dump = change.enableKernelCrashDump ? 1 : 0;
	if (change.userData !== undefined) row.user_data = change.userData;
	return row;
}
