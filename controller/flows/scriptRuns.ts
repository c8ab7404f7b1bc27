import { isForHardware } from '../domain/forHardware.ts';
import type { Machine } from '../domain/machine.ts';
import { type ProgramCall, type Script, shellQuote, withCalls } from '../domain/script.ts';
import { type Devices, type ResolvedParameter, readDefinitions, resolveParameters } from '../domain/scriptParameters.ts';
import type { ScriptParameters, ScriptResult } from '../store/results.ts';
import type { Store } from '../store/store.ts';

/** Whether a script for certain hardware is for this machine, as far as the machine is known; one that names none is for all. */
export function isForMachine(store: Store, { forHardware = [] }: Script, machine: Machine | undefined): boolean {
	if (forHardware.length === 0) return true;
	if (!machine) return false;
	const aliases = store.results.latest(machine.id).find(({ name }) => name === 'maas-list-modaliases');
	return isForHardware(forHardware, {
		info: machine.hardwareInfo,
		devices: new Set(
			store.nodeDevices
				.of(machine.id)
				.map(({ bus, vendorId, productId }) => `${bus === 'USB' ? 'usb' : 'pci'}:${vendorId}:${productId}`.toLowerCase()),
		),
		modaliases: aliases
			? Buffer.from(store.results.files(aliases.id).stdout ?? [])
					.toString('utf8')
					.split('\n')
			: [],
	});
}

/**
 * With which parameters a script runs on a machine, one set for each result. Before the machine's devices are known (`null`) a script
 * for disks has one result; its devices are filled in when the machine fetches it, and by then the inventory is there.
 * Throws Refusal `bad-input` with field `<script>_<parameter>`.
 */
export function parametersOfRuns(
	store: Store,
	script: Script,
	sent: ReadonlyMap<string, string>,
	machine: Machine | null,
): ScriptParameters[] {
	const definitions = readDefinitions(script.parameters ?? {});
	if (definitions.size === 0) return [{}];
	const runs = resolveParameters(script.name, definitions, sent, machine && devicesOf(store, machine));
	// a machine without such a device still has a result, which says so
	return runs.length > 0 ? runs : resolveParameters(script.name, definitions, sent, null);
}

/** The program as this result's machine runs it, with its parameters on its command line. */
export function programWithParameters(
	store: Store,
	script: Script,
	content: string,
	result: Pick<ScriptResult, 'parameters'>,
	machine: Machine,
): string {
	const definitions = readDefinitions(script.parameters ?? {});
	if (definitions.size === 0) return content;
	const isOpen = Object.values(result.parameters).some(
		({ type, argument }) => (type === 'storage' || type === 'interface') && argument === '',
	);
	const chosen = new Map(Object.entries(result.parameters).map(([name, { value }]) => [`${script.name}_${name}`, String(value)]));
	const runs = isOpen ? resolveParameters(script.name, definitions, chosen, devicesOf(store, machine)) : [result.parameters];
	const disks = new Map(store.inventory.blockDevices(machine.id).map((disk) => [disk.name, disk.serial]));
	return withCalls(
		content,
		runs.map((run) => callOf(Object.values(run as Record<string, ResolvedParameter>), disks)),
	);
}

/** Kernel names may change from boot to boot: a disk with a serial number is looked for by that (`find_disk` in agent/disk.sh). */
function callOf(parameters: readonly ResolvedParameter[], disks: ReadonlyMap<string, string | null>): ProgramCall {
	const before: string[] = [];
	const words = parameters
		.filter(({ argument }) => argument !== '')
		.map(({ type, value, argument }, at) => {
			const serial = type === 'storage' ? disks.get(value) : null;
			if (!serial || !argument.includes(`/dev/${value}`)) return shellQuote(argument);
			if (before.length === 0) before.push('. /usr/lib/metaldesk/disk.sh');
			before.push(`disk${at}=/dev/$(find_disk ${shellQuote(`serial:${serial}`)}) || exit 1`);
			return shellQuote(argument).replaceAll(`/dev/${value}`, `'"$disk${at}"'`);
		});
	return { before, words };
}

function devicesOf(store: Store, machine: Machine): Devices {
	const text = (words: Readonly<Record<string, string | null>>) =>
		Object.fromEntries(Object.entries(words).map(([name, word]) => [name, word ?? '']));
	return {
		storage: store.inventory.blockDevices(machine.id).map(({ id, name, model, serial, idPath, tags }) => ({
			...{ id, tags },
			words: text({ name, path: `/dev/${name}`, model, serial, id_path: idPath }),
		})),
		interface: store.inventory.interfaces(machine.id).map(({ id, name, mac, vendor, product }) => ({
			...{ id, tags: [] },
			words: text({ name, mac_address: mac, vendor, product }),
		})),
	};
}
