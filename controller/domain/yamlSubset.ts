/** The YAML that people write into script headers, and no more of it. Scalars are typed as in YAML 1.2's core schema. */
export type YamlValue = string | number | boolean | null | readonly YamlValue[] | { readonly [key: string]: YamlValue };

/** One line of the text and its number in the file, for messages. */
export interface YamlLine {
	readonly number: number;
	readonly text: string;
}

export interface YamlProblem {
	readonly problem: string;
	readonly line: number;
}

/** Deep enough for any header; deeper is an attack on the stack. */
const MAX_DEPTH = 16;

/**
 * Reads a mapping: blocks by indentation, `- ` lists, flow lists and maps on one line, quotes, `|` and `>` texts, comments, and plain
 * texts that go on in deeper lines. Anchors, tags, tabs, several documents and repeated keys are refused. Answers each key's value and line.
 */
export function readYamlMapping(
	lines: readonly YamlLine[],
): ReadonlyMap<string, { value: YamlValue; line: number }> | YamlProblem {
	try {
		const reader = new BlockReader(lines);
		const entries = reader.mapping(reader.margin(), 0);
		reader.end();
		return entries;
	} catch (error) {
		if (error instanceof NotYaml) return { problem: error.message, line: error.line };
		throw error;
	}
}

class NotYaml extends Error {
	readonly line: number;

	constructor(line: YamlLine, problem: string) {
		super(problem);
		this.line = line.number;
	}
}

type Entries = Map<string, { value: YamlValue; line: number }>;

class BlockReader {
	readonly #lines: YamlLine[];
	#at = 0;

	constructor(lines: readonly YamlLine[]) {
		this.#lines = lines.map((line) => ({ ...line, text: line.text.trimEnd() }));
	}

