import type { Machine } from '../domain/machine.ts';
import { readHardwareInfo } from '../domain/readHardwareInfo.ts';
import { parseResources, readInventory } from '../domain/readInventory.ts';
import type { Log } from '../log.ts';
import type { PowerDrivers } from '../power/registry.ts';
import type { JobOptions, ScriptResult } from '../store/results.ts';
import type { Store } from '../store/store.ts';
import { placeInterfaces, setDefaultLinks } from './network/machineLinks.ts';
import { applyDefaultLayout } from './storageLayout.ts';
import { tagMachine } from './tagRebuild.ts';

/**
 * Turns what the commissioning scripts left into rows: inventory, power settings, and tags with a definition. Answers what was wrong in a sentence, or `null`.
 * What the scripts sent is kept as it came, so that a better reader can be run again over it.
 */
export type ReadResults = (machine: Machine, results: readonly ScriptResult[], options?: JobOptions) => string | null;

const RESOURCES = '50-maas-01-commissioning';
const BMC = '30-maas-01-bmc-config';
const BMC_RESULT_LIMIT = 64 * 1024;

export function createReadResults(store: Store, drivers: PowerDrivers, log: Log, now: () => Date): ReadResults {
	const stdout = (results: readonly ScriptResult[], name: string): string | null => {
		const result = results.find((each) => each.name === name);
		const bytes = result && store.results.files(result.id).stdout;
		return bytes ? Buffer.from(bytes).toString('utf8') : null;
	};

	const takeInventory = (machine: Machine, results: readonly ScriptResult[], options: JobOptions): string | null => {
		const text = stdout(results, RESOURCES);
		if (text === null) return `${RESOURCES} printed nothing, so there is no inventory.`;
		const resources = parseResources(text);
		if ('problem' in resources) return `${RESOURCES} printed something else than an inventory: ${resources.problem}`;
		const { inventory, warnings } = readInventory({
			resources: resources.value,
			dmidecode: stdout(results, 'maas-dmidecode'),
			lshw: stdout(results, 'maas-lshw'),
			nvme: stdout(results, 'maas-nvme'),
			bmc: bmcFacts(stdout(results, BMC) ?? ''),
		});
		const at = now().toISOString();
		const disksBefore = diskMarks(store, machine.id);
		store.inventory.replace(machine.id, inventory, at, { network: !options.skipNetwork, storage: !options.skipStorage });
		store.machines.update(machine.id, {
			cpuCount: inventory.cpuCount,
			cpuModel: inventory.cpuModel,
			memory: inventory.memory ?? machine.memory,
			vendor: inventory.vendor ?? machine.vendor,
			product: inventory.product ?? machine.product,
			serial: inventory.serial ?? machine.serial,
			uuid: inventory.uuid ?? machine.uuid,
			architecture: inventory.architecture ?? machine.architecture,
			...hardwareOf(resources.value),
			inventoryAt: at,
		});
		if (!options.skipNetwork) {
			placeInterfaces(store, machine.id, true);
			setDefaultLinks(store, machine.id);
		}
		if (!options.skipStorage)
			applyDefaultLayout(store, machine.id, { disksChanged: diskMarks(store, machine.id) !== disksBefore });
		for (const text of warnings.slice(0, 20))
			store.events.append({ nodeId: machine.id, kind: 'inventory', level: 'warning', text });
		return null;
	};

	/** The account that the agent has made on the machine's own BMC. Settings that a person made are never overwritten. */
	const takeBmc = (machine: Machine, results: readonly ScriptResult[]): void => {
		const result = results.find((each) => each.name === BMC && each.status === 'passed');
		const bytes = result && store.results.files(result.id).result;
		if (!bytes || bytes.length === 0 || machine.bmcId !== null) return;
		const settings = readBmcSettings(bytes);
		// in-band detection knows IPMI alone; a machine that names another driver is not believed
		const driver = settings?.driver === 'ipmi' ? drivers.find('ipmi') : undefined;
		if (!settings || !driver) {
			store.events.append({
				nodeId: machine.id,
				kind: 'power',
				level: 'warning',
				text: `${BMC} did not report usable power settings.`,
			});
			return;
		}
		const known = new Set(driver.fields.map((field) => field.name));
		const parameters = Object.fromEntries(Object.entries(settings.parameters).filter(([name]) => known.has(name)));
		const address = parameters.power_address ?? null;
		const bmcId = store.bmcs.insert(driver.name, address, parameters);
		store.machines.update(machine.id, { bmcId });
		store.events.append({
			nodeId: machine.id,
			kind: 'power',
			text: `Power settings found in the machine: ${driver.name} at ${address ?? 'no address'}`,
		});
		// the password is in the sealed BMC row now, and nowhere else
		if (result) store.results.setFiles(result.id, { result: Buffer.alloc(0) });
		log.info('took the power settings that a machine reported', { machine: machine.systemId, driver: driver.name });
	};

	return (machine, results, options = {}) => {
		if (!options.skipBmc) takeBmc(machine, results);
		tagMachine(store, machine.id, stdout(results, 'maas-lshw'));
		return takeInventory(machine, results, options);
	};
}

const hardwareOf = (resources: unknown) => {
	const { info, cpuSpeed } = readHardwareInfo(resources);
	return { hardwareInfo: info, cpuSpeed };
};

/** A disk that was taken out, put in or exchanged shows here. */
const diskMarks = (store: Store, machineId: number): string =>
	store.inventory
		.blockDevices(machineId)
		.map(({ id, size }) => `${id}:${size}`)
		.join(' ');

/** The lines of `ipmitool mc info` that the BMC script passes on. */
function bmcFacts(text: string): { vendor: string | undefined; version: string | undefined } | null {
	const value = (name: string) => new RegExp(`^BMC: ${name} *: *(.+)$`, 'm').exec(text)?.[1];
	const version = value('Firmware Revision');
	return version === undefined ? null : { vendor: value('Manufacturer Name'), version };
}

/** `{"power_type": …, "power_parameters": {name: text}}`; anything else is `null`. */
function readBmcSettings(bytes: Uint8Array): { driver: string; parameters: Record<string, string> } | null {
	if (bytes.length > BMC_RESULT_LIMIT) return null;
	let value: unknown;
	try {
		value = JSON.parse(Buffer.from(bytes).toString('utf8'));
	} catch {
		return null;
	}
	if (typeof value !== 'object' || value === null || !('power_type' in value) || !('power_parameters' in value)) return null;
	const { power_type: driver, power_parameters: given } = value;
	if (typeof driver !== 'string' || typeof given !== 'object' || given === null) return null;
	const texts = Object.entries(given).filter(
		(entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1].length <= 500,
	);
	return { driver, parameters: Object.fromEntries(texts) };
}
