import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { silentLog } from '../../../controller/log.ts';
import { createTftpServer, type TftpServer, type TftpTransferEvent } from '../../../controller/services/tftp.ts';
import { loopbackSockets } from '../../support/datagrams.ts';
import { fatesBySeed, openLossyRelay } from '../../support/lossySocket.ts';
import { needs } from '../../support/needs.ts';
import { openTftpClient, type TftpClient } from '../../support/tftpClient.ts';

const run = promisify(execFile);
/** Every byte differs from its neighbours and from the same place of other blocks. */
const pattern = (size: number): Buffer => Buffer.from(Array.from({ length: size }, (_, i) => (i ^ (i >> 8) ^ (i >> 16)) & 255));
const FILES = new Map([
	['small.txt', Buffer.from('line 1\nline 2\n')],
	['empty', Buffer.alloc(0)],
	['exact', pattern(512 * 4)],
	['boot/loader.efi', pattern(900_001)],
	['script', pattern(150_000)],
	['many-blocks', pattern(8 * 65_600)],
]);

let folder: string;
let server: TftpServer;
let port: number;
let client: TftpClient;
let events: TftpTransferEvent[];

before(async () => {
	folder = await mkdtemp(path.join(tmpdir(), 'tftp-'));
	await writeFile(path.join(folder, 'kernel'), pattern(3_000_000));
});
after(() => rm(folder, { recursive: true }));
beforeEach(async () => {
	const [socket] = await loopbackSockets(1);
	assert.ok(socket);
	port = socket.address().port;
	events = [];
	server = createTftpServer({
		socket,
		transferSockets: loopbackSockets,
		log: silentLog,
		onTransfer: (event) => events.push(event),
		async openFile(name) {
			if (name === 'kernel') return { path: path.join(folder, 'kernel'), size: 3_000_000 };
			if (name === 'gone') return { path: path.join(folder, 'gone'), size: 10 };
			if (name === 'secret') return 'refused';
			const bytes = FILES.get(name);
			return bytes ? { bytes } : 'not-found';
		},
	});
	client = await openTftpClient(port);
});
afterEach(async () => {
	client.close();
	await server.stop();
});

const eventStates = (): string[] => events.map(({ state, bytes }) => `${state} ${bytes}`);

const wholes: [string, string, Record<string, string>, Record<string, string>][] = [
	['without options', 'small.txt', {}, {}],
	['that is empty', 'empty', {}, {}],
	['of exactly four blocks', 'exact', {}, {}],
	['by windows of exactly its blocks', 'exact', { windowsize: '4' }, { windowsize: '4' }],
	[
		"as EDK2's PXE does",
		'boot/loader.efi',
		{ tsize: '0', blksize: '1468', windowsize: '4' },
		{ tsize: '900001', blksize: '1468', windowsize: '4' },
	],
	['as iPXE does', 'boot/loader.efi', { blksize: '1432', tsize: '0' }, { blksize: '1432', tsize: '900001' }],
	['from disk', 'kernel', { blksize: '1400', windowsize: '64' }, { blksize: '1400', windowsize: '64' }],
	['past 65,535 blocks', 'many-blocks', { blksize: '8', windowsize: '64' }, { blksize: '8', windowsize: '64' }],
];
for (const [what, name, asked, granted] of wholes) {
	test(`a file ${what} arrives as it is`, async () => {
		const got = await client.fetch(name, asked);
		assert.deepEqual(got.granted, granted);
		const file = FILES.get(name) ?? (await readFile(path.join(folder, name)));
		assert.ok(got.bytes.equals(file), `${got.bytes.length} of ${file.length} bytes`);
		await client.within(20);
		assert.deepEqual(eventStates(), [`started ${file.length}`, `done ${file.length}`]);
	});
}

const refused: [string, () => void, number][] = [
	['a file that is not there', () => client.request('nothing'), 1],
	['a name that leads out', () => client.request('../etc/passwd'), 2],
	['back-slashes', () => client.request('boot\\loader.efi'), 2],
	['a file that the opener refuses', () => client.request('secret'), 2],
	['writing', () => client.request('new', {}, { kind: 'write' }), 2],
	['an unknown mode', () => client.request('small.txt', {}, { mode: 'mail' }), 4],
	['a block size below 8', () => client.request('small.txt', { blksize: '4' }), 8],
	['a window of nothing', () => client.request('small.txt', { windowsize: '0' }), 8],
	['a file that vanished meanwhile', () => client.request('gone'), 0],
];
for (const [what, request, code] of refused) {
	test(`${what} is refused with error ${code}`, async () => {
		request();
		const packet = await client.hear();
		assert.equal(packet.kind === 'error' && packet.code, code);
	});
}

test('slashes in front and doubled ones mean nothing', async () => {
	assert.equal((await client.fetch('//boot//loader.efi', { blksize: '1468' })).bytes.length, 900_001);
});

test('netascii converts the ends of lines', async () => {
	client.request('small.txt', {}, { mode: 'NetASCII' });
	const packet = await client.hear();
	assert.equal(packet.kind === 'data' && Buffer.from(packet.bytes).toString(), 'line 1\r\nline 2\r\n');
});

test("EDK2's question for the size, given up at once, is no failure", async () => {
	client.request('exact', { tsize: '0', blksize: '1468', windowsize: '4' });
	assert.equal((await client.hear()).kind, 'options');
	client.refuse(0, 'aborted');
	await client.within(20);
	assert.deepEqual(eventStates(), ['started 2048', 'probed 0']);
});