	/** The next line that says something. */
	#peek(): YamlLine | undefined {
		while (/^\s*(#.*)?$/.test(this.#lines[this.#at]?.text ?? 'end')) this.#at++;
		return this.#lines[this.#at];
	}

	/** Where the first line begins: some people indent the whole block. */
	margin(): number {
		const line = this.#peek();
		return line ? indentOf(line) : 0;
	}

	end(): void {
		const line = this.#peek();
		if (line) throw new NotYaml(line, 'the indentation fits no line above');
	}

	mapping(indent: number, depth: number): Entries {
		const entries: Entries = new Map();
		for (let line = this.#peek(); line && indentOf(line) === indent; line = this.#peek()) {
			const { key, rest } = splitKey(line);
			if (entries.has(key)) throw new NotYaml(line, `${key} is there twice`);
			this.#at++;
			entries.set(key, { value: this.#value(rest, line, indent, depth + 1, indent), line: line.number });
		}
		const next = this.#peek();
		if (next && indentOf(next) > indent) throw new NotYaml(next, 'the indentation fits no line above');
		return entries;
	}

	/** `listFrom`: how far left a list may stand that is the value; below a key as far as the key itself. */
	#value(rest: string, line: YamlLine, indent: number, depth: number, listFrom: number): YamlValue {
		if (depth > MAX_DEPTH) throw new NotYaml(line, `it is nested deeper than ${MAX_DEPTH} levels`);
		const block = /^([|>])[-+]?\s*(?:#.*)?$/.exec(rest);
		if (block) return this.#text(indent, block[1] === '|' ? '\n' : ' ');
		const next = this.#peek();
		const deeper = next !== undefined && indentOf(next) > indent;
		if (withoutComment(rest) !== '') {
			if (/^["'[{]/.test(rest)) return new FlowReader(rest, line).only();
			return deeper ? [plainText(rest, line), this.#text(indent, ' ')].join(' ') : plainScalar(rest, line);
		}
		if (next && isItem(next) && indentOf(next) >= listFrom) return this.#list(indentOf(next), depth);
		return deeper ? toObject(this.mapping(indentOf(next), depth)) : null;
	}

	#list(indent: number, depth: number): YamlValue[] {
		const items: YamlValue[] = [];
		for (let line = this.#peek(); line && indentOf(line) === indent && isItem(line); line = this.#peek()) {
			const rest = line.text.slice(indent + 1).trimStart();
			const inner = line.text.length - rest.length;
			if (rest !== '' && isItem({ ...line, text: rest })) throw new NotYaml(line, 'a list in a list must be written with [ ]');
			if (isKey(rest)) {
				// `- name: value`: a map whose first line is this one without its dash
				this.#lines[this.#at] = { ...line, text: ' '.repeat(inner) + rest };
				items.push(toObject(this.mapping(inner, depth + 1)));
			} else {
				this.#at++;
				items.push(this.#value(rest, line, indent, depth + 1, indent + 1));
			}
		}
		return items;
	}

	/** The lines that are indented deeper, as one text. */
	#text(indent: number, separator: string): string {
		const lines: string[] = [];
		for (let line = this.#lines[this.#at]; line && (line.text === '' || indentOf(line) > indent); line = this.#lines[this.#at]) {
			lines.push(line.text);
			this.#at++;
		}
		const margin = Math.min(...lines.filter((line) => line !== '').map((line) => line.search(/\S/)));
		const cut = lines.map((line) => line.slice(margin));
		return (separator === '\n' ? cut.join('\n') : cut.filter((line) => line !== '').join(' ')).trimEnd();
	}
}

/** What stands on one line: quoted texts, `[a, b]`, `{a: b}`. */
class FlowReader {
	#rest: string;
	readonly #line: YamlLine;

	constructor(text: string, line: YamlLine) {
		this.#rest = text;
		this.#line = line;
	}

	only(): YamlValue {
		const value = this.#value(0);
		if (withoutComment(this.#rest.trim()) !== '')
			throw this.#bad(`there is more behind the value: ${this.#rest.trim().slice(0, 40)}`);
		return value;
	}

	#value(depth: number): YamlValue {
		if (depth > MAX_DEPTH) throw this.#bad(`it is nested deeper than ${MAX_DEPTH} levels`);
		if (this.#take(/^\s*\[\s*/)) return this.#items(']', () => this.#value(depth + 1));
		if (this.#take(/^\s*\{\s*/)) {
			const entries = this.#items('}', (): [string, YamlValue] => {
				const before = this.#rest;
				const key = this.#scalar(/^[^\s,:[\]{}]+/);
				// Behind a quoted key JSON's colon without a space will do (YAML 1.2.2, 7.4.2).
				if (!this.#take(/^\s*["']/.test(before) ? /^\s*:/ : /^\s*:(?=[\s,}]|$)/)) throw this.#bad(`${String(key)} has no value`);
				return [String(key), this.#value(depth + 1)];
			});
			if (new Set(entries.map(([key]) => key)).size < entries.length) throw this.#bad('a key is there twice');
			return Object.fromEntries(entries);
		}
		return this.#scalar(/^[^,[\]{}]*/);
	}

	#items<Item>(end: ']' | '}', read: () => Item): Item[] {
		const close = end === ']' ? /^\s*\]/ : /^\s*\}/;
		const items: Item[] = [];
		while (!this.#take(close)) {
			items.push(read());
			if (this.#take(/^\s*,\s*/)) continue;
			if (this.#take(close)) break;
			throw this.#bad(`${end} is missing`);
		}
		return items;
	}

	#scalar(plain: RegExp): YamlValue {
		const double = this.#take(/^\s*("(?:[^"\\]|\\.)*")/);
		if (double !== null) return readEscapes(double.trim(), this.#line);
		const single = this.#take(/^\s*'((?:[^']|'')*)'/);
		if (single !== null) return single.trim().slice(1, -1).replaceAll("''", "'");
		this.#take(/^\s*/);
		if (/^["']/.test(this.#rest)) throw this.#bad('a quote is not closed');
		const text = this.#take(plain) ?? '';
		return plainScalar(text, this.#line);
	}

	#take(pattern: RegExp): string | null {
		const found = pattern.exec(this.#rest)?.[0];
		if (found === undefined) return null;
		this.#rest = this.#rest.slice(found.length);
		return found;
	}

	#bad = (problem: string) => new NotYaml(this.#line, problem);
}

function indentOf(line: YamlLine): number {
	const indent = line.text.search(/[^ ]/);
	if (line.text[indent] === '\t') throw new NotYaml(line, 'a tab stands where YAML wants spaces');
	return indent;
}

const isItem = (line: YamlLine) => /^ *-( |$)/.test(line.text);
const keyPattern = /^("[^"]*"|'[^']*'|[A-Za-z0-9_.$/-]+) *:(?: +|$)/;
const isKey = (text: string) => keyPattern.test(text);

function splitKey(line: YamlLine): { key: string; rest: string } {
	const text = line.text.trimStart();
	const found = keyPattern.exec(text);
	if (!found) throw new NotYaml(line, `this is no "key: value": ${text.slice(0, 60)}`);
	return { key: (found[1] as string).replace(/^(["'])(.*)\1$/, '$2'), rest: text.slice(found[0].length) };
}

const withoutComment = (text: string) => text.replace(/(^|\s)#.*$/, '').trim();
const toObject = (entries: Entries): YamlValue => Object.fromEntries([...entries].map(([key, { value }]) => [key, value]));

function plainText(text: string, line: YamlLine): string {
	const plain = withoutComment(text);
	if (/^[&*!%@`|>?]/.test(plain)) throw new NotYaml(line, `values that begin with ${plain[0]} must be quoted`);
	if (/:(\s|$)/.test(plain)) throw new NotYaml(line, 'a text with a colon in it must be quoted');
	return plain;
}

function plainScalar(text: string, line: YamlLine): YamlValue {
	const plain = plainText(text, line);
	if (/^(null|~|)$/i.test(plain)) return null;
	if (/^(true|false)$/i.test(plain)) return plain.toLowerCase() === 'true';
	if (/^[-+]?(\d{1,15}|\d{0,10}\.\d{1,10})$/.test(plain)) return Number(plain);
	return plain;
}

function readEscapes(quoted: string, line: YamlLine): string {
	try {
		return JSON.parse(quoted);
	} catch {
		throw new NotYaml(line, 'the text in quotes has an escape that is not known here');
	}
}
