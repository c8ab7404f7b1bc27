import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { WebSocket } from 'ws';
import type { LiveMessage } from '../../../../controller/api/views.ts';
import { addMachine } from '../../../support/makeStore.ts';
import { startApi } from '../../../support/startApi.ts';

type Api = Awaited<ReturnType<typeof startApi>>;

async function listen(t: TestContext, api: Api, headers: Record<string, string> = {}) {
	const socket = new WebSocket(`ws://127.0.0.1:${api.port}/MAAS/app/live`, { headers: { cookie: api.cookie, ...headers } });
	t.after(() => socket.terminate());
	const heard: LiveMessage[] = [];
	const waiting = new Set<() => void>();
	socket.on('message', (text) => {
		heard.push(JSON.parse(String(text)));
		for (const look of waiting) look();
	});
	const closed = once(socket, 'close').then(([code]: number[]) => code);
	/** The first message of this type that fits; messages before it stay. */
	const hear = <Type extends LiveMessage['type']>(
		type: Type,
		fits: (message: Extract<LiveMessage, { type: Type }>) => boolean = () => true,
	) =>
		new Promise<Extract<LiveMessage, { type: Type }>>((resolve) => {
			const look = () => {
				const found = heard.find((each) => each.type === type && fits(each as never));
				if (!found) return;
				waiting.delete(look);
				resolve(found as never);
			};
			waiting.add(look);
			look();
		});
	return { socket, heard, closed, hear };
}

test('everything once, then what changes', async (t) => {
	const api = await startApi(t);
	addMachine(api.store, 1);
	const { hear, heard } = await listen(t, api);
	await hear('interfaces');
	assert.deepEqual(
		heard.map(({ type }) => type),
		['hello', 'machines', 'services', 'boot-assets', 'images', 'interfaces'],
	);
	assert.deepEqual(
		(await hear('machines')).machines.map(({ hostname }) => hostname),
		['node-1'],
	);

	const { id, systemId } = addMachine(api.store, 2);
	assert.equal((await hear('machine', ({ machine }) => machine.hostname === 'node-2')).machine.statusName, 'New');
	api.store.machines.update(id, { hostname: 'renamed' });
	await hear('machine', ({ machine }) => machine.hostname === 'renamed');
	api.store.events.append({ kind: 'user', nodeId: id, text: 'Locked', by: 'ann' });
	assert.deepEqual((await hear('event', ({ event }) => event.text === 'Locked')).event.systemId, systemId);
	api.store.machines.delete(id);
	assert.equal((await hear('machine-gone')).systemId, systemId);
});

test('a thousand changes of one machine in a moment are one message', async (t) => {
	const api = await startApi(t);
	const { id } = addMachine(api.store, 1);
	const { hear, heard } = await listen(t, api);
	await hear('interfaces');
	for (let change = 0; change <= 1000; change++) api.store.machines.update(id, { hostname: `name-${change}` });
	await hear('machine', ({ machine }) => machine.hostname === 'name-1000');
	assert.equal(heard.filter(({ type }) => type === 'machine').length, 1);
});

test('a script’s output is heard while it runs', async (t) => {
	const api = await startApi(t);
	const { agent, report, machine } = api.bootAgent();
	const { hear } = await listen(t, api);
	const [, id] = /^script (\d+) /m.exec((await report()).body) ?? [];
	await agent(`start/${id}`);
	await agent(`output/${id}?offset=0`, 'Scanning the bus…');
	const { systemId, resultId, offset, text } = await hear('output');
	assert.deepEqual([systemId, resultId, offset, text], [machine().systemId, Number(id), 0, 'Scanning the bus…']);
});

test('nobody listens without a session, nor from a page of another site', async (t) => {
	const api = await startApi(t);
	for (const headers of [
		{ cookie: '' },
		{ cookie: `metaldesk_session=${'A'.repeat(43)}` },
		{ origin: 'http://evil.example.org' },
		{ origin: `http://127.0.0.1:${api.port + 1}` },
		// a sandboxed frame, and what is no address at all
		{ origin: 'null' },
		{ origin: 'http://' },
	] as Record<string, string>[]) {
		const { closed, heard } = await listen(t, api, headers);
		assert.deepEqual([await closed, heard], [4401, []], JSON.stringify(headers));
	}
	const own = await listen(t, api, { origin: api.url });
	await own.hear('hello');
});

test('a page that sends much, or nonsense, is dropped or ignored, and the others go on', async (t) => {
	const api = await startApi(t);
	const flood = await listen(t, api);
	await flood.hear('hello');
	flood.socket.send('{"type":"no such thing"}');
	flood.socket.send(Buffer.alloc(65 * 1024));
	assert.equal(await flood.closed, 1009);
	const { hear } = await listen(t, api);
	await hear('hello');
	addMachine(api.store, 1);
	await hear('machine');
});
