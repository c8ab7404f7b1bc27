import type { Ipv4 } from '../domain/address.ts';
import { Refusal } from '../domain/errors.ts';
import type { BootPurpose } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import { type Script, withParameters } from '../domain/script.ts';
import { bootDisk } from '../domain/storage/storage.ts';
import type { JobScript, ResultKind, ScriptResult } from '../store/results.ts';
import type { StoredScript } from '../store/scripts.ts';
import type { Store } from '../store/store.ts';
import { isForMachine, parametersOfRuns, programWithParameters } from './scriptRuns.ts';

/** The controller as the machine reached it. */
export interface AgentServer {
	readonly address: Ipv4;
	readonly httpPort: number;
}

/** Scripts that somebody has asked for, each by its name or by one of its tags; `undefined`: those that are due anyway. */
export interface ScriptChoice {
	/** beside the builtin ones, which always run */
	readonly commissioning?: readonly string[] | undefined;
	/** an empty list: none */
	readonly testing?: readonly string[] | undefined;
	/** `wipe-disks` stands for the builtin ones, and runs unless others are named */
	readonly release?: readonly string[] | undefined;
	/** what scripts are told, by `<script>_<parameter>`; names that no script knows change nothing */
	readonly parameters?: ReadonlyMap<string, string> | undefined;
}

/** Which scripts a machine runs for what, and what they are told. */
export interface JobScripts {
	/**
	 * In the order to run: builtin ones in the order of their list, then an operator's own by name; tests after the inventory.
	 * A script for each disk (or card) is there once for each of the machine's; in a commissioning, which has yet to find them, once.
	 * A script for certain hardware is there only on machines that are known to have it, unless it is named itself.
	 * Throws Refusal `bad-input` with field `commissioning_scripts`, `testing_scripts` or `scripts` for a word that is no script's, with
	 * field `<script>_<parameter>` for what a script can't be told.
	 */
	select(purpose: BootPurpose, choice?: ScriptChoice, machine?: Machine): JobScript[];
	/** The script's time limit; 0: none. */
	seconds(result: ScriptResult): number;
	/** The program as the machine gets it. */
	text(result: ScriptResult, machine: Machine, server: AgentServer): string;
	all(): (Script & { builtin: boolean })[];
}

/** The tag by which MAAS picks the tests that run after a commissioning. */
const COMMISSIONING_TESTS = 'commissioning';
/** MAAS's name for erasing. */
export const WIPE = 'wipe-disks';

const INVENTORY = '50-maas-01-commissioning';

/** An operator's script whose name is a number below the inventory's comes before it, as in MAAS: it may describe a storage layout. */
function aroundInventory(builtin: readonly Script[], own: readonly Script[]): Script[] {
	const isEarly = ({ name }: Script) => /^\d/.test(name) && name < INVENTORY;
	const at = builtin.findIndex(({ name }) => name === INVENTORY);
	return [...builtin.slice(0, at), ...own.filter(isEarly), ...builtin.slice(at), ...own.filter((script) => !isEarly(script))];
}

