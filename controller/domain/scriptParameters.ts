import { cleanInteger, cleanLine } from './clean.ts';
import { Refusal } from './errors.ts';
import type { YamlValue } from './yamlSubset.ts';

/** What a script can be told, as its header declares it. */
export interface ParameterDefinition {
	readonly type: ParameterType;
	readonly min: number | null;
	readonly max: number | null;
	/** how the program gets it on its command line; `{input}`, and for disks and cards `{name}`, `{path}`, `{model}`, … */
	readonly argumentFormat: string | null;
	readonly default: string | null;
	readonly required: boolean;
	/** several values, parted by commas */
	readonly allowList: boolean;
	readonly choices: readonly string[];
}

export const parameterTypes = ['storage', 'interface', 'url', 'runtime', 'string', 'password', 'choice', 'boolean'] as const;
export type ParameterType = (typeof parameterTypes)[number];

/** A disk or a card that a script can be told, with what its argument may hold: `{ name, path, model, serial, … }`. */
export interface Device {
	readonly id: number;
	readonly words: Readonly<Record<string, string>>;
	readonly tags: readonly string[];
}
export interface Devices {
	readonly storage: readonly Device[];
	readonly interface: readonly Device[];
}

/** One value, and the word that the program gets for it on its command line; '' for none. */
export interface ResolvedParameter {
	readonly type: ParameterType;
	readonly value: string;
	readonly argument: string;
}

/** What is wrong with a header's `parameters`, in words that go on after the field's name. */
export function parametersProblem(value: YamlValue): string | null {
	if (value === null) return null;
	if (typeof value !== 'object' || Array.isArray(value)) return 'must be a map of names';
	for (const [name, definition] of Object.entries(value)) {
		if (!/^[A-Za-z_][\w-]{0,63}$/.test(name)) return 'must have names of letters, digits, dashes and underscores';
		if (typeof definition !== 'object' || definition === null || Array.isArray(definition)) return `must say a type for ${name}`;
		const { type } = definition as Record<string, YamlValue>;
		if (!parameterTypes.includes(type as ParameterType)) return `must have a type of ${parameterTypes.join(', ')} for ${name}`;
	}
	return null;
}

/** The declarations that `parametersProblem` has found right. */
export function readDefinitions(value: Readonly<Record<string, YamlValue>>): Map<string, ParameterDefinition> {
	return new Map(
		Object.entries(value).map(([name, declared]) => {
			const of = (declared ?? {}) as Record<string, YamlValue>;
			const text = (key: string) => (of[key] === undefined || of[key] === null ? null : String(of[key]));
			const choices = Array.isArray(of.choices) ? of.choices : [];
			return [
				name,
				{
					type: of.type as ParameterType,
					min: cleanInteger(of.min ?? null, 0, Number.MAX_SAFE_INTEGER),
					max: cleanInteger(of.max ?? null, 0, Number.MAX_SAFE_INTEGER),
					argumentFormat: text('argument_format'),
					default: text('default'),
					required: of.required !== false,
					allowList: of.allow_list === true,
					choices: choices.map((choice) => String(Array.isArray(choice) ? choice[0] : choice)),
				},
			];
		}),
	);
}

/**
 * What a script runs with: one map of parameters for each run. A disk or card of `all` (the default), a tag, or several make one run
 * each; none, where there is no such device. While `devices` is `null` (they are not known yet) there is one run, whose device has no
 * argument but keeps the words that it was meant by.
 * `sent` is by `<script>_<parameter>`, as MAAS calls it, or by the parameter alone.
 * Throws Refusal `bad-input` with the former as its field for a value that does not fit or is missing.
 */
