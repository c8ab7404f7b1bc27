import { DOMParser, type Document } from '@xmldom/xmldom';
import { useNamespaces as withNamespaces } from 'xpath';
import { cleanLine } from './clean.ts';
import { withinTime } from './timeLimit.ts';

/**
 * A tag's definition is an XPath 1.0 expression over the machine's lshw, true for the machines that get the tag. As in MAAS the plain
 * names are lshw's elements (`//node[@class="display"]`), and the same elements can be named with the prefix `lshw`.
 */
export interface TagDefinition {
	readonly text: string;
	/** it needs the elements under the prefix too, which takes twice the time */
	readonly prefixed: boolean;
}

const MAX_DEFINITION = 4096;
/** A machine with 500 disks needs 1.5 MB. */
const MAX_XML = 4 * 1024 * 1024;
const READ_MS = 5000;
const ASK_MS = 1000;
const ALL_MS = 600;

/** What XPath 1.0 (§4) has, without what needs a DTD; a function that is none would only fail at the first machine that reaches it. */
const FUNCTIONS = new Set(
	`last position count local-name namespace-uri name string concat starts-with contains substring-before substring-after substring
	string-length normalize-space translate boolean not true false lang number sum floor ceiling round
	text node comment processing-instruction and or div mod`.split(/\s+/),
);
const AXES = new Set(
	`ancestor ancestor-or-self attribute child descendant descendant-or-self following following-sibling namespace parent preceding
	preceding-sibling self`.split(/\s+/),
);
const PREFIXES = ['lshw', 'lldp'];
const select = withNamespaces(Object.fromEntries(PREFIXES.map((prefix) => [prefix, prefix])));
const nothing = new DOMParser().parseFromString('<list><node id="none" class="system"/></list>', 'text/xml');

/** Checks an expression; answers what is wrong with it in words that begin as MAAS's. */
export function parseTagDefinition(given: string): TagDefinition | { problem: string } {
	const text = given.trim();
	const invalid = (why: string) => ({ problem: `Invalid XPath expression: ${why}` });
	if (text.length > MAX_DEFINITION) return invalid(`it has ${text.length} characters, ${MAX_DEFINITION} are read.`);
	const bare = text.replace(/"[^"]*"|'[^']*'/g, '""');
	for (const [, name = ''] of bare.matchAll(/([\p{L}_][\p{L}\p{N}_.-]*)\s*\(/gu))
		if (!FUNCTIONS.has(name)) return invalid(`XPath 1.0 has no function ${cleanLine(name, 40)}().`);
	for (const [, name = ''] of bare.matchAll(/([\p{L}_][\p{L}\p{N}_.-]*)\s*::/gu))
		if (!AXES.has(name)) return invalid(`XPath 1.0 has no axis ${cleanLine(name, 40)}.`);
	for (const [, name = ''] of bare.matchAll(/([\p{L}_][\p{L}\p{N}_.-]*):(?!:)/gu))
		if (!PREFIXES.includes(name)) return invalid(`the prefixes are ${PREFIXES.join(' and ')}, not ${cleanLine(name, 40)}.`);
	if (bare.includes('$')) return invalid('there are no variables.');
	try {
		const asked = withinTime(ASK_MS, () => select(text, nothing as unknown as Node));
		if (asked === 'too-slow') return invalid('it takes too long.');
	} catch (error) {
		return invalid(cleanLine(error instanceof Error ? error.message : String(error), 200));
	}
	return { text, prefixed: /\blshw:/.test(bare) };
}

/**
 * What each definition says of each machine: `answers[machine][definition]`. A machine that can't be asked, or takes too long, has a
 * problem instead of an answer. Setting a time limit costs more than a small machine's whole answer, so there is one for all of them,
 * and one for each machine only when that was not enough.
 */
export function askMachines(definitions: readonly TagDefinition[], lshws: readonly string[]): Answer[][] {
	const asked = withinTime(ALL_MS, () => lshws.map((lshw) => askMachine(definitions, lshw, atOnce)));
	return asked === 'too-slow' ? lshws.map((lshw) => askMachine(definitions, lshw, withinTime)) : asked.value;
}
export type Answer = boolean | { readonly problem: string };

type Limit = <Result>(ms: number, work: () => Result) => { value: Result } | 'too-slow';
const atOnce: Limit = (_, work) => ({ value: work() });

/** Its XML is read once for definitions with the prefix and once for those without. */
function askMachine(definitions: readonly TagDefinition[], lshw: string, limit: Limit): Answer[] {
	const read = new Map<boolean, HardwareDocument | { problem: string }>();
	return definitions.map((definition) => {
		const hardware = read.get(definition.prefixed) ?? readHardware(lshw, definition.prefixed, limit);
		read.set(definition.prefixed, hardware);
		return 'problem' in hardware ? { problem: hardware.problem } : matches(definition, hardware, limit);
	});
}

type HardwareDocument = Document;

/** A document with a DOCTYPE is refused: lshw writes none, and entities make a small file endless. */
function readHardware(lshw: string, prefixed: boolean, limit: Limit): HardwareDocument | { problem: string } {
	if (lshw.length > MAX_XML) return { problem: `its lshw output is ${lshw.length} characters long, ${MAX_XML} are read` };
	if (/<!(DOCTYPE|ENTITY)/i.test(lshw)) return { problem: 'its lshw output has a DOCTYPE, which lshw never writes' };
	let complaint: string | undefined;
	const parser = new DOMParser({
		onError(level, message) {
			if (level === 'warning') return;
			complaint ??= message;
			throw new Error(message);
		},
	});
	try {
		const read = limit(READ_MS, () => parser.parseFromString(prefixed ? withPrefixed(lshw) : lshw, 'text/xml'));
		return read === 'too-slow' ? { problem: 'its lshw output takes too long to read' } : read.value;
	} catch (error) {
		const why = complaint ?? (error instanceof Error ? error.message : String(error));
		return { problem: `its lshw output is no XML: ${cleanLine(why, 120)}` };
	}
}

function matches(definition: TagDefinition, hardware: HardwareDocument, limit: Limit): Answer {
	try {
		const asked = limit(ASK_MS, () => select(`boolean(${definition.text})`, hardware as unknown as Node, true));
		return asked === 'too-slow' ? { problem: `the definition takes more than ${ASK_MS / 1000} s on it` } : asked.value === true;
	} catch (error) {
		return { problem: `the definition fails on it: ${cleanLine(error instanceof Error ? error.message : String(error), 120)}` };
	}
}

/** lshw's whole element once more as the last child of itself, in the namespace `lshw`. */
function withPrefixed(xml: string): string {
	const bare = xml.replace(/^\s*<\?xml[^>]*\?>/, '');
	const copy = bare.replace(/<([A-Za-z][\w.-]*)/, '<$1 xmlns="lshw"').replace(/<!--[\s\S]*?-->/g, '');
	const end = bare.lastIndexOf('</');
	return end < 0 ? bare : `${bare.slice(0, end)}${copy}${bare.slice(end)}`;
}
