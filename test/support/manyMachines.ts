import type { Mac } from '../../controller/domain/address.ts';
import type { Inventory } from '../../controller/domain/inventory.ts';
import type { Status } from '../../controller/domain/lifecycle.ts';
import type { Machine } from '../../controller/domain/machine.ts';
import type { Store } from '../../controller/store/store.ts';

const AT = '2026-01-02T03:04:05.000Z';

/** MAAS's own performance runs have machines of this shape: 5 network cards and 6 disks (performance.md §9). */
export function inventoryOf(number: number, cards = 5, disks = 6): Inventory {
	const hex = (value: number) => value.toString(16).padStart(2, '0');
	return {
		architecture: 'amd64',
		cpuCount: 4 << (number % 5),
		cpuModel: 'Intel(R) Xeon(R) Gold 6330 CPU @ 2.00GHz',
		memory: (8 << (number % 6)) * 2 ** 30,
		uuid: null,
		vendor: 'Dell Inc.',
		product: 'PowerEdge R650',
		serial: `SN${String(number).padStart(6, '0')}`,
		interfaces: Array.from({ length: cards }, (_, at) => ({
			name: `eno${at + 1}`,
			mac: `02:${hex((number >> 16) & 255)}:${hex((number >> 8) & 255)}:${hex(number & 255)}:00:${hex(at)}` as Mac,
			vendor: 'Intel Corporation',
			product: 'Ethernet Controller X710',
			driver: 'i40e',
			firmwareVersion: '8.15',
			linkConnected: at < 2,
			linkSpeed: at < 2 ? 10000 : 0,
			pciAddress: `0000:19:00.${at}`,
			numaNode: 0,
		})),
		blockDevices: Array.from({ length: disks }, (_, at) => ({
			name: `sd${String.fromCharCode(97 + at)}`,
			idPath: `/dev/disk/by-id/wwn-0x5000c500${hex(number & 255)}${hex((number >> 8) & 255)}${hex(at)}`,
			model: at === 0 ? 'MTFDDAK480TDS' : 'ST4000NM000A',
			serial: `D${number}-${at}`,
			size: at === 0 ? 480_103_981_056 : 4_000_787_030_016,
			blockSize: 512,
			rotational: at > 0,
			firmwareVersion: 'D3MU001',
			tags: at === 0 ? ['ssd'] : ['rotary', '7200rpm'],
		})),
		numaNodes: [{ index: 0, cores: [0, 1, 2, 3], memory: 8 * 2 ** 30 }],
		components: [],
	};
}

/** A commissioned machine with hardware; in `ready` unless told otherwise. */
export function addCommissioned(store: Store, number: number, status: Status = 'ready'): Machine {
	const machine = store.machines.insert({ systemId: idOf(number), hostname: `rack-${number}`, at: AT });
	const inventory = inventoryOf(number);
	store.inventory.replace(machine.id, inventory, AT);
	const { architecture, cpuCount, cpuModel, memory, vendor, product, serial } = inventory;
	store.machines.update(machine.id, {
		architecture,
		cpuCount,
		cpuModel,
		memory,
		vendor,
		product,
		serial,
		bootMac: inventory.interfaces[0]?.mac ?? null,
		inventoryAt: AT,
		firmware: 'uefi',
		power: { state: 'off', provenAt: AT, problem: null },
	});
	store.machines.writeStatus(machine.id, { status, at: AT, text: null, previousStatus: null, deadlineAt: null });
	return store.machines.byId(machine.id) as Machine;
}

/** `count` machines, spread over zones and tags that the caller has made; one transaction. */
export function addMany(store: Store, count: number, zones: readonly number[] = [1]): Machine[] {
	return store.transaction(() =>
		Array.from({ length: count }, (_, at) => {
			const machine = addCommissioned(store, at + 1);
			const zoneId = zones[at % zones.length] ?? 1;
			if (zoneId !== machine.zoneId) store.machines.update(machine.id, { zoneId });
			return machine;
		}),
	);
}

const ALPHABET = '3468abcdefghkmnpqrstwxy7';
const idOf = (number: number) =>
	Array.from({ length: 6 }, (_, at) => ALPHABET[Math.floor(number / 24 ** (5 - at)) % 24]).join('');
