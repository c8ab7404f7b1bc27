import { cleanInteger, cleanText } from './clean.ts';
import { asList, asObject, type JsonObject } from './jsonFields.ts';

/** MAAS's hardware_info of a machine: what its firmware says of its maker, its board and its case. Unknown keys are missing. */
export interface HardwareInfo {
	readonly info: Readonly<Record<string, string>>;
	/** MHz */
	readonly cpuSpeed: number | null;
}

/** Reads the parsed output of 50-maas-01-commissioning (LXD's resources API). Nothing in there is trusted. */
export function readHardwareInfo(printed: unknown): HardwareInfo {
	const resources = asObject(asObject(printed).resources);
	const system = asObject(resources.system);
	const board = asObject(system.motherboard);
	const firmware = asObject(system.firmware);
	const chassis = asObject(system.chassis);
	const sockets = asList(asObject(resources.cpu).sockets).map(asObject);
	const found: Record<string, string | null> = {
		...texts('system', system, ['vendor', 'product', 'family', 'version', 'sku', 'serial']),
		...texts('mainboard', board, ['vendor', 'product', 'serial', 'version']),
		...texts('mainboard_firmware', firmware, ['vendor', 'version', 'date']),
		...texts('chassis', chassis, ['vendor', 'type', 'serial', 'version']),
		cpu_model: sockets.map((socket) => cleanText(socket.name)).find((name) => name !== null) ?? null,
	};
	return {
		info: Object.fromEntries(Object.entries(found).filter((entry): entry is [string, string] => entry[1] !== null)),
		cpuSpeed: cpuSpeed(sockets),
	};
}

const texts = (of: string, from: JsonObject, keys: readonly string[]) =>
	Object.fromEntries(keys.map((key) => [`${of}_${key}`, cleanText(from[key])]));

const MAX_MHZ = 100_000;

/** MAAS's order: the speed in the processor's name, else its highest turbo, else the mean of its cores. */
function cpuSpeed(sockets: readonly JsonObject[]): number | null {
	for (const { name } of sockets) {
		const [, number, unit] = /@\s*(\d{1,5}(?:\.\d{1,3})?)\s*([GM])Hz/i.exec(cleanText(name) ?? '') ?? [];
		const speed = Math.round(Number(number) * (unit?.toUpperCase() === 'G' ? 1000 : 1));
		if (speed > 0 && speed < MAX_MHZ) return speed;
	}
	const turbos = sockets.flatMap((socket) => cleanInteger(socket.frequency_turbo, 1, MAX_MHZ) ?? []);
	if (turbos.length > 0) return Math.max(...turbos);
	const cores = sockets
		.flatMap((socket) => asList(socket.cores))
		.flatMap((core) => cleanInteger(asObject(core).frequency, 1, MAX_MHZ) ?? []);
	return cores.length === 0 ? null : Math.round(cores.reduce((sum, speed) => sum + speed, 0) / cores.length);
}
