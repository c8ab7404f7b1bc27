import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { silentLog } from '../../../controller/log.ts';
import {
	type BootHttpRequest,
	createHttpBoot,
	type HttpBoot,
	type HttpTransferEvent,
} from '../../../controller/services/httpBoot.ts';
import type { BootFile } from '../../../controller/services/httpFile.ts';

const DISK = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i ^ (i >> 8) ^ (i >> 16)) & 255));
const MEMORY = Buffer.from('0123456789');
const etag = '"e1"';

let folder: string;
let boot: HttpBoot;
let base: string;
let port: number;
let events: HttpTransferEvent[];
let asked: BootHttpRequest[];

before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'http-'));
	await writeFile(path.join(folder, 'image'), DISK);
	await symlink('/etc/hostname', path.join(folder, 'link'));
});
after(() => rm(folder, { recursive: true }));
beforeEach(async () => {
	const listening = net.createServer().listen(0, '127.0.0.1');
	await once(listening, 'listening');
	({ port } = listening.address() as net.AddressInfo);
	base = `http://127.0.0.1:${port}`;
	events = [];
	asked = [];
	const files: Record<string, BootFile> = {
		image: { path: path.join(folder, 'image'), etag, type: 'application/octet-stream' },
		link: { path: path.join(folder, 'link'), etag, type: 'text/plain' },
		folder: { path: folder, etag, type: 'text/plain' },
		'boot/memory': { bytes: MEMORY, etag, type: 'application/efi' },
	};
	boot = createHttpBoot({
		listening,
		async dynamic(request) {
			asked.push(request);
			if (request.path === 'broken') throw new Error('no');
			return request.path === 'boot/script'
				? { status: 200, type: 'text/plain', body: `#!ipxe\n# ${request.query.get('mac')}\n` }
				: null;
		},
		files: async (name) => files[name] ?? null,
		fallback: (request, response) => void response.writeHead(404).end(`region ${request.method} ${request.url}`),
		onTransfer: (event) => events.push(event),
		log: silentLog,
	});
});
afterEach(() => boot.stop());

const get = async (url: string, headers: Record<string, string> = {}, method = 'GET') => {
	const response = await fetch(base + url, { method, headers });
	return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) };
};

test('a script is made for each request and never kept', async () => {
	const { status, headers, body } = await get('/boot//script?mac=52:54:00:4c:00:01');
	assert.deepEqual([status, headers.get('cache-control'), body.toString()], [200, 'no-store', '#!ipxe\n# 52:54:00:4c:00:01\n']);
	assert.deepEqual([asked[0]?.path, asked[0]?.client, asked[0]?.method], ['boot/script', '127.0.0.1', 'GET']);
});

