import { cleanLine } from '../../domain/clean.ts';

/** A file part of a multipart form. */
export interface SentFile {
	readonly filename: string;
	readonly bytes: Buffer;
}

/**
 * One parameter of an action: everything that clients, the describe document, the command line and the fuzz test need to know of it.
 * Forms send text; `read` gets every value that was sent under the name (at least one) and throws Unfit for what does not fit.
 */
export interface Parameter<Value = unknown> {
	readonly kind: 'text' | 'integer' | 'boolean' | 'choice' | 'list' | 'file' | 'base64' | 'json';
	readonly doc: string;
	/** form: a missing one is a field error; plain: MAAS's sentence `No provided <name>!` */
	readonly required: false | 'form' | 'plain';
	readonly choices?: readonly string[];
	readonly read: (sent: readonly string[], file: SentFile | undefined) => Value;
}
export type Parameters = Readonly<Record<string, Parameter>>;
export type Values<P extends Parameters> = {
	-readonly [Name in keyof P]: P[Name] extends Parameter<infer Value> ? Value : never;
};

/** A value that a parameter can't take; the sentence goes under the field's name. */
export class Unfit extends Error {}

/** Input that is refused: sentences by field, as MAAS's forms answer (400, JSON). `__all__` is the form as a whole. */
export class Invalid extends Error {
	readonly fields: Readonly<Record<string, readonly string[]>>;
	constructor(fields: Readonly<Record<string, readonly string[]>>) {
		super(JSON.stringify(fields));
		this.fields = fields;
	}
}

/** A missing parameter in the words that MAAS uses outside of forms (400, text). */
export class NotProvided extends Error {
	constructor(name: string) {
		super(`No provided ${name}!`);
	}
}

/** Checks what was sent against the literal; answers a value for every named parameter, `undefined` for optional ones that were not sent. */
export function readParameters(
	parameters: Parameters,
	sent: ReadonlyMap<string, readonly string[]>,
	files: ReadonlyMap<string, SentFile>,
): Record<string, unknown> {
	const values: Record<string, unknown> = {};
	const wrong: Record<string, string[]> = {};
	for (const [name, parameter] of Object.entries(parameters)) {
		const texts = sent.get(name);
		const file = files.get(name);
		const missing = !file && (texts === undefined || (parameter.required !== false && texts.every((text) => text === '')));
		if (missing && parameter.required === 'plain') throw new NotProvided(name);
		if (missing && parameter.required === 'form') wrong[name] = ['This field is required.'];
		if (missing) continue;
		try {
			values[name] = parameter.read(texts ?? [], file);
		} catch (error) {
			if (!(error instanceof Unfit)) throw error;
			wrong[name] = [error.message];
		}
	}
	if (Object.keys(wrong).length > 0) throw new Invalid(wrong);
	return values;
}

const last = (sent: readonly string[]) => sent.at(-1) ?? '';

/** One line or more of text; `undefined` when it was not sent, '' when it was sent empty. */
export function text(doc: string, { max = 4096 }: { max?: number } = {}): Parameter<string | undefined> {
	return { kind: 'text', doc, required: false, read: (sent) => checkText(last(sent), max) };
}

/** A whole number; sent empty it counts as not sent. */
export function integer(doc: string, { min = 0, max = Number.MAX_SAFE_INTEGER } = {}): Parameter<number | undefined> {
	return {
		kind: 'integer',
		doc,
		required: false,
		read(sent) {
			const word = last(sent).trim();
			if (word === '') return undefined;
			if (!/^[+-]?\d{1,16}$/.test(word)) throw new Unfit('Enter a whole number.');
			return checkRange(Number(word), min, max);
		},
	};
}

/** A whole number that may be cleared: sent empty it is `null`. */
export function clearable(doc: string, limits: { min?: number; max?: number } = {}): Parameter<number | null | undefined> {
	const inner = integer(doc, limits);
	return { ...inner, read: (sent, file) => inner.read(sent, file) ?? null };
}

const TRUE = ['true', '1', 'on', 'yes', 'y', 't'];
const FALSE = ['false', '0', 'off', 'no', 'n', 'f', '', 'none', 'null'];

