import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startKeyServer } from '../../../../support/keyServer.ts';
import { startMaas } from '../../../../support/maasClient.ts';
import { sshPublicKey } from '../../../../support/sshPublicKey.ts';

const path = 'account/prefs/sshkeys/';

test('SSH keys: added, listed, shown and deleted by their owner', async (t) => {
	const { ann, bob } = await startMaas(t);
	const key = sshPublicKey('bob@desk');
	const made = await bob.post(path, null, { key: `  ${key}\n` });
	const object = { id: 1, key, keysource: null, resource_uri: '/MAAS/api/2.0/account/prefs/sshkeys/1/' };
	assert.deepEqual([made.status, made.json()], [201, object]);
	assert.deepEqual([(await bob.get(path)).json(), (await ann.get(path)).json()], [[object], []]);
	assert.deepEqual((await bob.get(`${path}1/`)).json(), object);
	const others = await ann.delete(`${path}1/`);
	assert.deepEqual([others.status, others.text], [403, 'This key is somebody else’s.']);
	assert.equal((await bob.delete(`${path}1/`)).status, 204);
	assert.equal((await bob.delete(`${path}1/`)).text, 'No SSHKey matches the given query.');
});

test('SSH keys: an administrator may add one for somebody else', async (t) => {
	const { ann, bob, store } = await startMaas(t);
	const key = sshPublicKey('bob@desk');
	assert.equal((await bob.post(path, null, { key, user: 'ann' })).status, 403);
	assert.equal((await ann.post(path, null, { key, user: 'bob' })).status, 201);
	assert.equal(store.users.sshKeys(bob.user.id).length, 1);
	assert.deepEqual((await ann.post(path, null, { key, user: 'zoe' })).json(), { user: ['There is no user zoe.'] });
});

test('SSH keys: what is no key, or here already, is refused by its field', async (t) => {
	const { bob } = await startMaas(t);
	const key = sshPublicKey('x');
	await bob.post(path, null, { key });
	assert.deepEqual((await bob.post(path, null, { key })).json(), { key: ['This key has already been added for this user.'] });
	assert.deepEqual((await bob.post(path)).json(), { key: ['This field is required.'] });
	assert.match((await bob.post(path, null, { key: 'ssh-ed25519 AAAA' })).text, /no SSH public key: the key ends too early/);
});

test('SSH keys: imported from where the settings say', async (t) => {
	const { bob, store } = await startMaas(t);
	const key = sshPublicKey('amy');
	const { settings } = await startKeyServer(t, { '/users/amy/keys': JSON.stringify([{ id: 1, key }]) });
	store.settings.set(settings);
	const imported = await bob.post(path, 'import', { keysource: 'gh:amy' });
	const object = { id: 1, key, keysource: 'gh:amy', resource_uri: '/MAAS/api/2.0/account/prefs/sshkeys/1/' };
	assert.deepEqual([imported.status, imported.json()], [200, [object]]);
	const refused = await bob.post(path, 'import', { keysource: 'lp:amy' });
	assert.equal(refused.status, 400);
	assert.match(refused.text, /^Launchpad knows no user amy\./);
	assert.equal((await bob.post(path, 'import')).text, 'No provided keysource!');
});
