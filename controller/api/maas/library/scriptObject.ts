import type { HardwareType, ScriptHeader } from '../../../domain/scriptHeader.ts';
import type { ScriptRevision, StoredScript } from '../../../store/scripts.ts';
import { clockTime, scriptTime } from '../dates.ts';
import { uriOf } from '../resource.ts';

export const SCRIPT_PATH = 'scripts/{name}';

/** MAAS's numbers and names. */
export const scriptTypes: Readonly<Record<ScriptHeader['kind'], { code: number; name: string }>> = {
	commissioning: { code: 0, name: 'Commissioning script' },
	testing: { code: 2, name: 'Testing script' },
	release: { code: 3, name: 'Release script' },
	deployment: { code: 4, name: 'Deployment script' },
};
export const hardwareTypes: Readonly<Record<HardwareType, { code: number; name: string }>> = {
	node: { code: 0, name: 'Node' },
	cpu: { code: 1, name: 'CPU' },
	memory: { code: 2, name: 'Memory' },
	storage: { code: 3, name: 'Storage' },
	network: { code: 4, name: 'Network' },
	gpu: { code: 5, name: 'GPU' },
};
const parallels: Readonly<Record<ScriptHeader['parallel'], { code: number; name: string }>> = {
	disabled: { code: 0, name: 'Disabled' },
	instance: { code: 1, name: 'Run along other instances of this script' },
	any: { code: 2, name: 'Run along any other script' },
};

/** `history` newest first; with `content`, each revision has its text in base64. */
export const scriptObject = (script: StoredScript, history: readonly ScriptRevision[], content: boolean) => ({
	id: script.id,
	name: script.name,
	title: script.title,
	description: script.description,
	tags: script.tags,
	type: scriptTypes[script.kind].code,
	type_name: scriptTypes[script.kind].name,
	hardware_type: hardwareTypes[script.hardwareType].code,
	hardware_type_name: hardwareTypes[script.hardwareType].name,
	parallel: parallels[script.parallel].code,
	parallel_name: parallels[script.parallel].name,
	results: script.results,
	parameters: script.parameters,
	packages: script.packages,
	timeout: clockTime(script.timeoutMs),
	destructive: script.destructive,
	for_hardware: script.forHardware,
	may_reboot: script.mayReboot,
	recommission: script.recommission,
	apply_configured_networking: script.applyConfiguredNetworking,
	history: history.map(({ id, comment, createdAt, content: text }) => ({
		...{ id, comment, created: scriptTime(createdAt) },
		...(content ? { data: Buffer.from(text).toString('base64') } : {}),
	})),
	default: script.builtin,
	resource_uri: uriOf(SCRIPT_PATH, { name: script.name }),
});
