import { createHash } from 'node:crypto';
import type { Parameter } from './parameters.ts';
import { type Action, type Resource, ROOT, requestOf } from './resource.ts';

/**
 * `describe/`: the whole API as data (facts §1.6). python-libmaas and MAAS's command line are driven by it: handler names, number and
 * names of placeholders, and actions are therefore part of the API. Beyond MAAS's keys each action has `parameters`, for our own
 * command line; clients ignore keys that they don't know.
 */
export interface Description {
	readonly doc: string;
	readonly hash: string;
	readonly resources: readonly {
		readonly name: string;
		readonly anon: Handler | null;
		readonly auth: Handler | null;
	}[];
}
export interface Handler {
	readonly name: string;
	readonly doc: string;
	readonly params: readonly string[];
	readonly path: string;
	readonly uri: string;
	readonly actions: readonly DescribedAction[];
}
export interface DescribedAction {
	readonly name: string;
	readonly doc: string;
	readonly method: string;
	readonly op: string | null;
	readonly restful: boolean;
	readonly parameters: readonly DescribedParameter[];
}
export type DescribedParameter = Pick<Parameter, 'kind' | 'doc' | 'choices'> & {
	readonly name: string;
	readonly required: boolean;
};

export function describeApi(resources: readonly Resource[], origin: string): Description {
	const described = resources
		.filter((each) => !each.hidden)
		.map((each) => ({
			name: each.name,
			anon: handlerOf(each, origin, 'anyone'),
			auth: handlerOf(each, origin, 'known'),
		}))
		.toSorted((a, b) => (a.name < b.name ? -1 : 1));
	return { doc: 'MAAS API 2.0, as Metaldesk speaks it.', hash: hashOf(resources), resources: described };
}

/** Changes with the API, never with the address under which it is reached; sent with every answer. */
export function hashOf(resources: readonly Resource[]): string {
	const shape = resources.map((each) => [each.name, each.path, Object.entries(each.actions)]);
	return createHash('sha256').update(JSON.stringify(shape)).digest('hex').slice(0, 40);
}

function handlerOf(each: Resource, origin: string, asked: 'anyone' | 'known'): Handler | null {
	const actions = Object.entries(each.actions).filter(([, action]) => asked === 'known' || action.who === 'anyone');
	if (asked === 'anyone' ? actions.length === 0 : actions.every(([, action]) => action.who === 'anyone') && !each.anonymous)
		return null;
	const path = ROOT + each.path;
	return {
		name: asked === 'anyone' ? (each.anonymous ?? each.name) : each.name,
		doc: each.doc,
		params: placeholders(each.path),
		path,
		uri: origin + path,
		actions: actions.map(([name, action]) => actionOf(name, action)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
	};
}

function actionOf(name: string, action: Action): DescribedAction {
	const parameters = Object.entries(action.parameters ?? {}).map(([parameter, { kind, doc, required, choices }]) => ({
		name: parameter,
		kind,
		doc,
		required: required !== false,
		...(choices ? { choices } : {}),
	}));
	// MAAS's own command line takes key=value words for an action only where a paragraph after the first names a :param
	const named = [
		...parameters.map((each) => `:param ${each.name}: ${each.required ? 'Required. ' : ''}${each.doc}`),
		...(action.rest ? [`:param NAME: ${action.rest}`] : []),
	].join('\n');
	const doc = named === '' ? action.doc : `${action.doc}\n\n${named}`;
	const { method, op } = requestOf(name, action);
	return { name, doc, method, op, restful: op === null, parameters };
}

export const placeholders = (path: string): string[] => [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string);
