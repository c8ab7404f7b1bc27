/**
 * A controller with a made-up rack: serves the built page and answers every call of the contract from memory. For the tests of the
 * page and its pictures; started by itself (`node test/support/fixtureController.ts [rack|empty|firstRun] [port]`) for working on it.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { type CallName, contract, openCalls } from '../../controller/api/contract.ts';
import type { LiveMessage } from '../../controller/api/views.ts';
import { answersOf } from './fixture/answers.ts';
import { commissioning } from './fixture/commissioning.ts';
import { type Answers, Refused, type Scenario, worldOf } from './fixture/world.ts';

const page = path.resolve(import.meta.dirname, '../../out/renderer');
const types: Record<string, string> = {
	'.html': 'text/html',
	'.js': 'text/javascript',
	'.css': 'text/css',
	'.svg': 'image/svg+xml',
	'.woff2': 'font/woff2',
};
const policy =
	"default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const cookie = 'metaldesk=fixture';

export interface Fixture {
	url: string;
	/** moves the machine that is being commissioned one step on; nothing moves by itself */
	step(): void;
	/** drops every connection and answers nothing, as a controller that restarts; `back` ends it */
	away(): void;
	back(): void;
	close(): Promise<void>;
}

/** `signedIn`: no need to go through the form. `pace`: milliseconds that a probe and each part of a build take. */
export async function startFixture(
	scenario: Scenario,
	{ signedIn = true, pace = 200, port = 0 }: { signedIn?: boolean; pace?: number; port?: number } = {},
): Promise<Fixture> {
	const sockets = new Set<WebSocket>();
	const send = (socket: WebSocket, message: LiveMessage) => socket.send(JSON.stringify(message));
	const world = worldOf(scenario, Date.now(), (message) => {
		for (const socket of sockets) send(socket, message);
	});
	if (signedIn && scenario !== 'firstRun') world.session = { ...world.session, user: { username: 'ada', isAdmin: true } };
	const answers = answersOf(world, pace);
	let gone = false;

	const server = createServer((request, response) => {
		if (gone) {
			request.socket.destroy();
			return;
		}
		route(request, response).catch((thrown: unknown) => {
			const refused = thrown instanceof Refused ? thrown : new Refused(500, { code: 'internal', text: String(thrown) });
			response.writeHead(refused.status, { 'content-type': 'application/json' }).end(JSON.stringify(refused.body));
		});
	});
	const route = async (request: IncomingMessage, response: ServerResponse) => {
		const url = new URL(request.url ?? '/', 'http://fixture');
		if (url.pathname.startsWith('/MAAS/r/')) return servePage(url.pathname.slice('/MAAS/r/'.length), response);
		const name = url.pathname.slice('/MAAS/app/'.length);
		if (request.method === 'PUT' && name === 'images.upload') return reply(response, await upload(url, request));
		if (!(name in contract)) throw new Refused(404, { code: 'not-found', text: `There is no ${url.pathname}.` });
		const call = name as CallName;
		if (!openCalls.includes(call) && !world.session.user)
			throw new Refused(401, { code: 'not-signed-in', text: 'Sign in first.' });
		if (contract[call].kind === 'command' && request.headers['x-metaldesk'] !== '1') {
			throw new Refused(403, { code: 'not-allowed', text: 'The header X-Metaldesk is missing.' });
		}
		const given: unknown =
			contract[call].kind === 'query' ? Object.fromEntries(url.searchParams) : JSON.parse(await bodyOf(request));
		reply(response, await answer(answers, call, given));
	};
	const upload = async (url: URL, request: IncomingMessage) => {
		const hash = createHash('sha256');
		let size = 0;
		for await (const piece of request as AsyncIterable<Buffer>) {
			hash.update(piece);
			size += piece.length;
		}
		const name = url.searchParams.get('name') ?? 'image';
		const image = {
			id: Date.now(),
			name,
			format: 'raw' as const,
			size,
			diskSize: size,
			sha256: hash.digest('hex'),
			uploadedAt: new Date().toISOString(),
			usedBy: 0,
		};
		world.images = [...world.images, image];
		world.tell({ type: 'images', images: world.images });
		return image;
	};

	const live = new WebSocketServer({ noServer: true });
	server.on('upgrade', (request, socket, head) => {
		if (gone || !world.session.user) {
			socket.destroy();
			return;
		}
		live.handleUpgrade(request, socket, head, (opened) => {
			sockets.add(opened);
			opened.on('close', () => sockets.delete(opened));
			send(opened, { type: 'hello', version: world.session.version, pid: process.pid });
			send(opened, { type: 'machines', machines: world.machines });
			send(opened, { type: 'interfaces', interfaces: world.interfaces });
			send(opened, { type: 'services', services: world.services });
			send(opened, { type: 'boot-assets', bootAssets: world.bootAssets });
			send(opened, { type: 'images', images: world.images });
		});
	});
	await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/MAAS/r/`,
		step: commissioning(world, 'wkd83r'),
		away() {
			gone = true;
			for (const socket of sockets) socket.terminate();
			server.closeAllConnections();
		},
		back() {
			gone = false;
		},
		async close() {
			for (const socket of sockets) socket.terminate();
			server.closeAllConnections();
			await new Promise((resolve) => server.close(resolve));
		},
	};
}

async function answer<N extends CallName>(answers: Answers, call: N, given: unknown): Promise<unknown> {
	const checked = contract[call].input.safeParse(given);
	if (!checked.success) {
		const [issue] = checked.error.issues;
		throw new Refused(400, {
			code: 'bad-input',
			field: issue?.path.join('.') ?? '',
			text: issue?.message ?? 'The input is wrong.',
		});
	}
	const handler = answers[call] as (input: unknown) => unknown;
	return handler(checked.data);
}

async function servePage(name: string, response: ServerResponse): Promise<void> {
	const file = path.join(page, path.normalize(`/${name || 'index.html'}`));
	let bytes: Buffer;
	try {
		bytes = await readFile(file);
	} catch (thrown) {
		throw new Refused(404, { code: 'not-found', text: `${String(thrown)}. Build the page first: npm run build.` });
	}
	response
		.writeHead(200, {
			'content-type': types[path.extname(file)] ?? 'application/octet-stream',
			'content-security-policy': policy,
		})
		.end(bytes);
}

function reply(response: ServerResponse, value: unknown): void {
	response
		.writeHead(200, { 'content-type': 'application/json', 'set-cookie': `${cookie}; HttpOnly; SameSite=Strict; Path=/MAAS/` })
		.end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
	const pieces: Buffer[] = [];
	for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
	return Buffer.concat(pieces).toString();
}

if (process.argv[1] === import.meta.filename) {
	const [scenario = 'rack', port = '5299'] = process.argv.slice(2);
	const fixture = await startFixture(scenario as Scenario, { port: Number(port) });
	setInterval(fixture.step, 1000);
	console.log(fixture.url);
}
