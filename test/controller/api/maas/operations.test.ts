import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { resources } from '../../../../controller/api/maas/groups.ts';
import { requestOf } from '../../../../controller/api/maas/resource.ts';

/** What MAAS 3.7 offers that any known client calls: handler, path, actions. */
const expected = readFileSync(path.join(import.meta.dirname, '../../../golden/maas/operations.txt'), 'utf8')
	.split('\n')
	.filter((line) => line !== '' && !line.startsWith('#'))
	.map((line) => line.split(' '));

test('every resource and operation of MAAS is there, under its name and path', () => {
	const missing = expected.flatMap(([name = '', where = '', ...actions]) => {
		const found = resources.find((each) => each.name === name && !each.hidden);
		if (!found) return [`${name} (${where})`];
		const wrongPath = found.path === where ? [] : [`${name} is at ${found.path}, not at ${where}`];
		return [...wrongPath, ...actions.filter((action) => !(action in found.actions)).map((action) => `${name}.${action}`)];
	});
	assert.deepEqual(missing, []);
});

test('the table of every resource and operation: done, or refused and why', (t) => {
	const rows = resources
		.filter((each) => !each.hidden)
		.flatMap((each) =>
			Object.entries(each.actions).map(([name, action]) => {
				const { method, op } = requestOf(name, action);
				const state = action.later ? `501 ${action.later}` : action.gone ? `410 ${action.gone}` : 'done';
				return { each, what: `${method.padEnd(6)} ${each.path}${op === null ? '' : `?op=${op}`}`, who: action.who, state };
			}),
		)
		.toSorted((a, b) => (a.each.path < b.each.path ? -1 : a.each.path > b.each.path ? 1 : 0));
	const wide = Math.max(...rows.map((row) => row.what.length));
	for (const { what, who, state } of rows) t.diagnostic(`${what.padEnd(wide)}  ${who.padEnd(6)}  ${state}`);
	const count = (begin: string) => rows.filter((row) => row.state.startsWith(begin)).length;
	t.diagnostic(
		`${resources.length} resources, ${rows.length} operations: ${count('done')} done, ${count('501')} later, ${count('410')} gone`,
	);
	for (const { what, state } of rows) assert.ok(state === 'done' || state.length > 20, `${what} says why`);
});

test('what comes later is in the README, so that nobody finds out by trying', () => {
	const readme = readFileSync(path.join(import.meta.dirname, '../../../../README.md'), 'utf8');
	const unsaid = resources.flatMap((each) =>
		Object.entries(each.actions)
			.filter(([name, action]) => action.later && !readme.includes(`${each.path}${name in restful ? ` ${name}` : `?op=${name}`}`))
			.map(([name]) => `${each.path} ${name}`),
	);
	assert.deepEqual(unsaid, []);
});

const restful = { read: 1, create: 1, update: 1, delete: 1 };
