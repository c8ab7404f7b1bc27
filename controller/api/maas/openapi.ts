import { placeholders } from './describe.ts';
import type { Parameter } from './parameters.ts';
import { type Action, type Resource, ROOT, requestOf } from './resource.ts';

/**
 * The API as an OpenAPI 3.1 document. OpenAPI has one operation per method and path, MAAS several (`op`): each op is a path of its own
 * with its query, as documentation tools show it, and carries the plain path in `x-maas-path`.
 */
export function openApi(resources: readonly Resource[], version: string): object {
	const paths: Record<string, Record<string, object>> = {};
	for (const each of resources)
		for (const [name, action] of Object.entries(each.actions)) {
			const { method, op } = requestOf(name, action);
			const path = `${ROOT}${each.path}${op === null ? '' : `?op=${op}`}`;
			paths[path] = { ...paths[path], [method.toLowerCase()]: operation(each, name, action, method) };
		}
	return {
		openapi: '3.1.0',
		info: { title: 'MAAS API 2.0, as Metaldesk speaks it', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
		components: { securitySchemes: { oauth: { type: 'http', scheme: 'OAuth' } } },
		security: [{ oauth: [] }],
		paths,
	};
}

function operation(each: Resource, name: string, action: Action, method: string): object {
	const given = Object.entries(action.parameters ?? {});
	const inQuery = method === 'GET' || method === 'DELETE';
	const uri = placeholders(each.path).map((placeholder) => ({
		name: placeholder,
		in: 'path',
		required: true,
		schema: { type: 'string' },
	}));
	const query = given.map(([parameter, about]) => ({
		name: parameter,
		in: 'query',
		required: about.required !== false,
		description: about.doc,
		schema: schemaOf(about),
	}));
	const body = {
		type: 'object',
		properties: Object.fromEntries(
			given.map(([parameter, about]) => [parameter, { ...schemaOf(about), description: about.doc }]),
		),
		required: given.filter(([, about]) => about.required !== false).map(([parameter]) => parameter),
		additionalProperties: action.rest !== undefined,
	};
	return {
		operationId: `${each.name}_${name}`,
		tags: [each.name.replace(/Handler$/, '')],
		summary: action.doc,
		'x-maas-path': ROOT + each.path,
		...(action.who === 'anyone' ? { security: [] } : {}),
		parameters: inQuery ? [...uri, ...query] : uri,
		...(inQuery || given.length === 0
			? {}
			: {
					requestBody: {
						content: { 'multipart/form-data': { schema: body }, 'application/x-www-form-urlencoded': { schema: body } },
					},
				}),
		responses: responsesOf(action),
	};
}

function responsesOf(action: Action): object {
	if (action.later) return { 501: { description: action.later } };
	if (action.gone) return { 410: { description: action.gone } };
	return {
		200: { description: 'Done' },
		400: { description: 'A parameter does not fit: an object of sentences by field, or one sentence' },
		...(action.who === 'anyone' ? {} : { 401: { description: 'Who asks is not known' } }),
		...(action.who === 'admin' || action.who === 'editor' ? { 403: { description: 'Not for this user' } } : {}),
	};
}

function schemaOf({ kind, choices }: Parameter): object {
	if (choices) return { type: 'string', enum: choices };
	switch (kind) {
		case 'integer':
		case 'boolean':
			return { type: kind };
		case 'list':
			return { type: 'array', items: { type: 'string' } };
		case 'file':
			return { type: 'string', format: 'binary' };
		case 'base64':
			return { type: 'string', contentEncoding: 'base64' };
		default:
			return { type: 'string' };
	}
}
