import type { Constraints } from './constraints.ts';

/** MAAS's text of the answer 409 when no machine can be had; clients show it, and people search for it. */
export function noMatchText({ given, clauses }: Constraints): string {
	const systemId = given.get('system_id')?.find((value) => value !== '');
	if (systemId !== undefined) return `No machine with system ID ${systemId} available.`;
	if (clauses.length === 0) return 'No machine available.';
	const asked = [...given].filter(([name]) => name !== 'op');
	return `No available machine matches constraints: ${pythonTuples(asked)} (resolved to "${resolvedText(clauses)}")`;
}

/** What was understood, by the names of the parameters. */
const resolvedText = (clauses: Constraints['clauses']) =>
	clauses
		.toSorted((a, b) => (a.name < b.name ? -1 : 1))
		.map((clause) => clause.resolved)
		.join(' ');

const pythonTuples = (pairs: readonly (readonly [string, readonly string[]])[]) =>
	`[${pairs.map(([name, values]) => `(${pythonText(name)}, [${values.map(pythonText).join(', ')}])`).join(', ')}]`;

const shortEscapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A string as Python's `repr` writes it. */
export function pythonText(text: string): string {
	const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
	const inner = [...text].map((character) => {
		if (character === quote) return `\\${quote}`;
		const short = shortEscapes[character];
		if (short !== undefined) return short;
		// what Python calls unprintable: controls, format characters, surrogates, separators other than the blank
		if (character === ' ' || !/[\p{C}\p{Z}]/u.test(character)) return character;
		const code = character.codePointAt(0) as number;
		if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
		return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
	});
	return `${quote}${inner.join('')}${quote}`;
}
