import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** Launchpad and GitHub in one: each path is answered as `answers` says. */
export async function startKeyServer(
	t: TestContext,
	answers: Record<string, string | ((request: IncomingMessage, response: ServerResponse) => void)>,
) {
	const asked: string[] = [];
	const server = createServer((request, response) => {
		const path = request.url ?? '';
		asked.push(path);
		const answer = answers[path];
		if (answer === undefined) response.writeHead(404).end('not found');
		else if (typeof answer === 'string') response.end(answer);
		else answer(request, response);
	});
	await new Promise<void>((resolve) => {
		server.listen(0, '127.0.0.1', resolve);
	});
	t.after(() => {
		server.closeAllConnections();
		server.close();
	});
	const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	return { asked, settings: { sshImport: { launchpad: `${url}/~{user}/+sshkeys`, github: `${url}/users/{user}/keys` } } };
}
