import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeHardware } from '../../../support/plainHardware.ts';
import { startApi } from '../../../support/startApi.ts';

const idsOf = (manifest: string) => [...manifest.matchAll(/^script (\d+) /gm)].map((line) => Number(line[1]));

test('a boot’s whole conversation, and what it leaves on the machine’s page', async (t) => {
	const { bootAgent, call } = await startApi(t);
	const { report, run, machine } = bootAgent();
	const manifest = await report();
	assert.deepEqual([manifest.status, manifest.headers.get('content-type')], [200, 'text/plain']);
	assert.equal((await run(manifest.body)).body, 'end poweroff\n');
	const { body } = await call('machine.get', { systemId: machine().systemId });
	assert.deepEqual(
		[body.statusName, body.cores, body.memory, body.disks, body.interfaces.length, body.results.length],
		['New', 8, 2 ** 35, 2, 2, idsOf(manifest.body).length],
	);
	const [boot] = (await call('machine.timeline', { systemId: machine().systemId })).body.boots;
	assert.deepEqual([boot?.state, boot?.stages.at(-1)?.lane], ['done', 'scripts']);
});

test('a report that is no JSON, or not a report, is refused with what is wrong; nothing is made of it', async (t) => {
	const { bootAgent, store } = await startApi(t);
	const { agent, report } = bootAgent();
	for (const [body, text] of [
		['', /^The report is not JSON/],
		['\u0000\u0001', /^The report is not JSON/],
		['{"architecture":', /^The report is not JSON/],
		['[]', /^the report is not a JSON object$/],
		['{}', /^architecture must be/],
	] as const) {
		const { status, body: said } = await agent('report', body);
		assert.deepEqual([status, text.test(said)], [400, true], said);
	}
	for (const [change, text] of [
		[{ macs: 'all' }, /^macs must be a list/],
		[{ macs: [] }, /^macs must be a list/],
		[{ macs: Array(65).fill('52:54:00:00:00:01') }, /^macs has 65 entries; 64 are allowed/],
		[{ boot_mac: 'ff:ff:ff:ff:ff:ff' }, /multicast/],
		[{ memory: -1 }, /^memory must be/],
		[{ firmware: 'coreboot\u001b[31m' }, /^firmware must be bios or uefi, not coreboot \[31m$/],
	] as const) {
		const { status, body } = await report(change);
		assert.deepEqual([status, text.test(body)], [400, true], body);
	}
	assert.deepEqual(store.machines.all(), []);
	assert.equal((await report()).status, 200);
});

test('a report of 10 MB is refused before it is read, and the next one works', async (t) => {
	const { bootAgent, ask } = await startApi(t);
	const { agent, report } = bootAgent();
	const { status } = await agent('report', Buffer.alloc(10 * 2 ** 20, ' '));
	assert.equal(status, 413);
	assert.equal((await ask<{ ok: boolean }>('GET', '/healthz')).body.ok, true);
	assert.equal((await report()).status, 200);
});

test('a machine that lies about its MAC is refused', async (t) => {
	const { bootAgent, store } = await startApi(t);
	const { report } = bootAgent(makeHardware(1));
	const other = makeHardware(2);
	const lies = await report({ macs: other.macs, boot_mac: other.macs[0] });
	assert.deepEqual(
		[lies.status, lies.body],
		[403, 'This boot was given to the card 52:54:00:10:00:01, which the report does not name.'],
	);
	const half = await report({ boot_mac: other.macs[0] });
	assert.deepEqual([half.status, /none of the machine's own cards/.test(half.body)], [400, true]);
	assert.deepEqual(store.machines.all(), []);
});

test('another machine’s token, a token of nobody, and none at all', async (t) => {
	const { bootAgent, store } = await startApi(t);
	const [one, two] = [bootAgent(makeHardware(1)), bootAgent(makeHardware(2))];
	const mine = idsOf((await one.report()).body);
	await two.report();
	for (const where of [
		`start/${mine[0]}`,
		`output/${mine[0]}?offset=0`,
		`stdout/${mine[0]}`,
		`result/${mine[0]}?exit=0&seconds=1`,
	]) {
		const { status, body } = await two.agent(where, 'x');
		assert.deepEqual([status, body], [404, `There is no result ${mine[0]} for this machine.`], where);
	}
	for (const authorization of [
		'',
		'Bearer ',
		`Bearer ${'A'.repeat(32)}`,
		'Basic YW5uOnB3',
		`Bearer ${one.token}\u00e4`,
		`Bearer ${'A'.repeat(5000)}`,
	])
		assert.equal((await one.agent('report', '{}', { authorization })).status, 401, authorization.slice(0, 40));
	assert.ok(mine.every((id) => store.results.byId(id)?.status === 'pending'));
});

test('numbers that are none, and output beyond the limit, are refused with their cause', async (t) => {
	const { bootAgent, store } = await startApi(t);
	const { agent, report } = bootAgent();
	const [id = 0] = idsOf((await report()).body);
	for (const [where, text] of [
		['start/0', 'A result has a number.'],
		['start/1e3', 'A result has a number.'],
		['start/99999999999999999999', 'A result has a number.'],
		['start/4711', 'There is no result 4711 for this machine.'],
		[`output/${id}`, 'The offset of the output is missing.'],
		[`output/${id}?offset=-1`, 'The offset of the output is missing.'],
		[`result/${id}?seconds=1`, 'The exit status is a number from 0 to 255.'],
		[`result/${id}?exit=lots`, 'The exit status is a number from 0 to 255.'],
	] as const)
		assert.equal((await agent(where, 'x')).body, text, where);
	assert.equal((await agent(`output/${id}?offset=${2 ** 40}`, 'x')).status, 413);
	assert.equal((await agent(`output/${id}?offset=0`, Buffer.alloc(600 * 1024))).status, 413);
	assert.equal((await agent(`stdout/${id}`, Buffer.alloc(9 * 2 ** 20))).status, 413);
	assert.deepEqual([store.results.byId(id)?.status, store.results.byId(id)?.outputBytes], ['pending', 0]);
	assert.equal((await agent(`result/${id}?exit=0&seconds=nonsense`)).status, 200);
});

test('calls that are repeated are harmless, and the end is the same each time', async (t) => {
	const { bootAgent, store } = await startApi(t);
	const { agent, report, run } = bootAgent();
	const first = await report();
	const manifest = (await report()).body;
	assert.notEqual(manifest, first.body);
	const [id = 0] = idsOf(manifest);
	for (let time = 0; time < 3; time++) {
		await agent(`start/${id}`);
		await agent(`output/${id}?offset=0`, 'once');
		await agent(`result/${id}?exit=0&seconds=1`);
	}
	assert.equal(store.results.readOutput(id, 100).bytes.toString(), 'once');
	assert.deepEqual([(await run(manifest)).body, (await agent('done')).body], ['end poweroff\n', 'end poweroff\n']);
	assert.equal((await agent(`start/${id}`)).status, 409);
});

test('a token ends with an abort, and dies with a verdict', async (t) => {
	const { bootAgent, store } = await startApi(t);
	const { agent, report, boot } = bootAgent();
	await report();
	store.boots.end(boot.id, 'failed', new Date().toISOString(), { text: 'It went silent.', nextStep: 'Look.' });
	for (const where of ['report', 'alive', 'done']) {
		const { status, body } = await agent(where, '{}');
		assert.deepEqual([status, body], [401, 'This boot has ended or never was: start the machine again.'], where);
	}
});

test('hostile names of a machine reach its page as harmless text', async (t) => {
	const { bootAgent, call } = await startApi(t);
	const { report, machine } = bootAgent();
	const nasty = 'X\u0000\u001b]0;owned\u0007\r\n\u202e<img src=x onerror=alert(1)>';
	await report({ serial: nasty, vendor: nasty, product: nasty, uuid: nasty });
	const { body } = await call('machine.get', { systemId: machine().systemId });
	const clean = 'X ]0;owned <img src=x onerror=alert(1)>';
	assert.deepEqual([body.serial, body.vendor, body.product, body.uuid], [clean, clean, clean, null]);
});
