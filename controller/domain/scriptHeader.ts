import { cleanInteger, cleanText } from './clean.ts';
import { parametersProblem } from './scriptParameters.ts';
import { readYamlMapping, type YamlLine, type YamlValue } from './yamlSubset.ts';

/** What a script says about itself in the comment block that MAAS defined. What it does not say has MAAS's default. */
export interface ScriptHeader {
	readonly name: string | null;
	readonly title: string | null;
	readonly description: string | null;
	readonly kind: 'commissioning' | 'testing' | 'release' | 'deployment';
	readonly hardwareType: HardwareType;
	readonly parallel: 'disabled' | 'instance' | 'any';
	/** 0: no limit */
	readonly timeoutSeconds: number;
	readonly tags: readonly string[];
	/** as written */
	readonly parameters: Readonly<Record<string, YamlValue>>;
	readonly packages: Readonly<Record<string, YamlValue>>;
	readonly results: Readonly<Record<string, YamlValue>>;
	/** `modalias:…`, `pci:VVVV:PPPP`, `usb:VVVV:PPPP`, `system_vendor:…` and so on; empty: for all */
	readonly forHardware: readonly string[];
	readonly mayReboot: boolean;
	readonly destructive: boolean;
	readonly recommission: boolean;
	readonly applyConfiguredNetworking: boolean;
	/** keys that mean nothing here; MAAS passes over them, too */
	readonly unknown: readonly string[];
}

export type HardwareType = 'node' | 'cpu' | 'memory' | 'storage' | 'network' | 'gpu';

export interface HeaderProblem {
	readonly problem: string;
	/** in the script, from 1 */
	readonly line: number;
}

const START = /^#\s*-+ *Start MAAS (\S+) script metadata *-+\s*$/;
const END = /^#\s*-+ *End MAAS \S+ script metadata *-+\s*$/;
const MAX_HEADER_LINES = 1000;
const MAX_TIMEOUT = 7 * 24 * 60 * 60;

/**
 * Reads the header of a script; what it does not say is as in `otherwise`, and so is a script without a header. The caller has looked
 * at the script's size.
 */
export function readScriptHeader(content: string, otherwise: ScriptHeader = defaultHeader): ScriptHeader | HeaderProblem {
	const lines = content.split(/\r?\n/);
	if (!lines[0]?.startsWith('#!')) return { problem: 'a script begins with #! and its interpreter', line: 1 };
	const start = lines.findIndex((line) => START.test(line));
	if (start < 0) return otherwise;
	const version = START.exec(lines[start] as string)?.[1];
	if (version !== '1.0')
		return { problem: `version ${cleanText(version, 20)} of the metadata is not known; 1.0 is`, line: start + 1 };
	const end = lines.findIndex((line, at) => at > start && END.test(line));
	if (end < 0) return { problem: 'the metadata has no "--- End MAAS 1.0 script metadata ---"', line: start + 1 };
	if (end - start > MAX_HEADER_LINES)
		return { problem: `the metadata is longer than ${MAX_HEADER_LINES} lines`, line: start + 1 };

	const yaml: YamlLine[] = [];
	for (let at = start + 1; at < end; at++) {
		const found = /^\s*# ?(.*)$/.exec(lines[at] as string);
		if (!found && lines[at]?.trim() !== '') return { problem: 'a line of the metadata does not begin with #', line: at + 1 };
		yaml.push({ number: at + 1, text: found?.[1] ?? '' });
	}
	const entries = readYamlMapping(yaml);
	if ('problem' in entries) return { ...entries, problem: printable(entries.problem) };

	let header = { ...otherwise, unknown: [] as readonly string[] };
	for (const [key, { value, line }] of entries) {
		const read = readField(key, value);
		if (read === undefined) header = { ...header, unknown: [...header.unknown, printable(key)] };
		else if (typeof read === 'string') return { problem: printable(`${key} ${read}, not ${JSON.stringify(value)}`), line };
		else header = { ...header, ...read };
	}
	return header;
}

/** What a field that MAAS knows gives the header; in words what it must be; `undefined` for a field that means nothing. */
export function readField(key: string, value: YamlValue): Partial<ScriptHeader> | string | undefined {
	return Object.hasOwn(fields, key) ? fields[key]?.(value) : undefined;
}

/** MAAS's own: a script that doesn't say what it is for is a test. */
export const defaultHeader: ScriptHeader = {
	name: null,
	title: null,
	description: null,
	kind: 'testing',
	hardwareType: 'node',
	parallel: 'disabled',
	timeoutSeconds: 0,
	tags: [],
	parameters: {},
	packages: {},
	results: {},
	forHardware: [],
	mayReboot: false,
	destructive: false,
	recommission: false,
	applyConfiguredNetworking: false,
	unknown: [],
};

/** What a field gives the header, or what it must be in words. */
type FieldReader = (value: YamlValue) => Partial<ScriptHeader> | string;

const kinds: FieldReader = (value) => {
	const kind = word(value, { commissioning: 0, testing: 2, test: 2, release: 3, deployment: 4 });
	return kind ? { kind: kind === 'test' ? 'testing' : kind } : 'must be commissioning, testing, release or deployment';
};

