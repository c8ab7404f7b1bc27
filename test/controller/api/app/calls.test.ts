import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { type CallName, contract, openCalls } from '../../../../controller/api/contract.ts';
import type { ApiFailure, ImageView } from '../../../../controller/api/views.ts';
import { type Answer, startApi } from '../../../support/startApi.ts';

const names = Object.keys(contract) as CallName[];
const methodOf = (name: CallName) => (contract[name].kind === 'query' ? 'GET' : 'POST');

test('every call of the contract but the open ones needs a session', async (t) => {
	const { ask } = await startApi(t);
	const stranger: Record<string, string>[] = [{}, { cookie: `metaldesk_session=${'A'.repeat(43)}` }];
	for (const name of names)
		for (const headers of stranger) {
			const { status, body } = await ask(methodOf(name), `/MAAS/app/${name}`, { headers: { 'x-metaldesk': '1', ...headers } });
			if (openCalls.includes(name)) assert.notEqual(status, 401, name);
			else assert.deepEqual([status, body.code], [401, 'not-signed-in'], name);
		}
	const upload = await ask('PUT', '/MAAS/app/images.upload?name=x', { headers: { 'x-metaldesk': '1' }, body: 'x' });
	assert.equal(upload.status, 401);
});

test('a command without its header, as another site’s form would send it, is refused before anything is read', async (t) => {
	const { ask, cookie } = await startApi(t);
	for (const name of names.filter((each) => contract[each].kind === 'command')) {
		const { status, body } = await ask('POST', `/MAAS/app/${name}`, { headers: { cookie } });
		assert.deepEqual([status, body.code], [403, 'not-allowed'], name);
	}
	const form = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
	assert.equal((await ask('POST', '/MAAS/app/session.logout', { headers: form, body: 'a=b' })).status, 403);
	assert.equal((await ask('PUT', '/MAAS/app/images.upload?name=x', { headers: { cookie }, body: 'x' })).status, 403);
});

test('an input that does not fit names its field', async (t) => {
	const { ask, call, cookie } = await startApi(t);
	const loose = call as (name: CallName, input: unknown) => Promise<Answer<ApiFailure>>;
	for (const [name, input, field] of [
		['machine.get', {}, 'systemId'],
		['machine.events', { systemId: 'abcdef', limit: '0' }, 'limit'],
		['machine.act', { systemId: 'abcdef', action: 'explode' }, 'action'],
		['machine.act', { systemId: 'x'.repeat(13), action: 'commission' }, 'systemId'],
		['network.setMode', { name: 'eth0; reboot', mode: 'full' }, 'name'],
		['network.setMode', { name: 'eth0', mode: 'proxy' }, 'mode'],
		['settings.set', { uefiLoader: 'none' }, 'uefiLoader'],
		['images.delete', { id: '1' }, 'id'],
		['scripts.add', { name: '../x', content: '#!/bin/sh' }, 'name'],
		['sshKeys.add', { key: '' }, 'key'],
	] as const) {
		const { status, body } = await loose(name, input);
		assert.deepEqual([status, body.code, body.field], [400, 'bad-input', field], `${name} ${JSON.stringify(input)}`);
	}
	for (const body of ['{', '[]', '"text"', 'null', '{"__proto__":{"x":1}}']) {
		const headers = { cookie, 'x-metaldesk': '1', 'content-type': 'application/json' };
		const answer = await ask('POST', '/MAAS/app/machine.act', { headers, body });
		assert.deepEqual([answer.status, answer.body.code], [400, 'bad-input'], body);
	}
	const big = await loose('machine.act', { systemId: 'abcdef', action: 'deploy', userData: 'x'.repeat(3 << 20) });
	assert.deepEqual([big.status, big.body.code], [413, 'too-large']);
});

test('answers are not kept by anybody on the way', async (t) => {
	const { call } = await startApi(t);
	const { headers, body } = await call('machines.list', {});
	assert.deepEqual([body, headers.get('cache-control'), headers.get('x-content-type-options')], [[], 'no-store', 'nosniff']);
	assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'; script-src 'self';/);
});

test('what is asked under a wrong name or by a wrong method is not there', async (t) => {
	const { ask, cookie } = await startApi(t);
	for (const [method, where] of [
		['GET', '/MAAS/app/no.such.call'],
		['GET', '/MAAS/app/machine.act'],
		['DELETE', '/MAAS/app/machines.list'],
		['GET', '/etc/passwd'],
	] as const) {
		const { status, body } = await ask(method, where, { headers: { cookie } });
		assert.deepEqual([status, body.code], [404, 'not-found'], where);
	}
});

test('an upload whose bytes don’t match its hash leaves nothing; one that does is there', async (t) => {
	const { ask, cookie, data, call } = await startApi(t);
	const disk = Buffer.alloc(4096);
	disk.writeUInt16LE(0xaa55, 510);
	const upload = <Body = ApiFailure>(query: string, body: Buffer = disk) =>
		ask<Body>('PUT', `/MAAS/app/images.upload?${query}`, { headers: { cookie, 'x-metaldesk': '1' }, body: new Uint8Array(body) });
	const sha256 = createHash('sha256').update(disk).digest('hex');

	const wrong = await upload(`name=debian&filename=debian.raw&sha256=${'0'.repeat(64)}`);
	assert.deepEqual([wrong.status, wrong.body.code, wrong.body.field], [400, 'bad-input', 'sha256']);
	assert.match(wrong.body.text, new RegExp(`${sha256}, but 0{64} was expected`));
	for (const [query, body, field] of [
		['name=debian&sha256=abc', disk, 'sha256'],
		['name=', disk, 'name'],
		['name=a%00b', disk, 'name'],
		['name=letter&filename=letter.txt', Buffer.from('dear aunt'), 'file'],
	] as const)
		assert.deepEqual((await upload(query, body)).body.field, field, query);
	assert.deepEqual([readdirSync(path.join(data, 'images')), (await call('images.list', {})).body], [[], []]);

	const { status, body } = await upload<ImageView>(`name=debian&sha256=${sha256}`);
	assert.deepEqual([status, body.name, body.sha256, body.diskSize, body.usedBy], [200, 'debian', sha256, 4096, 0]);
	assert.equal((await upload('name=debian')).status, 409);
});
