import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { createAuth } from '../../../controller/api/auth.ts';
import type { ApiFailure } from '../../../controller/api/views.ts';
import { Refusal } from '../../../controller/domain/errors.ts';
import { makeStore } from '../../support/makeStore.ts';
import { startApi } from '../../support/startApi.ts';

const failure = (body: unknown) => body as ApiFailure;

test('signing in gives a cookie that scripts can’t read and other sites can’t send; signing out ends it', async (t) => {
	const { call, password } = await startApi(t);
	const { status, headers, body } = await call('session.login', { username: 'ann', password }, {});
	assert.deepEqual([status, body?.user], [200, { username: 'ann', isAdmin: true }]);
	const setCookie = headers.get('set-cookie') ?? '';
	assert.match(setCookie, /^metaldesk_session=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/MAAS; Max-Age=1209600$/);
	const cookie = setCookie.split(';')[0] ?? '';
	assert.equal((await call('machines.list', {}, { cookie })).status, 200);
	await call('session.logout', {}, { cookie });
	assert.equal((await call('machines.list', {}, { cookie })).status, 401);
});

test('a wrong password and an unknown name get one answer', async (t) => {
	const { call } = await startApi(t);
	const answers = [];
	for (const username of ['ann', 'nobody']) answers.push(await call('session.login', { username, password: 'wrong' }, {}));
	assert.deepEqual(
		answers.map(({ status, body }) => [status, failure(body).code, failure(body).text]),
		Array(2).fill([401, 'not-signed-in', 'Wrong user name or password.']),
	);
});

test('after five wrong passwords a name waits, each time twice as long; others don’t', async (t) => {
	const { store, clock } = makeStore(t);
	await store.users.create({ username: 'ann', password: 'correct horse', isAdmin: true, at: '2026' });
	await store.users.create({ username: 'bob', password: 'correct horse', isAdmin: false, at: '2026' });
	const auth = createAuth(store.users, null, clock.now);
	const said = (username: string, password: string) =>
		auth.login(username, password, '192.0.2.7').then(
			(user) => user.username,
			(error: Refusal) => error.message,
		);
	for (let wrong = 0; wrong < 5; wrong++) assert.equal(await said('ann', 'wrong'), 'Wrong user name or password.');
	assert.equal(await said('ann', 'correct horse'), 'Too many wrong passwords for ann: try again in 1 s.');
	assert.equal(await said('bob', 'correct horse'), 'bob');
	clock.pass(1000);
	assert.equal(await said('ann', 'wrong'), 'Wrong user name or password.');
	assert.equal(await said('ann', 'correct horse'), 'Too many wrong passwords for ann: try again in 2 s.');
	clock.pass(2000);
	assert.equal(await said('ann', 'correct horse'), 'ann');
	assert.equal(await said('ann', 'wrong'), 'Wrong user name or password.');
});

test('a hundred guesses at once are as slow as a hundred one after the other', async (t) => {
	const { store, clock } = makeStore(t);
	await store.users.create({ username: 'ann', password: 'correct horse', isAdmin: true, at: '2026' });
	const auth = createAuth(store.users, null, clock.now);
	const guesses = await Promise.allSettled(Array.from({ length: 100 }, (_, at) => auth.login('ann', `guess ${at}`, '192.0.2.7')));
	const reasons = guesses.map((guess) =>
		guess.status === 'rejected' && guess.reason instanceof Refusal ? guess.reason.code : 'in',
	);
	assert.deepEqual(
		[reasons.filter((code) => code === 'not-signed-in').length, reasons.filter((code) => code === 'not-allowed').length],
		[5, 95],
	);
});

test('who tries many names from one address waits too, and others come in meanwhile', async (t) => {
	const { store, clock } = makeStore(t);
	await store.users.create({ username: 'ann', password: 'correct horse', isAdmin: true, at: '2026' });
	// without scrypt, which would take seconds for so many: whether a password is right is not the question here
	const users = { ...store.users, checkPassword: async (name: string) => store.users.byName(name) };
	const auth = createAuth(users, null, clock.now);
	const login = (username: string, from: string) =>
		auth.login(username, 'correct horse', from).then(
			(user) => user.username,
			(error: Refusal) => error.message,
		);
	await Promise.all(Array.from({ length: 25 }, (_, at) => login(`name ${at}`, '192.0.2.7')));
	assert.equal(await login('ann', '192.0.2.7'), 'Too many wrong passwords from your address: try again in 1 s.');
	assert.equal(await login('ann', '192.0.2.8'), 'ann');
});

test('the launch token opens a session of the first administrator, any other text does not', async (t) => {
	const { ask, call } = await startApi(t);
	const entered = await ask<string>('GET', '/MAAS/enter?t=the%20token%20of%20this%20launch');
	assert.deepEqual([entered.status, entered.headers.get('location')], [302, '/MAAS/r/']);
	const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
	assert.equal((await call('session.get', {}, { cookie })).body.user?.username, 'ann');
	for (const where of [
		'/MAAS/enter',
		'/MAAS/enter?t=',
		'/MAAS/enter?t=guess',
		'/MAAS/enter?t=a&t=the%20token%20of%20this%20launch',
	]) {
		const refused = await ask<string>('GET', where);
		assert.deepEqual([refused.status, refused.headers.get('set-cookie')], [401, null], where);
	}
});

test('without a launch token nobody enters by an empty one', () => {
	const folder = mkdtempSync(path.join(tmpdir(), 'metaldesk-none-'));
	const auth = createAuth({} as never, null, () => new Date());
	assert.deepEqual([auth.isLaunchToken(''), auth.isLaunchToken('null'), auth.isLaunchToken(folder)], [false, false, false]);
});

test('cookies that are not ours, or look a little like ours, are nobody', async (t) => {
	const { store, clock } = makeStore(t);
	const auth = createAuth(store.users, null, clock.now);
	const reply = { header: () => reply } as never as FastifyReply;
	for (const cookie of [
		undefined,
		'',
		'metaldesk_session=',
		`xmetaldesk_session=${'a'.repeat(43)}`,
		`metaldesk_session=${'a'.repeat(5000)}`,
	]) {
		const request = { headers: { cookie } } as never as FastifyRequest;
		assert.equal(auth.who(request), undefined);
		auth.signOut(request, reply);
	}
});

test('the first administrator is made once, also when two ask at the same moment', async (t) => {
	const { store, call } = await startApi(t);
	assert.equal((await call('setup.createAdmin', { username: 'eve', password: 'long enough' }, {})).status, 409);
	assert.equal(store.users.names().size, 1);
});
