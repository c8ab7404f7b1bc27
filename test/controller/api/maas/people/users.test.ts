import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMaas } from '../../../../support/maasClient.ts';
import { addMachine } from '../../../../support/makeStore.ts';
import { sshPublicKey } from '../../../../support/sshPublicKey.ts';

const object = (username: string, email: string, is_superuser: boolean) => ({
	username,
	email,
	is_superuser,
	is_local: true,
	resource_uri: `/MAAS/api/2.0/users/${username}/`,
});
const amy = { username: 'amy', email: 'amy@example.org', password: 'a long one', is_superuser: 0 };

test('users: added, listed by name, shown, deleted', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const made = await ann.post('users/', null, { ...amy, key: sshPublicKey('amy@desk') });
	assert.deepEqual([made.status, made.json()], [200, object('amy', 'amy@example.org', false)]);
	assert.equal(store.users.sshKeys(store.users.byName('amy')?.id ?? 0).length, 1);
	assert.equal((await store.users.checkPassword('amy', 'a long one'))?.username, 'amy');
	assert.deepEqual((await bob.get('users/')).json(), [
		object('amy', 'amy@example.org', false),
		object('ann', '', true),
		object('bob', '', false),
		object('eve', '', false),
	]);
	assert.deepEqual((await bob.get('users/', { op: 'whoami' })).json(), object('bob', '', false));
	assert.deepEqual((await bob.get('users/amy/')).json(), object('amy', 'amy@example.org', false));
	assert.equal((await ann.delete('users/amy/')).status, 204);
	assert.equal((await ann.get('users/amy/')).status, 404);
	const root = await ann.post('users/', null, { ...amy, is_superuser: 1 });
	assert.equal(root.json().is_superuser, true);
});

test('users: what can’t be added', async (t) => {
	const { ann, bob } = await startMaas(t);
	for (const [what, change, status, body] of [
		['no name', { username: '' }, 400, 'No provided username!'],
		['no password', { password: '' }, 400, 'No provided password!'],
		['no role', { is_superuser: '' }, 400, 'No provided is_superuser!'],
		['another word for a role', { is_superuser: 'true' }, 400, { is_superuser: ['Enter 0 or 1.'] }],
		['a taken name', { username: 'bob' }, 400, { username: ['A user with that username already exists.'] }],
		['a name of other letters', { username: 'a/b' }, 400, { username: ['Up to 150 letters, digits, and @ . + - _'] }],
		['no e-mail address', { email: 'amy' }, 400, { email: ['Enter a valid email address.'] }],
		['no SSH key', { key: 'ssh-rsa' }, 400, { key: ['This is no SSH public key: after ssh-rsa the key itself is missing.'] }],
	] as const) {
		const answer = await ann.post('users/', null, { ...amy, ...change });
		assert.deepEqual([answer.status, typeof body === 'string' ? answer.text : answer.json()], [status, body], what);
	}
	await ann.post('users/', null, amy);
	const twin = await ann.post('users/', null, { ...amy, username: 'amy2' });
	assert.deepEqual(twin.json(), { email: ['User with this E-mail address already exists.'] });
	assert.equal((await bob.post('users/', null, { ...amy, username: 'x' })).status, 403);
});

test('users: who has something stays, or hands it on', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { ownerId: bob.user.id });
	for (const [what, answer, status, text] of [
		['oneself', await ann.delete('users/ann/'), 400, /own account/],
		['an owner', await ann.delete('users/bob/'), 400, /^bob can’t be deleted: 1 node\(s\) still belong to this user/],
		['an heir who isn’t there', await ann.delete('users/bob/', { transfer_resources_to: 'zoe' }), 404, /^No User matches/],
		['an heir who goes too', await ann.delete('users/bob/', { transfer_resources_to: 'bob' }), 400, /1 node/],
		['nobody', await ann.delete('users/zoe/'), 404, /^No User matches the given query\.$/],
		['by a user', await bob.delete('users/eve/'), 403, /not allowed/],
	] as const) {
		assert.equal(answer.status, status, what);
		assert.match(answer.text, text, what);
	}
	assert.equal(store.machines.byId(machine.id)?.ownerId, bob.user.id);
	assert.equal((await ann.delete('users/bob/', { transfer_resources_to: 'eve' })).status, 204);
	assert.equal(store.machines.byId(machine.id)?.ownerId, store.users.byName('eve')?.id);
	assert.equal((await bob.get('users/')).status, 401, 'the keys went with the user');
});
