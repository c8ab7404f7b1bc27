import assert from 'node:assert/strict';
import { test } from 'node:test';
import { resources } from '../../../../controller/api/maas/groups.ts';
import { type Action, type Resource, requestOf, uriOf } from '../../../../controller/api/maas/resource.ts';
import { type MaasClient, startMaas } from '../../../support/maasClient.ts';
import { makeMaasWorld } from '../../../support/maasWorld.ts';
import { addCommissioned } from '../../../support/manyMachines.ts';

type Api = Pick<MaasClient, 'send'>;

const operations = resources.flatMap((resource) =>
	Object.entries(resource.actions).map(([name, action]) => ({ resource, name, action, title: `${resource.name}.${name}` })),
);

const call = (client: Api, resource: Resource, name: string, action: Action, uri: Readonly<Record<string, string>>) => {
	const { method, op } = requestOf(name, action);
	return client.send(method, `${uriOf(resource.path, uri)}${op === null ? '' : `?op=${op}`}`);
};
/** Objects that don't exist: rights are looked at before them. */
const nothing = (path: string) => Object.fromEntries([...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => [name, '987654']));
const refused = (status: number) => status === 401 || status === 403;

/**
 * Generated from the literals: each operation is asked for in each role, and answers with a refusal exactly where the literal says so.
 * What the answer is otherwise does not matter here, an object that is missing or a parameter that is, for instance.
 */
test('every operation by nobody, a user and an administrator', async (t) => {
	const { nobody, bob, ann } = await startMaas(t);
	let pairs = 0;
	for (const { resource, name, action, title } of operations) {
		const uri = nothing(resource.path);
		const onlyAnyone = Object.values(resource.actions).every((each) => each.who === 'anyone');
		const byNobody = await call(nobody, resource, name, action, uri);
		if (action.who === 'anyone')
			assert.ok(!refused(byNobody.status) || onlyAnyone, `${title} is open to anyone: ${byNobody.text}`);
		else assert.equal(byNobody.status, 401, `${title} by nobody: ${byNobody.text}`);
		const byUser = await call(bob, resource, name, action, uri);
		if (action.who === 'admin') {
			assert.deepEqual([byUser.status, byUser.text], [403, 'User is not allowed access to this API.'], `${title} by a user`);
		} else assert.ok(!refused(byUser.status), `${title} by a user: ${byUser.status} ${byUser.text}`);
		const byAdmin = await call(ann, resource, name, action, uri);
		assert.ok(!refused(byAdmin.status), `${title} by an administrator: ${byAdmin.status} ${byAdmin.text}`);
		pairs += 3;
	}
	t.diagnostic(`${operations.length} operations, ${pairs} pairs of operation and role`);
});

test('what belongs to somebody else: strangers may look, and change nothing', async (t) => {
	const { bob, eve, ann, store } = await startMaas(t);
	const machine = addCommissioned(store, 1);
	const world = await makeMaasWorld(ann, machine.systemId);
	store.machines.update(machine.id, { ownerId: bob.user.id });
	const device = await bob.post('devices/', null, { hostname: 'bobs', mac_addresses: '52:54:00:00:03:03' });
	const { system_id } = device.json<{ system_id: string }>();
	let pairs = 0;
	for (const { resource, name, action, title } of operations) {
		if (action.who !== 'editor' || action.later || action.gone) continue;
		const uri = resource.path.startsWith('devices/{') ? { system_id } : world.uriOf(resource.path);
		assert.ok(uri, `${title} needs an object: ${world.why.get(resource.path)}`);
		const byStranger = await call(eve, resource, name, action, uri);
		assert.ok([403, 400].includes(byStranger.status), `${title} by a stranger: ${byStranger.status} ${byStranger.text}`);
		assert.equal(store.machines.bySystemId(machine.systemId)?.status, 'ready', `${title} by a stranger changed nothing`);
		pairs++;
	}
	t.diagnostic(`${pairs} operations on somebody else’s objects`);
});

test('no answer to a user holds a BMC’s password', async (t) => {
	const { bob, ann, store } = await startMaas(t);
	const machine = addCommissioned(store, 1);
	const secret = 'sw0rdfish-of-the-bmc';
	const form = {
		power_type: 'ipmi',
		power_parameters_power_address: '127.0.0.1',
		power_parameters_power_pass: secret,
		power_parameters_skip_check: true,
	};
	const set = await ann.put(`machines/${machine.systemId}/`, { ...form, power_parameters_power_user: 'admin' });
	assert.equal(set.status, 200, set.text);
	assert.match(
		(await ann.get(`machines/${machine.systemId}/`, { op: 'power_parameters' })).text,
		new RegExp(secret),
		'an administrator sees it',
	);
	const world = await makeMaasWorld(ann, machine.systemId);
	for (const { resource, name, action, title } of operations) {
		const { method } = requestOf(name, action);
		const uri = world.uriOf(resource.path);
		// query_power_state waits for a BMC that is not there, and answers one word
		if (method !== 'GET' || !uri || name === 'query_power_state') continue;
		const answer = await call(bob, resource, name, action, uri);
		assert.ok(!answer.text.includes(secret), title);
	}
});
