import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resources } from '../../../../controller/api/maas/groups.ts';
import type { Parameter } from '../../../../controller/api/maas/parameters.ts';
import { type Action, type Resource, requestOf, uriOf } from '../../../../controller/api/maas/resource.ts';
import { formOf, type MaasClient, startMaas } from '../../../support/maasClient.ts';
import { makeMaasWorld } from '../../../support/maasWorld.ts';
import { addCommissioned } from '../../../support/manyMachines.ts';

/** How often each operation is asked; `FUZZ_RUNS=100` for a long look. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 20);

/** What strangers put into forms. */
const hostile = fc.oneof(
	fc.constantFrom(
		'',
		' ',
		'\0',
		'null',
		'undefined',
		'NaN',
		'-1',
		'0',
		'1e309',
		'9007199254740993',
		'99999999999999999999',
		'true',
		'../../etc/passwd',
		"'; drop table node; --",
		'" or 1=1',
		'<script>alert(1)</script>',
		'{{7*7}}',
		'%00%0d%0a',
		'\r\nSet-Cookie: a=b',
		'\u202egnp.exe',
		'\ud800',
		'🧨'.repeat(300),
		'x'.repeat(70_000),
		'[]',
		'{"__proto__": {"a": 1}}',
		'__proto__',
		'constructor',
		'255.255.255.255/33',
		'10.0.0.0/8',
		'::ffff:1.2.3.4',
		'fe80::1%eth0',
		'0.0.0.0',
		'id:1',
		'vid:0',
		'space:undefined',
		'name:',
		'world',
		'1',
		'2',
	),
	fc.string({ unit: 'binary', maxLength: 40 }),
	fc.string({ unit: 'grapheme', maxLength: 40 }),
);

/** Nothing that would make the controller send packets to strangers: a BMC's address, an address to fetch from. */
const QUIET = /^(power_|hostname$|keysource|url$|chassis)/;

function sentAs(name: string, { kind, choices }: Parameter): fc.Arbitrary<string> {
	if (QUIET.test(name)) return fc.constantFrom('', 'manual', '\0', 'x'.repeat(300), '“');
	const fitting: Record<Parameter['kind'], fc.Arbitrary<string>> = {
		text: hostile,
		integer: fc.integer({ min: -10, max: 5000 }).map(String),
		boolean: fc.constantFrom('true', 'false', '0', '1', 'on'),
		choice: fc.constantFrom(...(choices ?? ['x'])),
		list: fc.array(hostile, { maxLength: 4 }).map((words) => words.join(',')),
		file: hostile,
		base64: fc.oneof(fc.base64String(), hostile),
		json: fc.oneof(fc.json({ maxDepth: 2 }), hostile),
	};
	return fc.oneof({ weight: 2, arbitrary: fitting[kind] }, { weight: 1, arbitrary: hostile });
}

function formsOf(action: Action): fc.Arbitrary<Record<string, string | string[]>> {
	const named = Object.fromEntries(
		Object.entries(action.parameters ?? {}).map(([name, parameter]) => {
			const value = sentAs(name, parameter);
			return [name, fc.oneof(value, fc.array(value, { minLength: 1, maxLength: 3 }))];
		}),
	);
	const further = action.rest
		? fc.dictionary(
				fc.oneof(hostile, fc.constantFrom('mem', 'tags', 'storage', 'interfaces', 'zone', 'status', 'subnets')),
				hostile,
				{ maxKeys: 3 },
			)
		: fc.constant({});
	return fc
		.tuple(fc.record(named, { requiredKeys: [] }) as fc.Arbitrary<Record<string, string | string[]>>, further)
		.map(([form, more]) => ({
			...Object.fromEntries((Object.entries(more) as [string, string][]).filter(([name]) => !QUIET.test(name) && name !== 'op')),
			...form,
		}));
}

async function ask(
	ann: MaasClient,
	resource: Resource,
	name: string,
	action: Action,
	uri: Record<string, string>,
	form: Record<string, string | string[]>,
) {
	const { method, op } = requestOf(name, action);
	const path = `${uriOf(resource.path, uri)}${op === null ? '?' : `?op=${op}&`}`;
	const body = formOf(form);
	if (action.rawBody)
		return ann.send(method, path, { body: Object.values(form).join(), headers: { 'content-type': 'application/octet-stream' } });
	if (method === 'GET' || method === 'DELETE') {
		const query = body.toString();
		return ann.send(method, `${path}${query.length > 12_000 ? '' : query}`);
	}
	return ann.send(method, path, { body });
}

test('no input of any operation is a bug: every answer is below 500, or a 501 that the literal announces', async (t) => {
	const { ann, store } = await startMaas(t);
	const machine = addCommissioned(store, 1);
	const world = await makeMaasWorld(ann, machine.systemId);
	let asked = 0;
	// deletions last: the objects are needed
	const operations = resources
		.flatMap((resource) => Object.entries(resource.actions).map(([name, action]) => ({ resource, name, action })))
		.filter(({ action }) => !action.later && !action.gone)
		.toSorted((a, b) => Number(a.name === 'delete') - Number(b.name === 'delete'));
	for (const { resource, name, action } of operations) {
		const real = world.uriOf(resource.path);
		const placeholders = [...resource.path.matchAll(/\{(\w+)\}/g)].map(([, placeholder]) => placeholder as string);
		const invented = fc.record(
			Object.fromEntries(placeholders.map((each) => [each, hostile.map((text) => text.slice(0, 200).toWellFormed() || 'x')])),
		);
		const uris =
			real && placeholders.length > 0
				? fc.oneof({ weight: 3, arbitrary: fc.constant(real) }, { weight: 1, arbitrary: invented })
				: invented;
		await fc.assert(
			fc.asyncProperty(uris, formsOf(action), async (uri, form) => {
				asked++;
				const answer = await ask(ann, resource, name, action, uri as Record<string, string>, form);
				const fine =
					answer.status < 500 ||
					(answer.status === 503 && answer.text.length > 10) ||
					(answer.status === 501 && answer.text.length > 20);
				assert.ok(fine, `${resource.name}.${name} answered ${answer.status}: ${answer.text.slice(0, 300)}`);
				if (answer.type.startsWith('application/json')) answer.json();
			}),
			{ numRuns: RUNS, seed: 20260102, endOnFailure: true },
		);
	}
	assert.equal((await ann.get('users/', { op: 'whoami' })).status, 200, 'the controller still answers');
	t.diagnostic(`${asked} hostile requests to ${operations.length} operations, none answered with 500`);
});
