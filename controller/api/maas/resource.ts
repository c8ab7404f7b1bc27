import type { User } from '../../store/users.ts';
import type { Parts } from '../parts.ts';
import type { Parameters, SentFile, Values } from './parameters.ts';

/**
 * One literal per resource of MAAS's API 2.0: from it come the routes, the check of the parameters and of the caller's role, the entry
 * in `describe/`, the OpenAPI document, the command line and the tests of rights and of hostile input.
 */
export interface Resource {
	/** MAAS's class name, by which libmaas and the command line know it: `ZonesHandler` */
	readonly name: string;
	/** below `/MAAS/api/2.0/`, with `{placeholders}`: `zones/{name}/` */
	readonly path: string;
	/** further paths that lead to the same */
	readonly also?: readonly string[];
	readonly doc: string;
	/** MAAS's name of the handler for callers without credentials, where it has one: it offers the actions of `who: 'anyone'` */
	readonly anonymous?: string;
	/** keep it out of `describe/`: an alias, whose class name another resource has */
	readonly hidden?: true;
	readonly actions: Readonly<Record<string, Action>>;
}

/**
 * Named read, create, update, delete (GET, POST, PUT, DELETE without `op`), else by its op: POST, or GET where `get` is true.
 * `who`: anyone · user (signed in) · editor (the owner of the object, or an administrator; the handler checks it) · admin.
 */
export interface Action {
	readonly doc: string;
	readonly who: Who;
	readonly get?: true;
	readonly parameters?: Parameters;
	/** Any further name is taken too, with this meaning: constraints, owner data, power_parameters_… */
	readonly rest?: string;
	/** The body is the thing itself: an upload's chunk. */
	readonly rawBody?: true;
	/** Answered with 501 and this sentence: what it needs is not built yet. */
	readonly later?: string;
	/** Answered with 410 and this sentence: MAAS has taken it away. */
	readonly gone?: string;
}

export type Who = 'anyone' | 'user' | 'editor' | 'admin';

/** What a handler knows beside the checked parameters. */
export interface Call<Uri extends string = string> {
	/** the placeholders of the path, decoded */
	readonly uri: Readonly<Record<Uri, string>>;
	readonly user: User;
	/** `who: 'anyone'` only: nobody is signed in; `user` is then a user without any right */
	readonly anonymous: boolean;
	/** parameters beyond the named ones (`rest`), in the order they came */
	readonly rest: ReadonlyMap<string, readonly string[]>;
	/** every file part, by its name; named parameters of kind `file` are in the input too */
	readonly files: ReadonlyMap<string, SentFile>;
	readonly body: Buffer;
	/** as the client has declared it; 0 when it has not */
	readonly contentLength: number;
	/** `scheme://host`, as the client sees this server */
	readonly origin: string;
}

type PlaceholdersOf<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}`
	? Name | PlaceholdersOf<Rest>
	: never;
type InputOf<A extends Action> = A extends { parameters: infer P extends Parameters } ? Values<P> : Record<never, never>;
type Built<R extends Resource> = {
	[Name in keyof R['actions']]: R['actions'][Name] extends { later: string } | { gone: string } ? never : Name;
}[keyof R['actions']];

/** One function per action that exists. It answers a value (200, JSON) or a Reply; it throws Refusal or Invalid. */
export type HandlersOf<R extends Resource> = {
	readonly [Name in Built<R>]: (input: InputOf<R['actions'][Name]>, call: Call<PlaceholdersOf<R['path']>>) => unknown;
};

/** A resource with its handlers; made by `on`. */
export interface Implemented {
	readonly resource: Resource;
	readonly handlers: Readonly<Record<string, (input: never, call: Call) => unknown>>;
}

/** Resources that belong together, in one folder: the literals, and what makes their handlers. */
export interface Group {
	readonly resources: readonly Resource[];
	readonly implement: (parts: Parts) => readonly Implemented[];
}

/** Keeps the literal's own type. */
export const resource = <const R extends Resource>(literal: R): R => literal;

export const on = <R extends Resource>(literal: R, handlers: HandlersOf<R>): Implemented => ({
	resource: literal,
	handlers: handlers as unknown as Implemented['handlers'],
});

export const ROOT = '/MAAS/api/2.0/';

/** The absolute path of an object, as `resource_uri` has it. */
export function uriOf(path: string, placeholders: Readonly<Record<string, string | number>> = {}): string {
	return (
		ROOT +
		path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(placeholders[name] ?? '')).replaceAll('%3A', ':'))
	);
}

const METHODS: Readonly<Record<string, string>> = { read: 'GET', create: 'POST', update: 'PUT', delete: 'DELETE' };

/** Which request an action answers. */
export function requestOf(name: string, action: Action): { method: string; op: string | null } {
	const restful = METHODS[name];
	return restful ? { method: restful, op: null } : { method: action.get ? 'GET' : 'POST', op: name };
}
