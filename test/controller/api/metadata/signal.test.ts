import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import type { LifecycleEvent } from '../../../../controller/domain/lifecycle.ts';
import { createAdvance } from '../../../../controller/flows/advance.ts';
import { oauthHeader } from '../../../support/maasClient.ts';
import { addMachine } from '../../../support/makeStore.ts';
import { startApi } from '../../../support/startApi.ts';

async function machineThatPosts(t: TestContext, ...events: LifecycleEvent[]) {
	const api = await startApi(t);
	const { store } = api;
	const { id, systemId } = addMachine(store, 1);
	const advance = createAdvance(store, () => new Date());
	for (const event of events) advance(id, event);
	const { consumerKey, tokenKey, tokenSecret } = store.metadataKeys.renew(id);
	const authorization = oauthHeader(`${consumerKey}:${tokenKey}:${tokenSecret}`);
	const post = (where: string, body: BodyInit, headers: Record<string, string> = {}) =>
		api.ask<string>('POST', `/MAAS/metadata/${where}`, { headers: { authorization, ...headers }, body });
	const { jobId, resultId } = store.transaction(() => {
		const job = store.results.createJob({
			...{ nodeId: id, kind: 'commission', at: new Date().toISOString() },
			scripts: [{ name: 'x', kind: 'commissioning' }],
		});
		return { jobId: job.id, resultId: store.results.ofJob(job.id)[0]?.id ?? 0 };
	});
	const machine = () => store.machines.byId(id);
	return { ...api, id, systemId, post, authorization, jobId, resultId, machine };
}

test('a signal comes as MAAS’s helper posts it: multipart with base64 parts, files by the script’s name', async (t) => {
	const { post, store, resultId, machine } = await machineThatPosts(t, 'commission');
	const part = (name: string, value: string, filename?: string) =>
		`--b\r\nContent-Disposition: form-data; name="${name}"${filename ? `; filename="${filename}"` : ''}\r\nContent-Type: ${filename ? 'application/octet-stream' : 'text/plain; charset=utf-8'}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(value).toString('base64')}\r\n`;
	const body = [
		part('op', 'signal'),
		part('status', 'WORKING'),
		part('script_result_id', String(resultId)),
		part('exit_status', '0'),
		part('x', 'both', 'x'),
		part('x.out', 'out', 'x.out'),
		'--b--\r\n',
	].join('');
	const answer = await post('2012-03-01/', body, { 'content-type': 'multipart/form-data; boundary=b' });
	assert.deepEqual([answer.status, answer.body], [200, 'OK']);
	const result = store.results.byId(resultId);
	assert.deepEqual([result?.status, result?.exitStatus], ['passed', 0]);
	assert.equal(Buffer.from(store.results.files(resultId).stdout ?? []).toString(), 'out');
	assert.equal(store.results.readOutput(resultId, 100).bytes.toString(), 'both');

	const failed = await post('latest/', new URLSearchParams({ op: 'signal', status: 'FAILED', error: 'no disk' }));
	assert.deepEqual([failed.status, machine()?.status, machine()?.errorDescription], [200, 'failed_commissioning', 'no disk']);
});

test('what is no signal is refused, in MAAS’s words', async (t) => {
	const { post, machine } = await machineThatPosts(t, 'commission');
	for (const [form, status, text] of [
		[{ op: 'signal' }, 400, /^No provided status!$/],
		[{ op: 'signal', status: 'FINE' }, 400, /^Unknown status: 'FINE'$/],
		[{ op: 'signal', status: 'WORKING', script_result_id: 'x' }, 400, /^script_result_id is a whole number\.$/],
		[{ op: 'signal', status: 'WORKING', script_result_id: '999999' }, 404, /^No ScriptResult matches the given query\.$/],
		[{ op: 'signal', status: 'WORKING', power_type: 'magic' }, 400, /^Bad power_type 'magic'$/],
		[{ op: 'signal', status: 'WORKING', power_type: 'ipmi', power_parameters: '[]' }, 400, /not a JSON object/],
		[{ op: 'explode' }, 400, /^Unrecognised signature: method=POST op=explode$/],
		[{}, 400, /^Unrecognised signature: method=POST op=None$/],
	] as const) {
		const answer = await post('latest/', new URLSearchParams(form));
		assert.equal(answer.status, status, JSON.stringify(form));
		assert.match(answer.body, text);
	}
	assert.equal((await post('1999-01-01/', new URLSearchParams({ op: 'signal', status: 'OK' }))).status, 404);
	assert.equal((await post('latest/', 'x'.repeat(100), { 'content-type': 'multipart/form-data' })).status, 400);
	assert.equal(machine()?.status, 'commissioning');
});

test('nobody signals for a machine without its keys', async (t) => {
	const { ask, authorization, machine } = await machineThatPosts(t, 'commission');
	const body = () => new URLSearchParams({ op: 'signal', status: 'FAILED' });
	const none = await ask<string>('POST', '/MAAS/metadata/latest/', { body: body() });
	const wrong = await ask<string>('POST', '/MAAS/metadata/latest/', {
		headers: { authorization: authorization.replace('%26', '%26x') },
		body: body(),
	});
	assert.deepEqual(
		[none.status, none.body, wrong.status, wrong.body, machine()?.status],
		[401, 'Unauthorized', 403, 'Not authenticated as a known node.', 'commissioning'],
	);
	// by this cloud-init corrects its clock
	assert.ok(none.headers.get('date') && wrong.headers.get('date'));
});

test('the installer’s log comes with its report', async (t) => {
	const { post, store, systemId, id } = await machineThatPosts(t, 'commission', 'commissioned', 'allocate', 'deploy');
	const job = store.results.createJob({ nodeId: id, kind: 'deploy', at: new Date().toISOString(), scripts: [] });
	const report = {
		...{ origin: 'curtin', name: 'cmd-install', description: 'curtin', event_type: 'finish', result: 'SUCCESS', timestamp: 1.5 },
		files: [{ path: '/tmp/install.log', encoding: 'base64', content: Buffer.from('log\n'.repeat(500_000)).toString('base64') }],
	};
	assert.equal((await post(`status/${systemId}`, JSON.stringify(report), { 'content-type': 'application/json' })).status, 204);
	assert.deepEqual(
		store.results.ofJob(job.id).map(({ name, outputBytes }) => [name, outputBytes]),
		[['/tmp/install.log', 2_000_000]],
	);
});
