import { cleanLine } from '../../../domain/clean.ts';
import { readField, type ScriptHeader } from '../../../domain/scriptHeader.ts';
import type { YamlValue } from '../../../domain/yamlSubset.ts';
import type { ScriptForm } from '../../../flows/keepScript.ts';
import { unfit } from '../failures.ts';
import { file, Invalid, list, type SentFile, text, type Values } from '../parameters.ts';
import type { Call } from '../resource.ts';

/** What may be said with a script; its own header counts more. */
export const scriptFields = {
	name: text('The script’s name.', { max: 255 }),
	title: text('A name for people.', { max: 255 }),
	description: text('What it does.', { max: 4000 }),
	tags: list('Words to choose it by; tests tagged “commissioning” run after each commissioning.', { parting: /,/ }),
	type: text('commissioning, testing, release or deployment; or MAAS’s number.', { max: 40 }),
	hardware_type: text('node, cpu, memory, storage, network or gpu; or MAAS’s number.', { max: 40 }),
	parallel: text('disabled, instance or any; or MAAS’s number.', { max: 40 }),
	timeout: text('Seconds or HH:MM:SS; 0 for none.', { max: 40 }),
	destructive: text('Whether it may destroy data.', { max: 10 }),
	packages: text('A JSON map of apt, snap and url.', { max: 65536 }),
	for_hardware: list('Only for machines with these: pci:VVVV:PPPP, system_vendor:… and the like.', { parting: /,/ }),
	may_reboot: text('Whether it may reboot the machine.', { max: 10 }),
	recommission: text('Whether the inventory is taken again after it.', { max: 10 }),
	apply_configured_networking: text('Whether it runs with the network as configured.', { max: 10 }),
	script: file('The script itself; any other single file part counts as it, with its name as the script’s.'),
	comment: text('Why, for the history.', { max: 4000 }),
};

type Input = Partial<Values<typeof scriptFields>>;

/** What was sent, laid over `usual`. Throws Invalid by field. */
export function readScriptForm(input: Input, call: Pick<Call, 'files'>, usual: ScriptHeader): Partial<ScriptForm> {
	const { name, comment, script: named, ...fields } = input;
	const [only] = [...call.files].filter(([part]) => !(part in scriptFields));
	const script: SentFile | undefined = named ?? (call.files.size === 1 ? only?.[1] : undefined);
	const wrong: Record<string, string[]> = {};
	let otherwise = usual;
	for (const [field, sent] of Object.entries({ ...fields, ...(name ? { name } : {}) })) {
		if (sent === undefined) continue;
		const read = readField(field, yamlOf(field, sent));
		if (typeof read === 'string') wrong[field] = [`It ${read}, not “${cleanLine(String(sent), 60)}”.`];
		else otherwise = { ...otherwise, ...emptied(field, sent), ...read };
	}
	if (Object.keys(wrong).length > 0) throw new Invalid(wrong);
	return {
		...(script ? { content: textOf(script, 'script') } : {}),
		name: name || (named || !only ? undefined : only[0]),
		otherwise,
		comment,
	};
}

/** Forms send text where headers have numbers, flags and maps. */
function yamlOf(field: string, sent: string | string[]): YamlValue {
	if (Array.isArray(sent)) return sent;
	const word = sent.trim();
	if (field === 'packages') return word === '' ? null : parseJson(word);
	if (['destructive', 'may_reboot', 'recommission', 'apply_configured_networking'].includes(field))
		return word === '1' ? true : word === '0' || word === '' ? false : word;
	if (['type', 'hardware_type', 'parallel', 'timeout'].includes(field))
		return /^\d{1,9}$/.test(word) ? Number(word) : word.toLowerCase();
	return sent;
}

/** A text that was sent empty is taken away, which a header can't say. */
const emptied = (field: string, sent: string | string[]): Partial<ScriptHeader> =>
	sent === '' && (field === 'title' || field === 'description') ? { [field]: null } : {};

function parseJson(word: string): YamlValue {
	try {
		return JSON.parse(word);
	} catch {
		throw unfit('packages', 'Enter a JSON object.');
	}
}

/** Throws Invalid under the field's name for bytes that are no text. */
export function textOf({ bytes }: SentFile, field: string): string {
	try {
		return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
	} catch {
		throw unfit(field, 'The script must be text in UTF-8.');
	}
}
