import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';

test('zones: added, renamed, listed, deleted; their nodes fall back to the default zone', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const made = await ann.post('zones/', null, { name: 'row-1', description: 'the first row' });
	const zone = { id: 2, name: 'row-1', description: 'the first row', resource_uri: '/MAAS/api/2.0/zones/row-1/' };
	assert.deepEqual([made.status, made.json()], [200, zone]);
	const changed = await ann.put('zones/row-1/', { name: 'row-one' });
	assert.deepEqual(changed.json(), { ...zone, name: 'row-one', resource_uri: '/MAAS/api/2.0/zones/row-one/' });
	assert.deepEqual(
		(await bob.get('zones')).json<{ name: string }[]>().map((each) => each.name),
		['default', 'row-one'],
	);

	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { zoneId: 2 });
	assert.deepEqual([(await ann.delete('zones/row-one/')).status, (await ann.delete('zones/row-one/')).status], [204, 204]);
	assert.equal(store.machines.byId(machine.id)?.zoneId, 1);
});

test('zones: what is refused, and in which words', async (t) => {
	const { ann, bob, nobody } = await startMaas(t);
	await ann.post('zones/', null, { name: 'row-1' });
	for (const [what, answer, status, body] of [
		['no name', await ann.post('zones/'), 400, { name: ['This field is required.'] }],
		['a name with a slash', await ann.post('zones/', null, { name: 'a/b' }), 400, /letters, digits/],
		['a taken name', await ann.post('zones/', null, { name: 'row-1' }), 400, { name: ['Zone with this Name already exists.'] }],
		['the default zone’s end', await ann.delete('zones/default/'), 400, /cannot be deleted/],
		['an unknown zone', await ann.get('zones/nowhere/'), 404, /^No Zone matches the given query\.$/],
		['a user', await bob.post('zones/', null, { name: 'x' }), 403, /^User is not allowed access to this API\.$/],
		['nobody', await nobody.get('zones/'), 401, /./],
		['an op that is none', await ann.post('zones/', 'explode'), 400, /^Unrecognised signature: method=POST op=explode$/],
	] as const) {
		assert.equal(answer.status, status, what);
		if (body instanceof RegExp) assert.match(answer.text, body, what);
		else assert.deepEqual(answer.json(), body, what);
	}
});