/** Clients send true/false, True/False, 1/0, on; an empty value is false, as an unticked box. */
export function boolean(doc: string): Parameter<boolean | undefined> {
	return {
		kind: 'boolean',
		doc,
		required: false,
		read(sent) {
			const word = last(sent).trim().toLowerCase();
			if (TRUE.includes(word)) return true;
			if (FALSE.includes(word)) return false;
			throw new Unfit('Enter true or false.');
		},
	};
}

/** One of a fixed set, compared without regard to case; sent empty it counts as not sent. */
export function choice<const Choice extends string>(doc: string, choices: readonly Choice[]): Parameter<Choice | undefined> {
	return {
		kind: 'choice',
		doc,
		required: false,
		choices,
		read(sent) {
			const word = last(sent).trim();
			if (word === '') return undefined;
			const found = choices.find((each) => each.toLowerCase() === word.toLowerCase());
			if (found === undefined) throw new Unfit(`Select a valid choice. ${cleanLine(word)} is not one of the available choices.`);
			return found;
		},
	};
}

/** Repeated values, each of which may hold several, parted by commas or blanks. Empty words fall out; sent empty it is an empty list. */
export function list(doc: string, { parting = /[,\s]+/ }: { parting?: RegExp | null } = {}): Parameter<string[] | undefined> {
	return {
		kind: 'list',
		doc,
		required: false,
		read(sent) {
			const words = sent.flatMap((each) => (parting ? checkText(each, 65536).split(parting) : [checkText(each, 4096)]));
			return [...new Set(words.map((word) => word.trim()).filter((word) => word !== ''))];
		},
	};
}

/** A file part; text that was sent under the name is taken as the file's content. */
export function file(doc: string): Parameter<SentFile | undefined> {
	return {
		kind: 'file',
		doc,
		required: false,
		read: (sent, given) => given ?? { filename: '', bytes: Buffer.from(last(sent), 'utf8') },
	};
}

/** Bytes, sent as base64. */
export function base64(doc: string): Parameter<Buffer | undefined> {
	return {
		kind: 'base64',
		doc,
		required: false,
		read(sent, given) {
			if (given) return given.bytes;
			const word = last(sent).replace(/\s+/g, '');
			if (word === '') return undefined;
			if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(word)) throw new Unfit('This is not base64.');
			return Buffer.from(word, 'base64');
		},
	};
}

/** A JSON object in text. */
export function json(doc: string): Parameter<Record<string, unknown> | undefined> {
	return {
		kind: 'json',
		doc,
		required: false,
		read(sent) {
			if (last(sent).trim() === '') return undefined;
			const value = parseJson(last(sent));
			if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Unfit('Enter a JSON object.');
			return value as Record<string, unknown>;
		},
	};
}

/** The parameter must be sent: a form's field error when it is missing. */
export const required = <Value>(parameter: Parameter<Value>): Parameter<Exclude<Value, undefined>> => ({
	...(parameter as Parameter<Exclude<Value, undefined>>),
	required: 'form',
	read(sent, given) {
		const value = parameter.read(sent, given);
		if (value === undefined) throw new Unfit('This field is required.');
		return value as Exclude<Value, undefined>;
	},
});

/** As `required`, with MAAS's plain sentence instead of a field error. */
export const mandatory = <Value>(parameter: Parameter<Value>): Parameter<Exclude<Value, undefined>> => ({
	...required(parameter),
	required: 'plain',
});

function checkText(value: string, max: number): string {
	if (value.includes('\0')) throw new Unfit('Null characters are not allowed.');
	if (value.length > max) throw new Unfit(`Ensure this value has at most ${max} characters (it has ${value.length}).`);
	return value.toWellFormed();
}

function checkRange(value: number, min: number, max: number): number {
	if (value < min) throw new Unfit(`Ensure this value is greater than or equal to ${min}.`);
	if (value > max) throw new Unfit(`Ensure this value is less than or equal to ${max}.`);
	return value;
}

function parseJson(value: string): unknown {
	try {
		return JSON.parse(value);
	} catch {
		return undefined;
	}
}
