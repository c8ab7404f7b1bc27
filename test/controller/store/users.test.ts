import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { User } from '../../../controller/store/users.ts';
import { addMachine, makeStore } from '../../support/makeStore.ts';

const ann = { username: 'ann', password: 'correct horse', isAdmin: true, at: '2026-01-02T03:04:05.000Z' };

test('a user is known by name and password, and by nothing else', async (t) => {
	const { store } = makeStore(t);
	assert.equal(store.users.any(), false);
	const user = await store.users.create(ann);
	assert.deepEqual(user, { id: 1, username: 'ann', email: '', isAdmin: true });
	assert.equal(await store.users.create({ ...ann, password: 'another one' }), undefined);
	assert.deepEqual(await store.users.checkPassword('ann', 'correct horse'), user);
	for (const [name, password] of [
		['ann', 'correct horse '],
		['ann', ''],
		['Ann', 'correct horse'],
		['nobody', 'correct horse'],
		["ann' --", 'x'],
	] as const)
		assert.equal(await store.users.checkPassword(name, password), undefined, `${name} ${password}`);
});

test('passwords are compared as the keyboard means them, not as it writes them', async (t) => {
	const { store } = makeStore(t);
	await store.users.create({ ...ann, password: 'pa\u0308ssword' });
	assert.ok(await store.users.checkPassword('ann', 'p\u00e4ssword'));
});

test('of two first administrators at once there is one', async (t) => {
	const { store } = makeStore(t);
	const made = await Promise.all([
		store.users.create({ ...ann, onlyFirst: true }),
		store.users.create({ ...ann, username: 'eve', onlyFirst: true }),
	]);
	assert.equal(made.filter(Boolean).length, 1);
	assert.equal(store.users.names().size, 1);
});

test('a session is good until it ends or is closed, and the file knows only its hash', async (t) => {
	const { store, folder } = makeStore(t);
	await store.users.create(ann);
	const token = store.users.openSession(1, '2026-01-03T00:00:00.000Z');
	assert.equal(store.users.bySession(token, '2026-01-02T23:59:59.999Z')?.username, 'ann');
	assert.equal(store.users.bySession(token, '2026-01-03T00:00:00.000Z'), undefined);
	assert.equal(store.users.bySession('', '2026-01-02T00:00:00.000Z'), undefined);
	assert.ok(!readFileSync(path.join(folder, 'region.db-wal')).includes(token));
	store.users.closeSession(token);
	assert.equal(store.users.bySession(token, '2026-01-02T00:00:00.000Z'), undefined);
});

test('an API key has MAAS’s three parts, and all of them must be right', async (t) => {
	const { store } = makeStore(t);
	await store.users.create(ann);
	const key = store.users.createApiKey(1, 'command line');
	assert.match(key, /^[A-Za-z0-9]{18}:[A-Za-z0-9]{18}:[A-Za-z0-9]{32}$/);
	const [consumer = '', token = '', secret = ''] = key.split(':');
	assert.equal((store.users.byApiToken(consumer, token, secret) as User).username, 'ann');
	for (const [wrong, why] of [
		[[token, consumer, secret], 'unknown-consumer'],
		[[consumer, token, `${secret}x`], 'wrong-token'],
		[[consumer, token, ''], 'wrong-token'],
		[[consumer, 'x', secret], 'wrong-token'],
	] as [[string, string, string], string][])
		assert.equal(store.users.byApiToken(...wrong), why);
});

test('SSH keys belong to one user each, once', async (t) => {
	const { store } = makeStore(t);
	await store.users.create(ann);
	await store.users.create({ ...ann, username: 'bob' });
	const key = { type: 'ssh-ed25519', fingerprint: 'SHA256:x', comment: 'ann@desk', key: 'ssh-ed25519 AAAA ann@desk' };
	assert.deepEqual(store.users.addSshKey(1, key), { id: 1, ...key, source: null });
	assert.equal(store.users.addSshKey(1, key), undefined);
	assert.equal(store.users.addSshKey(2, key)?.id, 2);
	assert.equal(store.users.deleteSshKey(2, 1), false);
	assert.equal(store.users.deleteSshKey(1, 1), true);
	assert.deepEqual([store.users.sshKeys(1), store.users.sshKeys(2).length], [[], 1]);
});

