import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resources } from '../../../../controller/api/maas/groups.ts';
import { requestOf, uriOf } from '../../../../controller/api/maas/resource.ts';
import { startMaas } from '../../../support/maasClient.ts';
import { makeMaasWorld } from '../../../support/maasWorld.ts';
import { addCommissioned } from '../../../support/manyMachines.ts';

/** Every question that answers with a list: GET without parameters that must be given. */
const lists = resources.flatMap((resource) =>
	Object.entries(resource.actions)
		.filter(([name, action]) => requestOf(name, action).method === 'GET' && !action.later && !action.gone)
		.filter(([, action]) => Object.values(action.parameters ?? {}).every((parameter) => parameter.required === false))
		.map(([name, action]) => ({ resource, op: requestOf(name, action).op, title: `${resource.name}.${name}` })),
);

test('no list asks the database more often because it is longer', async (t) => {
	const { ann, store } = await startMaas(t);
	const machine = addCommissioned(store, 1);
	const world = await makeMaasWorld(ann, machine.systemId);
	const measure = async () => {
		const counts = new Map<string, { statements: number; length: number }>();
		for (const { resource, op, title } of lists) {
			const uri = world.uriOf(resource.path);
			if (!uri) continue;
			const path = `${uriOf(resource.path, uri)}${op === null ? '' : `?op=${op}`}`;
			let statements = Number.POSITIVE_INFINITY;
			let answer = await ann.get(path);
			// the least of three: the controller's own watches ask now and then, too
			for (let turn = 0; turn < 3; turn++) {
				const before = store.statements();
				answer = await ann.get(path);
				statements = Math.min(statements, store.statements() - before);
			}
			const value: unknown = answer.type.startsWith('application/json') ? answer.json() : null;
			if (answer.status !== 200 || !Array.isArray(value)) continue;
			counts.set(title, { statements, length: value.length });
		}
		return counts;
	};
	const few = await measure();
	for (let number = 2; number < 8; number++) {
		const another = addCommissioned(store, number);
		await makeMaasWorld(ann, another.systemId, number);
		await makeMaasWorld(ann, machine.systemId, number + 10);
	}
	const many = await measure();
	let grown = 0;
	for (const [title, { statements, length }] of many) {
		const before = few.get(title);
		assert.ok(before, title);
		if (length > before.length) grown++;
		assert.ok(
			statements <= before.statements,
			`${title}: ${before.statements} statements for ${before.length}, ${statements} for ${length}`,
		);
	}
	t.diagnostic(`${many.size} lists, ${grown} of them longer at the second look`);
});