export function resolveParameters(
	script: string,
	definitions: ReadonlyMap<string, ParameterDefinition>,
	sent: ReadonlyMap<string, string>,
	devices: Devices | null,
): Record<string, ResolvedParameter>[] {
	let runs: Record<string, ResolvedParameter>[] = [{}];
	for (const [name, definition] of definitions) {
		const field = `${script}_${name}`;
		const refused = (text: string) => new Refusal('bad-input', text, { field });
		const isDevice = definition.type === 'storage' || definition.type === 'interface';
		// a name without the script's is for every script that has the parameter
		const given = (sent.get(field) ?? sent.get(name))?.trim() || definition.default || (isDevice ? 'all' : '');
		if (given === '') {
			if (definition.required) throw refused('This field is required.');
			continue;
		}
		const values = isDevice
			? devicesOf(given, devices === null ? null : devices[definition.type as 'storage' | 'interface'], refused)
			: (definition.allowList ? given.split(',').map((each) => each.trim()) : [given]).map((each) => ({
					input: checkValue(each, definition, refused),
				}));
		runs = values.flatMap((words) =>
			runs.map((run) => ({
				...run,
				[name]: { type: definition.type, value: words.input, argument: argumentOf(name, definition, words) },
			})),
		);
	}
	return runs;
}

type Words = Readonly<Record<string, string>> & { readonly input: string };

/** MAAS's ways to mean disks and cards: all, id, name, model, serial, model:serial, MAC, vendor:product, tag; several parted by commas. */
function devicesOf(given: string, devices: readonly Device[] | null, refused: (text: string) => Refusal): Words[] {
	if (devices === null) return [{ input: given }];
	if (given === 'all') return devices.map(wordsOf);
	const found = new Set<Device>();
	for (const wanted of given.split(',').map((each) => each.trim())) {
		const matching = devices.filter(({ id, words, tags }) => {
			const { model = '', serial = '', vendor = '', product = '' } = words;
			const known = [String(id), ...Object.values(words), `${model}:${serial}`, `${vendor}:${product}`, ...tags];
			return wanted !== '' && wanted !== ':' && known.includes(wanted);
		});
		if (matching.length === 0) throw refused(`“${cleanLine(wanted)}” is no such device of this machine.`);
		for (const device of matching) found.add(device);
	}
	return [...found].map(wordsOf);
}

const wordsOf = ({ words }: Device): Words => ({ ...words, input: words.name ?? '' });

function checkValue(value: string, { type, min, max, choices }: ParameterDefinition, refused: (text: string) => Refusal): string {
	if (value.length > 4096 || /[\0-\x08\x0a-\x1f\x7f]/.test(value)) throw refused('Enter one line of text.');
	if (type === 'runtime') {
		const seconds = cleanInteger(value, min ?? 0, max ?? Number.MAX_SAFE_INTEGER);
		if (seconds === null)
			throw refused(`Enter seconds${min === null ? '' : `, ${min} at least`}${max === null ? '' : `, ${max} at most`}.`);
		return String(seconds);
	}
	if (type === 'url') {
		if (!URL.canParse(value) || !/^(https?|ftp|icmp|ipp|ssh|telnet):$/.test(new URL(value).protocol) || /\s/.test(value))
			throw refused('Enter a valid URL.');
		return value;
	}
	if (type === 'boolean') {
		if (!/^(true|false|1|0|yes|no|on|off)$/i.test(value)) throw refused('Enter true or false.');
		return String(/^(true|1|yes|on)$/i.test(value));
	}
	if (type === 'choice' && !choices.includes(value))
		throw refused(`Select a valid choice. ${cleanLine(value)} is not one of the available choices.`);
	if ((type === 'string' || type === 'password') && (value.length < (min ?? 0) || value.length > (max ?? 4096)))
		throw refused(`Enter ${min ?? 0} to ${max ?? 4096} characters.`);
	return value;
}

/** MAAS's default formats. A boolean is there, as its format, or not at all. */
function argumentOf(name: string, { type, argumentFormat }: ParameterDefinition, words: Words): string {
	if (type === 'boolean') return words.input === 'true' ? (argumentFormat ?? `--${name}`) : '';
	const isDevice = type === 'storage' || type === 'interface';
	if (isDevice && words.name === undefined) return '';
	const usual = type === 'storage' ? '{path}' : type === 'interface' ? '{name}' : '{input}';
	return (argumentFormat ?? `--${name}=${usual}`).replace(/\{(\w+)\}/g, (whole, word: string) => words[word] ?? whole);
}