test('an ACK that comes twice brings one block, not two', async () => {
	client.request('exact');
	await client.hear();
	client.ack(1);
	client.ack(1);
	client.ack(1);
	assert.equal((await client.within(50)).length, 1);
});

test('a gap in a window brings the rest again, once for each report of it', async () => {
	client.request('exact', { windowsize: '4', blksize: '256' });
	await client.hear();
	client.ack(0);
	assert.equal((await client.within(50)).length, 4);
	// Blocks 3 and 4 came without 2: EDK2 then acknowledges block 1 for each.
	client.ack(1);
	client.ack(1);
	const again = await client.within(50);
	assert.deepEqual(
		again.map((bytes) => bytes.readUInt16BE(2)),
		[2, 3, 4, 5],
	);
});

test('a lost ACK is made good after the timeout that the client asked for', async () => {
	client.request('exact', { timeout: '1' });
	await client.hear();
	client.ack(0);
	assert.equal((await client.within(500)).length, 1);
	const packet = await client.hear(1000);
	assert.equal(packet.kind === 'data' && packet.block, 1);
});

test('a client that stops is named in the event, with its words', async () => {
	client.request('exact');
	await client.hear();
	client.ack(1);
	await client.hear();
	client.refuse(3, 'disk\x1b full');
	await client.within(20);
	assert.deepEqual(events.at(-1)?.reason, 'the client stopped: error 3 disk full');
	assert.deepEqual(eventStates(), ['started 2048', 'failed 512']);
});

test('packets that make no sense are counted, and the next request is served', async () => {
	for (const bytes of ['', '00', '0000', '000400', '0005000061', '00030001', '0001', '000166', '00016600ff', 'ff'.repeat(600)]) {
		client.send(Buffer.from(bytes, 'hex'), port);
	}
	assert.equal((await client.fetch('small.txt')).bytes.length, 14);
	assert.equal(server.counts.malformed, 10);
});

test('a request that comes twice is served once', async () => {
	client.request('exact');
	client.request('exact');
	while (server.counts.dropped === 0) await client.within(10);
	assert.equal(server.counts.started, 1);
});

test('24 clients at once each get the whole file', async () => {
	const clients = await Promise.all(Array.from({ length: 24 }, () => openTftpClient(port)));
	const all = await Promise.all(clients.map((one) => one.fetch('boot/loader.efi', { blksize: '1468', windowsize: '16' })));
	for (const one of clients) one.close();
	assert.deepEqual(
		all.map(({ bytes }) => bytes.equals(FILES.get('boot/loader.efi') as Buffer)),
		Array(24).fill(true),
	);
});

test('stop ends transfers at once and says so', async () => {
	client.request('exact');
	await client.hear();
	await server.stop();
	assert.deepEqual(eventStates(), ['started 2048', 'failed 0']);
	server = { counts: server.counts, stop: async () => {} };
});

test('a client that falls silent is given up', { timeout: 30_000 }, async () => {
	client.request('exact', { timeout: '1' });
	await client.hear();
	const heard = await client.within(7500);
	assert.equal(heard.length, 6);
	assert.deepEqual(events.at(-1)?.reason, 'no acknowledgement of block 1 after 7 tries');
});

for (const windowsize of ['1', '16']) {
	test(`a file arrives over a line that loses, doubles and reorders, window ${windowsize}`, async () => {
		const relay = await openLossyRelay(port, fatesBySeed(7, { drop: 5, twice: 5, late: 5 }));
		const far = await openTftpClient(relay.port);
		const got = await far.fetchStubbornly('script', { blksize: '1024', windowsize });
		far.close();
		relay.close();
		assert.ok(got.equals(FILES.get('script') as Buffer));
		assert.ok(Math.min(relay.fates.drop, relay.fates.twice, relay.fates.late) >= 5, JSON.stringify(relay.fates));
	});
}

/** Real clients; each writes what it got to the file that it is given. */
const clients: [string, string, string, (target: string) => string[]][] = [
	[
		'curl',
		'curl',
		'curl',
		(target) => ['-s', '-o', target, '--tftp-blksize', '1468', `tftp://127.0.0.1:${port}/boot/loader.efi`],
	],
	[
		'curl without options',
		'curl',
		'curl',
		(target) => ['-s', '-o', target, '--tftp-no-options', `tftp://127.0.0.1:${port}/boot/loader.efi`],
	],
	[
		'busybox',
		'busybox',
		'busybox',
		(target) => ['tftp', '-g', '-b', '1400', '-l', target, '-r', 'boot/loader.efi', '127.0.0.1', String(port)],
	],
	[
		'tftp-hpa',
		'tftp',
		'tftp-hpa',
		(target) => ['-m', 'binary', '127.0.0.1', String(port), '-c', 'get', 'boot/loader.efi', target],
	],
];
for (const [what, program, debianPackage, args] of clients) {
	test(`${what} gets the file`, { skip: needs(program, debianPackage) }, async () => {
		const target = path.join(folder, 'got');
		await run(program, args(target), { timeout: 20_000 });
		assert.ok((await readFile(target)).equals(FILES.get('boot/loader.efi') as Buffer));
	});
}

test("the npm package's client gets the file, by windows", async () => {
	const peer = createRequire(import.meta.url)('tftp') as {
		createClient(options: object): { get(name: string, target: string, done: (error?: Error) => void): void };
	};
	const target = path.join(folder, 'peer');
	const get = peer.createClient({ host: '127.0.0.1', port, blockSize: 1468, windowSize: 8 });
	await new Promise<void>((done, failed) => get.get('boot/loader.efi', target, (error) => (error ? failed(error) : done())));
	assert.ok((await readFile(target)).equals(FILES.get('boot/loader.efi') as Buffer));
});