/** `order`: the builtin scripts that the store was given, as they run. */
export function createJobScripts(store: Store, order: readonly Pick<Script, 'name'>[]): JobScripts {
	const places = new Map(order.map(({ name }, at) => [name, at]));
	const place = ({ name }: Script) => places.get(name) ?? order.length;
	const everyScript = () => {
		const all = store.scripts.all();
		const builtin = all.filter((script) => script.builtin).map(asScript);
		const own = all.filter((script) => !script.builtin).map(asScript);
		return { builtin: builtin.sort((one, other) => place(one) - place(other)), own };
	};
	const find = (name: string): Script | undefined => {
		const script = store.scripts.byName(name);
		return script && asScript(script);
	};
	const ofKind = (scripts: readonly Script[], kind: Script['kind']) => scripts.filter((script) => script.kind === kind);

	return {
		select(purpose, choice = {}, machine) {
			const { builtin, own } = everyScript();
			const everything = [...builtin, ...own];
			const known = purpose === 'test' || purpose === 'erase' ? (machine ?? null) : null;
			const sent = choice.parameters ?? new Map<string, string>();
			const named = new Set([choice.commissioning, choice.testing, choice.release].flatMap((words) => words ?? []));
			const as = (kind: ResultKind) => (script: Script) => {
				if (!named.has(script.name) && !isForMachine(store, script, machine)) return [];
				return parametersOfRuns(store, script, sent, known).map((parameters) => ({ name: script.name, kind, parameters }));
			};
			const due = (scripts: readonly Script[]) => scripts.filter((script) => script.tags.includes(COMMISSIONING_TESTS));
			const tests = () => {
				const all = ofKind(everything, 'testing');
				return choice.testing ? chosen(all, choice.testing, 'testing_scripts') : due(all);
			};
			switch (purpose) {
				case 'enlist':
					return ofKind(builtin, 'commissioning').flatMap(as('enlist'));
				case 'commission': {
					const further = ofKind(own, 'commissioning');
					const asked = choice.commissioning ? chosen(everything, choice.commissioning, 'commissioning_scripts') : further;
					const also = further.filter((script) => asked.some(({ name }) => name === script.name));
					return [
						...aroundInventory(ofKind(builtin, 'commissioning'), also).flatMap(as('commissioning')),
						...tests().flatMap(as('testing')),
					];
				}
				case 'test': {
					const destroys = machine && isInstalled(machine) && tests().find((script) => script.destructive);
					if (destroys) throw wouldDestroy(destroys, machine);
					return tests().flatMap(as('testing'));
				}
				case 'deploy':
					return ofKind(builtin, 'deployment').flatMap(as('deployment'));
				case 'erase': {
					const words = choice.release ?? [WIPE];
					const further = words.filter((word) => word !== WIPE);
					return [
						...(words.includes(WIPE) ? ofKind(builtin, 'release') : []),
						...chosen(ofKind(own, 'release'), further, 'scripts'),
					].flatMap(as('release'));
				}
				default:
					throw new Error(`no scripts are run for ${purpose}`);
			}
		},
		seconds: (result) => find(result.name)?.timeoutSeconds ?? 0,
		text(result, machine, server) {
			const script = find(result.name);
			if (!script) throw new Refusal('not-found', `The script ${result.name} has been deleted.`);
			const content = withParameters(script.content, parametersOf(store, result, machine, server));
			return programWithParameters(store, script, content, result, machine);
		},
		all() {
			const { builtin, own } = everyScript();
			return [
				...builtin.map((script) => ({ ...script, builtin: true })),
				...own.map((script) => ({ ...script, builtin: false })),
			];
		},
	};
}

const asScript = ({ timeoutMs, ...script }: StoredScript): Script => ({
	...script,
	timeoutSeconds: Math.ceil(timeoutMs / 1000),
});

const isInstalled = (machine: Machine) => machine.imageId !== null && !machine.netboot;

const wouldDestroy = ({ name }: Script, { hostname }: Machine) =>
	new Refusal('bad-input', `${name} destroys data, and ${hostname} is deployed: release it first.`, { field: 'testing_scripts' });

/** Those that a word names, or tags. */
function chosen(scripts: readonly Script[], words: readonly string[], field: string): Script[] {
	const named = (word: string) => scripts.filter(({ name, tags }) => name === word || tags.includes(word));
	for (const word of words)
		if (named(word).length === 0)
			throw new Refusal('bad-input', `“${word.slice(0, 100)}” is neither the name nor a tag of such a script.`, { field });
	return scripts.filter((script) => words.some((word) => named(word).includes(script)));
}

function parametersOf(store: Store, result: ScriptResult, machine: Machine, server: AgentServer): Record<string, string> {
	const base = `http://${server.address}:${server.httpPort}`;
	if (result.kind === 'release') return { ERASE_MODE: machine.erase };
	if (result.kind !== 'deployment')
		return {
			METALDESK_CONFIGURE_BMC: mayConfigureBmc(store, machine) ? '1' : '0',
			METALDESK_BMC_USER: store.config.text('maas_auto_ipmi_user'),
			METALDESK_BMC_PRIVILEGE: store.config.text('maas_auto_ipmi_user_privilege_level'),
			METALDESK_BMC_CIPHER_SUITE: store.config.text('maas_auto_ipmi_cipher_suite_id'),
		};

	const image = machine.imageId === null ? undefined : store.images.byId(machine.imageId);
	const storage = store.storage.of([machine.id]).get(machine.id);
	const disk = storage && bootDisk(storage);
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
