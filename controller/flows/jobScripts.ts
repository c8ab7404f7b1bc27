import type { Ipv4 } from '../domain/address.ts';
import { Refusal } from '../domain/errors.ts';
import type { BootPurpose } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import { type Script, withParameters } from '../domain/script.ts';
import type { ResultKind, ScriptResult } from '../store/results.ts';
import type { Store } from '../store/store.ts';

/** The controller as the machine reached it. */
export interface AgentServer {
	readonly address: Ipv4;
	readonly httpPort: number;
}

/** Which scripts a machine runs for what, and what they are told. */
export interface JobScripts {
	/** In the order to run: builtin ones in the order of their list, then an operator's own by name; tests after the inventory. */
	select(purpose: BootPurpose): { name: string; kind: ResultKind }[];
	/** The script's time limit; 0: none. */
	seconds(result: ScriptResult): number;
	/** The program as the machine gets it. */
	text(result: ScriptResult, machine: Machine, server: AgentServer): string;
	all(): (Script & { builtin: boolean })[];
}

/** The tag by which MAAS picks the tests that run after a commissioning. */
const COMMISSIONING_TESTS = 'commissioning';

export function createJobScripts(store: Store, builtin: readonly Script[]): JobScripts {
	const own = (): Script[] =>
		store.scripts.all().map(({ timeoutMs, ...script }) => ({ ...script, timeoutSeconds: Math.ceil(timeoutMs / 1000) }));
	const find = (name: string): Script | undefined =>
		builtin.find((script) => script.name === name) ?? own().find((script) => script.name === name);
	const ofKind = (scripts: readonly Script[], kind: Script['kind']) => scripts.filter((script) => script.kind === kind);
	const as = (kind: ResultKind) => (script: Script) => ({ name: script.name, kind });

	return {
		select(purpose) {
			const everything = [...builtin, ...own()];
			const tests = ofKind(everything, 'testing').filter((script) => script.tags.includes(COMMISSIONING_TESTS));
			switch (purpose) {
				case 'enlist':
					return ofKind(builtin, 'commissioning').map(as('enlist'));
				case 'commission':
					return [...ofKind(everything, 'commissioning').map(as('commissioning')), ...tests.map(as('testing'))];
				case 'test':
					return tests.map(as('testing'));
				case 'deploy':
					return ofKind(builtin, 'deployment').map(as('deployment'));
				case 'erase':
					return ofKind(builtin, 'release').map(as('release'));
				default:
					throw new Error(`no scripts are run for ${purpose}`);
			}
		},
		seconds: (result) => find(result.name)?.timeoutSeconds ?? 0,
		text(result, machine, server) {
			const script = find(result.name);
			if (!script) throw new Refusal('not-found', `The script ${result.name} has been deleted.`);
			return withParameters(script.content, parametersOf(store, result, machine, server));
		},
		all: () => [
			...builtin.map((script) => ({ ...script, builtin: true })),
			...own().map((script) => ({ ...script, builtin: false })),
		],
	};
}

function parametersOf(store: Store, result: ScriptResult, machine: Machine, server: AgentServer): Record<string, string> {
	const base = `http://${server.address}:${server.httpPort}`;
	if (result.kind === 'release') return { ERASE_MODE: machine.erase };
	if (result.kind !== 'deployment') return { METALDESK_CONFIGURE_BMC: mayConfigureBmc(store, machine) ? '1' : '0' };

	const image = machine.imageId === null ? undefined : store.images.byId(machine.imageId);
	const disk = bootDisk(store, machine.id);
	if (!image || !disk) throw new Refusal('conflict', `${machine.hostname} has no ${image ? 'disk' : 'image'} to deploy.`);
	// the keys of this deployment: made with the first script, so that a retried one gets the same
	const keys = store.metadataKeys.current(machine.id) ?? store.metadataKeys.renew(machine.id);
	return {
		IMAGE_URL: `${base}/images/${image.id}/${image.sha256}`,
		IMAGE_FORMAT: image.format,
		IMAGE_SHA256: image.sha256,
		IMAGE_SIZE: String(image.diskSize),
		DISK: disk.serial === null ? `/dev/${disk.name}` : `serial:${disk.serial}`,
		METADATA_URL: `${base}/MAAS/metadata/`,
		STATUS_URL: `${base}/MAAS/metadata/status/${machine.systemId}`,
		CONSUMER_KEY: keys.consumerKey,
		TOKEN_KEY: keys.tokenKey,
		TOKEN_SECRET: keys.tokenSecret,
		HOSTNAME: machine.hostname,
	};
}

/** A BMC is written to only when a person has allowed it, and only while the controller has no way into it. */
function mayConfigureBmc(store: Store, machine: Machine): boolean {
	return store.settings.get().configureBmcs && machine.bmcId === null;
}

/** MAAS's rule: the first disk of at least 512 MiB that stays in the machine. */
export function bootDisk(store: Store, machineId: number): { name: string; serial: string | null; size: number } | undefined {
	return store.inventory
		.blockDevices(machineId)
		.find((disk) => disk.size >= 512 * 1024 * 1024 && !disk.tags.includes('removable'));
}