/** MAAS's names of the fields. */
const fields: Readonly<Record<string, FieldReader>> = {
	name: (value) => {
		const name = typeof value === 'number' ? String(value) : value;
		// It becomes a file's name on the machine and a part of addresses, where a number would be taken for an id.
		if (typeof name !== 'string' || !/^(?!\d+$)\w[\w.-]{0,254}$/.test(name))
			return 'must be letters, digits, dots, dashes and underscores';
		return { name };
	},
	title: (value) => text(value, 255, (title) => ({ title })),
	description: (value) => text(value, 4000, (description) => ({ description })),
	type: kinds,
	script_type: kinds,
	hardware_type: (value) => {
		const hardwareType = word(value, { node: 0, cpu: 1, memory: 2, storage: 3, network: 4, gpu: 5 });
		return hardwareType ? { hardwareType } : 'must be node, cpu, memory, storage, network or gpu';
	},
	parallel: (value) => {
		const parallel = word(value, { disabled: 0, instance: 1, any: 2 });
		return parallel ? { parallel } : 'must be disabled, instance or any';
	},
	timeout: (value) => {
		const timeoutSeconds = readTimeout(value);
		return timeoutSeconds === null ? 'must be seconds or HH:MM:SS, a week at most' : { timeoutSeconds };
	},
	tags: (value) => {
		const tags = listOfWords(value);
		return tags?.every((tag) => /^[\w.-]{1,255}$/.test(tag))
			? { tags }
			: 'must be a list of words of letters, digits, dots, dashes and underscores';
	},
	for_hardware: (value) => {
		const forHardware = listOfWords(value);
		const wanted = /^(modalias:.+|(pci|usb):[0-9a-f]{4}:[0-9a-f]{4}|(system|mainboard)_(vendor|product|version):.+)$/i;
		return forHardware?.every((entry) => wanted.test(entry))
			? { forHardware }
			: 'must be a list of modalias:…, pci:VVVV:PPPP, usb:VVVV:PPPP, system_vendor:… and the like';
	},
	may_reboot: (value) => flag(value, (mayReboot) => ({ mayReboot })),
	destructive: (value) => flag(value, (destructive) => ({ destructive })),
	recommission: (value) => flag(value, (recommission) => ({ recommission })),
	apply_configured_networking: (value) => flag(value, (applyConfiguredNetworking) => ({ applyConfiguredNetworking })),
	parameters: (value) => {
		const problem = parametersProblem(value);
		return problem ?? map(value, (parameters) => ({ parameters }));
	},
	packages: (value) => {
		const known = value === null || (isMap(value) && Object.keys(value).every((key) => ['apt', 'snap', 'url'].includes(key)));
		return known ? map(value, (packages) => ({ packages })) : 'must be a map of apt, snap and url';
	},
	results: (value) => {
		const named = value === null || (isMap(value) && Object.values(value).every((each) => each === null || isMap(each)));
		return named ? map(value, (results) => ({ results })) : 'must be a map of names to title and description';
	},
	/** MAAS keeps it in the script's history, which is not part of the header's meaning. */
	comment: (value) => text(value, 4000, () => ({})),
};

/** One of the words, or the number that MAAS has for it. */
function word<Word extends string>(value: YamlValue, codes: Readonly<Record<Word, number>>): Word | undefined {
	return (Object.keys(codes) as Word[]).find((each) => value === each || value === codes[each]);
}

function text(value: YamlValue, limit: number, give: (text: string) => Partial<ScriptHeader>): Partial<ScriptHeader> | string {
	if (value === null) return {};
	if (typeof value === 'object') return 'must be a text';
	const clean = cleanText(String(value), limit);
	return clean === null ? {} : give(clean);
}

/** YAML 1.1, which MAAS reads, has yes and on for true. */
function flag(value: YamlValue, give: (flag: boolean) => Partial<ScriptHeader>): Partial<ScriptHeader> | string {
	const asText = String(value).toLowerCase();
	if (['true', 'yes', 'on'].includes(asText)) return give(true);
	return ['false', 'no', 'off'].includes(asText) ? give(false) : 'must be true or false';
}

function map(value: YamlValue, give: (map: Record<string, YamlValue>) => Partial<ScriptHeader>): Partial<ScriptHeader> | string {
	if (value === null) return {};
	return isMap(value) ? give(value) : 'must be a map of names';
}

function isMap(value: YamlValue): value is Record<string, YamlValue> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOfWords(value: YamlValue): string[] | null {
	if (value === null) return [];
	const entries = typeof value === 'string' ? value.split(',').map((entry) => entry.trim()) : value;
	if (!Array.isArray(entries) || entries.length > 100) return null;
	return entries.every((entry) => typeof entry === 'string' || typeof entry === 'number') ? entries.map(String) : null;
}

function readTimeout(value: YamlValue): number | null {
	const clock = typeof value === 'string' ? /^(\d{1,3}):([0-5]\d):([0-5]\d)$/.exec(value) : null;
	if (!clock) return cleanInteger(value, 0, MAX_TIMEOUT);
	const [, hours, minutes, seconds] = clock.map(Number) as [number, number, number, number];
	return cleanInteger(hours * 3600 + minutes * 60 + seconds, 0, MAX_TIMEOUT);
}

const printable = (message: string) => cleanText(message, 300) ?? '';
