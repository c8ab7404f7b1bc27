import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { attachTo } from '../../../main/supervisor/attached.ts';

async function startController(heard: IncomingMessage[] = []) {
	const server = createServer((request, response) => {
		heard.push(request);
		if (request.url?.startsWith('/MAAS/enter')) response.writeHead(302, { 'set-cookie': 'session=abc; HttpOnly', location: '/' });
		response.end('{}');
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test('shows a controller that runs, and says when it has gone', async (t) => {
	const { server, origin } = await startController();
	const attached = attachTo({ origin, launchToken: 'token' });
	t.after(() => attached.stop());
	const seen: string[] = [];
	attached.subscribe((state) => seen.push(state.state));
	await attached.start();
	server.closeAllConnections();
	server.close();
	await once(server, 'close');
	await attached.restart();
	assert.deepEqual(seen, ['running', 'failed']);
	assert.deepEqual(attached.state(), { state: 'failed', reason: `The controller at ${origin} has ended.` });
});

test('stops serving by the door that the window uses', async (t) => {
	const heard: IncomingMessage[] = [];
	const { server, origin } = await startController(heard);
	t.after(() => server.close());
	assert.equal(await attachTo({ origin, launchToken: 'token' }).stopServing(), 'stopped');
	assert.deepEqual(
		heard.map(({ method, url, headers }) => [method, url, headers.cookie, headers['x-metaldesk']]),
		[
			['GET', '/MAAS/enter?t=token', undefined, undefined],
			['POST', '/MAAS/app/services.stopServing', 'session=abc', '1'],
		],
	);
});

test('where nobody answers there was nothing to stop', async () => {
	const { server, origin } = await startController();
	server.close();
	await once(server, 'close');
	assert.equal(await attachTo({ origin, launchToken: 'token' }).stopServing(), 'notRunning');
});