test('API keys are listed, renamed and revoked by their token; others’ are out of reach', async (t) => {
	const { store } = makeStore(t);
	await store.users.create(ann);
	await store.users.create({ ...ann, username: 'bob', isAdmin: false });
	const { consumerKey, tokenKey, tokenSecret } = store.users.createApiToken(1, 'desk');
	store.users.createApiToken(1, 'phone');
	assert.deepEqual(
		store.users.apiTokens(1).map(({ name }) => name),
		['desk', 'phone'],
	);
	assert.deepEqual([store.users.renameApiToken(2, tokenKey, 'x'), store.users.deleteApiToken(2, tokenKey)], [false, false]);
	assert.equal(store.users.renameApiToken(1, tokenKey, 'old desk'), true);
	assert.equal(store.users.apiTokens(1)[0]?.name, 'old desk');
	assert.equal(store.users.deleteApiToken(1, tokenKey), true);
	assert.equal(store.users.byApiToken(consumerKey, tokenKey, tokenSecret), 'unknown-consumer');
});

test('a user who is switched off has no session, no password and no key any more, until switched on again', async (t) => {
	const { store } = makeStore(t);
	const { id } = (await store.users.create(ann)) as User;
	const session = store.users.openSession(id, '2026-01-03T00:00:00.000Z');
	const { consumerKey, tokenKey, tokenSecret } = store.users.createApiToken(id, 'desk');
	const known = async () => [
		store.users.bySession(session, '2026-01-02T04:00:00.000Z')?.username,
		(await store.users.checkPassword('ann', 'correct horse'))?.username,
		(store.users.byApiToken(consumerKey, tokenKey, tokenSecret) as User).username ??
			store.users.byApiToken(consumerKey, tokenKey, tokenSecret),
		store.users.firstAdmin()?.username,
	];
	assert.deepEqual(await known(), ['ann', 'ann', 'ann', 'ann']);
	store.users.setActive(id, false);
	assert.deepEqual(await known(), [undefined, undefined, 'disabled', undefined]);
	store.users.setActive(id, true);
	assert.deepEqual(await known(), [undefined, 'ann', 'ann', 'ann']);
});

test('e-mail addresses are one user’s each; no address is everybody’s', async (t) => {
	const { store } = makeStore(t);
	await store.users.create({ ...ann, email: 'ann@example.org' });
	await store.users.create({ ...ann, username: 'bob' });
	await store.users.create({ ...ann, username: 'eve' });
	await assert.rejects(store.users.create({ ...ann, username: 'amy', email: 'ann@example.org' }), /E-mail address already/);
	assert.deepEqual(
		store.users.all().map(({ username, email }) => [username, email]),
		[
			['ann', 'ann@example.org'],
			['bob', ''],
			['eve', ''],
		],
	);
});

test('what a user has goes to another one, and then the user can go', async (t) => {
	const { store } = makeStore(t);
	await store.users.create(ann);
	await store.users.create({ ...ann, username: 'bob' });
	const machine = addMachine(store, 1);
	store.machines.update(machine.id, { ownerId: 2 });
	assert.deepEqual(store.users.belongings(2), { nodes: 1, addresses: 0, ranges: 0 });
	assert.deepEqual(store.users.giveTo(2, 1), [machine.id]);
	assert.deepEqual([store.users.belongings(2).nodes, store.machines.byId(machine.id)?.ownerId], [0, 1]);
	store.users.delete(2);
	assert.equal(store.users.byName('bob'), undefined);
});
