import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Refusal } from '../../../controller/domain/errors.ts';
import { createImportSshKeys } from '../../../controller/flows/importSshKeys.ts';
import type { User } from '../../../controller/store/users.ts';
import { startKeyServer } from '../../support/keyServer.ts';
import { makeStore } from '../../support/makeStore.ts';
import { sshPublicKey } from '../../support/sshPublicKey.ts';

type Answers = Parameters<typeof startKeyServer>[1];

async function importer(t: TestContext, answers: Answers, timeLimitMs?: number) {
	const { store } = makeStore(t);
	const { asked, settings } = await startKeyServer(t, answers);
	store.settings.set(settings);
	const user = (await store.users.create({ username: 'ann', password: 'x', isAdmin: true, at: '2026' })) as User;
	const importKeys = createImportSshKeys(store, timeLimitMs);
	const refusal = async (source: string) => {
		try {
			await importKeys(user, source);
		} catch (error) {
			if (error instanceof Refusal) return error.message;
			throw error;
		}
		return 'taken';
	};
	return { store, asked, user, importKeys, refusal };
}

const one = sshPublicKey('one');
const two = sshPublicKey('two');

test('lp:NAME, and a bare name, are Launchpad’s; gh:NAME is GitHub’s; a key comes in once', async (t) => {
	const { store, asked, user, importKeys } = await importer(t, {
		'/~amy/+sshkeys': `${one}\n\n${two}\n`,
		'/users/amy-g/keys': JSON.stringify([{ id: 7, key: one }, { id: 8 }, 'x']),
	});
	const first = await importKeys(user, 'lp:amy');
	assert.deepEqual(
		first.map(({ key, source }) => [key, source]),
		[
			[one, 'lp:amy'],
			[two, 'lp:amy'],
		],
	);
	assert.deepEqual(await importKeys(user, 'amy'), first);
	assert.deepEqual(await importKeys(user, 'gh:amy-g'), [first[0]]);
	assert.equal(store.users.sshKeys(user.id).length, 2);
	assert.deepEqual(asked, ['/~amy/+sshkeys', '/~amy/+sshkeys', '/users/amy-g/keys']);
});

test('keys of kinds that sshd passes over are passed over; without any other the reason is told', async (t) => {
	const { user, importKeys, refusal } = await importer(t, {
		'/~amy/+sshkeys': `ssh-dss AAAA old\n${one}\n`,
		'/~old/+sshkeys': 'ssh-dss AAAA old\n',
		'/~empty/+sshkeys': '\n',
	});
	assert.equal((await importKeys(user, 'lp:amy')).length, 1);
	assert.match(await refusal('lp:old'), /^Launchpad has no usable SSH key of old: this is a DSA key/);
	assert.equal(await refusal('lp:empty'), 'Launchpad has no usable SSH key of empty, or no such user.');
});

test('a source that is none asks nobody', async (t) => {
	const { asked, refusal } = await importer(t, {});
	for (const [source, why] of [
		['xx:amy', /lp:NAME or gh:NAME, not xx:amy/],
		['', /“” is no user name/],
		['lp:', /“” is no user name/],
		['gh:../../etc/passwd', /is no user name/],
		['lp:amy?x=1', /is no user name/],
		['lp:amy\r\nHost: x', /is no user name/],
		[`gh:${'a'.repeat(200)}`, /is no user name/],
	] as const)
		assert.match(await refusal(source), why, source);
	assert.deepEqual(asked, []);
});

test('hostile answers are refused with a sentence, and nothing is added', async (t) => {
	const { store, user, asked, refusal } = await importer(
		t,
		{
			'/~away/+sshkeys': (_, response) => response.writeHead(302, { location: '/~amy/+sshkeys' }).end(),
			'/~amy/+sshkeys': one,
			'/~broken/+sshkeys': (_, response) => response.writeHead(500).end(),
			'/~hung/+sshkeys': () => {},
			'/~slow/+sshkeys': (_, response) => void response.writeHead(200).write(`${one}\n`),
			'/~huge/+sshkeys': (_, response) => response.end(`${'x'.repeat(1000)}\n`.repeat(400)),
			'/~many/+sshkeys': `${one}\n`.repeat(201),
			'/~cut/+sshkeys': (request) => request.socket.destroy(),
			'/~html/+sshkeys': '<html>\u0000</html>',
			'/users/amy/keys': '{"key":',
			'/users/map/keys': '{"key": "x"}',
		},
		200,
	);
	for (const [source, why] of [
		['lp:away', 'Launchpad answered with status 302.'],
		['lp:broken', 'Launchpad answered with status 500.'],
		['lp:nobody', 'Launchpad knows no user nobody.'],
		['lp:hung', 'Launchpad did not answer within 0.2 s.'],
		['lp:slow', 'Launchpad did not answer within 0.2 s.'],
		['lp:huge', 'Launchpad sent more than 256 kB; that is no list of keys.'],
		['lp:many', 'Launchpad has 201 keys of many; up to 200 are taken.'],
		['lp:cut', 'Launchpad can’t be reached: other side closed.'],
		['gh:amy', 'GitHub sent something else than a list of keys.'],
		['gh:map', 'GitHub sent something else than a list of keys.'],
	] as const)
		assert.equal(await refusal(source), why, source);
	assert.match(await refusal('lp:html'), /^Launchpad has no usable SSH key of html: /);
	assert.deepEqual(store.users.sshKeys(user.id), []);
	assert.ok(!asked.includes('/~amy/+sshkeys'), 'the redirect was not followed');
});