for (const name of ['image', 'boot/memory']) {
	const whole = name === 'image' ? DISK : MEMORY;
	const size = whole.length;
	const ranges: [string, string, number, Buffer, string | null][] = [
		['the whole', '', 200, whole, null],
		['the first bytes', 'bytes=0-3', 206, whole.subarray(0, 4), `bytes 0-3/${size}`],
		['the rest from a place', 'bytes=4-', 206, whole.subarray(4), `bytes 4-${size - 1}/${size}`],
		['the last bytes', 'bytes=-3', 206, whole.subarray(-3), `bytes ${size - 3}-${size - 1}/${size}`],
		['more than there is', 'bytes=5-99999999', 206, whole.subarray(5), `bytes 5-${size - 1}/${size}`],
		['more last bytes than there are', 'bytes=-99999999', 206, whole, `bytes 0-${size - 1}/${size}`],
		['a place behind the end', 'bytes=99999999-', 416, Buffer.alloc(0), `bytes */${size}`],
		['the last no bytes', 'bytes=-0', 416, Buffer.alloc(0), `bytes */${size}`],
		['two ranges at once: the whole', 'bytes=0-1,3-4', 200, whole, null],
		['a range that ends before it starts: the whole', 'bytes=3-1', 200, whole, null],
		['another unit: the whole', 'lines=0-1', 200, whole, null],
	];
	for (const [what, range, status, body, contentRange] of ranges) {
		test(`${name}: ${what}`, async () => {
			const got = await get(`/${name}`, range ? { range } : {});
			assert.equal(got.status, status);
			assert.equal(got.headers.get('content-range'), contentRange);
			assert.ok(got.body.equals(body), `${got.body.length} of ${body.length} bytes`);
		});
	}
	test(`${name}: HEAD tells the size and sends nothing`, async () => {
		const { status, headers, body } = await get(`/${name}`, {}, 'HEAD');
		assert.deepEqual([status, headers.get('content-length'), headers.get('etag'), body.length], [200, String(size), etag, 0]);
	});
	test(`${name}: what the client already has is not sent again`, async () => {
		assert.equal((await get(`/${name}`, { 'if-none-match': `"e0", W/${etag}` })).status, 304);
		assert.equal((await get(`/${name}`, { 'if-none-match': '"e0"' })).status, 200);
	});
	test(`${name}: a range of another version is the whole of this one`, async () => {
		assert.equal((await get(`/${name}`, { range: 'bytes=0-1', 'if-range': '"e0"' })).status, 200);
		assert.equal((await get(`/${name}`, { range: 'bytes=0-1', 'if-range': etag })).status, 206);
	});
	test(`${name}: the event has the bytes of the body`, async () => {
		await get(`/${name}`);
		await once(boot.server, 'never', { signal: AbortSignal.timeout(30) }).catch(() => undefined);
		assert.deepEqual(
			events.map(({ path, state, status, bytes }) => ({ path, state, status, bytes })),
			[{ path: name, state: 'done', status: 200, bytes: size }],
		);
	});
}

test('everything else goes to the fallback', async () => {
	for (const [method, url] of [
		['GET', '/MAAS/api/2.0/version/'],
		['POST', '/boot/memory'],
		['GET', '/'],
		['GET', '/%00'],
		['GET', '/%zz'],
	] as const) {
		assert.equal((await get(url, {}, method)).body.toString(), `region ${method} ${url}`);
	}
});

test('encoded dots lead nowhere', async () => {
	assert.equal(
		await raw('GET /boot/%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n').then((text) =>
			text.slice(9, 12),
		),
		'404',
	);
});

test('links and folders are not sent', async () => {
	assert.equal((await get('/link')).status, 500);
	assert.equal((await get('/folder')).status, 500);
});

test('an answer that fails is a 500, and the next one is served', async () => {
	assert.equal((await get('/broken')).status, 500);
	assert.equal((await get('/boot/memory')).status, 200);
});

test('a client that goes away in the middle is an event, and nobody is hurt', async () => {
	const socket = net.connect(port, '127.0.0.1');
	socket.write('GET /image HTTP/1.1\r\nHost: x\r\n\r\n');
	await once(socket, 'data');
	socket.destroy();
	while (events.length === 0) await new Promise((done) => setTimeout(done, 5));
	assert.equal(events[0]?.state, 'failed');
	assert.ok((await get('/image')).body.equals(DISK));
});

test('hostile heads are refused by the server, which lives on', async () => {
	const [big, many, nonsense] = await Promise.all([
		raw(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(17_000)}\r\n\r\n`),
		raw(`GET / HTTP/1.1\r\nHost: x\r\n${'a: b\r\n'.repeat(3000)}\r\n`),
		raw('\x16\x03\x01\x02\x00'),
	]);
	assert.match(big, /^HTTP\/1.1 431 /);
	assert.match(many, /^HTTP\/1.1 431 /);
	assert.match(nonsense, /^HTTP\/1.1 400 /);
	assert.equal((await get('/boot/memory')).status, 200);
});

/** Sends these very bytes and answers all that comes until the connection ends. */
async function raw(text: string): Promise<string> {
	const socket = net
		.connect(port, '127.0.0.1')
		.setEncoding('latin1')
		.on('error', () => undefined);
	let heard = '';
	socket.on('data', (part: string) => {
		heard += part;
	});
	socket.write(text, 'latin1');
	await new Promise((closed) => socket.once('close', closed));
	return heard;
}
