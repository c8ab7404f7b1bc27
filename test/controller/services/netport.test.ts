import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { before, test } from 'node:test';
import type { Ipv4 } from '../../../controller/domain/address.ts';
import { silentLog } from '../../../controller/log.ts';
import {
	createNetport,
	type Netport,
	NetportError,
	type NetportErrorCode,
	specOf,
} from '../../../controller/services/netport.ts';
import { ensureNetport } from '../../../controller/services/netportBuild.ts';
import { needs } from '../../support/needs.ts';

const skip = needs('cc', 'gcc libc6-dev');
let program: string;
let netport: Netport;
/** As the lab uses it: sockets always come from the program, as those of another network namespace would. */
let elsewhere: Netport;

before(async () => {
	if (skip) return;
	program = await ensureNetport(path.join(tmpdir(), 'metaldesk-test-netport'), { installed: [] });
	netport = createNetport({ command: [program], log: silentLog });
	elsewhere = createNetport({ command: [program], log: silentLog, ownNamespace: false });
});

const rejectsWith = (code: NetportErrorCode) => (error: unknown) =>
	error instanceof NetportError && error.code === code && /^[A-Zn].*\.$/s.test(error.message);

test('a socket that was handed over receives and sends', { skip }, async () => {
	const [one, other] = await elsewhere.udpClients(2, 'lo');
	assert.ok(one && other);
	one.send('hello', other.address().port, '127.0.0.1');
	const [bytes, from] = await once(other, 'message');
	assert.deepEqual([String(bytes), from.port], ['hello', one.address().port]);
	one.close();
	other.close();
});

test('a server that was handed over serves HTTP', { skip }, async () => {
	const listening = await elsewhere.tcp(0);
	const server = http.createServer((_request, response) => response.end('hello')).listen(listening);
	await once(server, 'listening');
	const { port } = listening.address() as { port: number };
	assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), 'hello');
	server.close();
	server.closeAllConnections();
});

test('many sockets come by one run, each its own', { skip }, async () => {
	const sockets = await elsewhere.udpClients(24, 'lo');
	assert.equal(new Set(sockets.map((socket) => socket.address().port)).size, 24);
	for (const socket of sockets) socket.close();
});

test('high ports without a device need no program', async () => {
	const plain = createNetport({ command: ['/nowhere/netport'], log: silentLog });
	const socket = await plain.udp(0);
	const server = await plain.tcp(0);
	assert.ok(socket.address().port > 1023 && (server.address() as { port: number }).port > 1023);
	socket.close();
	server.close();
	await assert.rejects(plain.udp(69, 'lo'), rejectsWith('no-netport'));
	await assert.rejects(plain.interfaces(), rejectsWith('no-netport'));
});

test('a port that somebody has is said to be in use, by either way', { skip }, async () => {
	const taken = createServer().listen(0, '0.0.0.0');
	await once(taken, 'listening');
	const { port } = taken.address() as { port: number };
	await assert.rejects(netport.tcp(port), rejectsWith('port-in-use'));
	await assert.rejects(elsewhere.tcp(port), rejectsWith('port-in-use'));
	taken.close();
	const socket = await netport.udp(0);
	await assert.rejects(elsewhere.udp(socket.address().port), rejectsWith('port-in-use'));
	socket.close();
});

test('what must not or can not be opened is refused in words', { skip }, async () => {
	await assert.rejects(netport.udp(22), rejectsWith('not-allowed'));
	await assert.rejects(elsewhere.tcp(443), rejectsWith('not-allowed'));
	await assert.rejects(elsewhere.udp(65536), rejectsWith('not-allowed'));
	await assert.rejects(elsewhere.udp(0, 'no-such-device'), rejectsWith('no-such-device'));
	await assert.rejects(elsewhere.udp(0, 'x'.repeat(16)), rejectsWith('no-such-device'));
	await assert.rejects(elsewhere.udp(0, 'lo', '192.0.2.300'), rejectsWith('failed'));
	await assert.rejects(netport.arpSweep('no-such-device', ['192.0.2.1' as Ipv4]), rejectsWith('no-such-device'));
});

test('a specification that is none ends the program with one line and status 71', { skip }, () => {
	for (const spec of [
		'',
		'udp',
		'udp:',
		'udp:x',
		'udp:69x',
		'udp:69/',
		'udp:69@',
		'sctp:69',
		'udp:69/1.2.3.4.5.6.7.8.9',
		'udp:-1',
	]) {
		const { status, stderr } = spawnSync(program, ['--ipc', spec], { env: { NODE_CHANNEL_FD: '0' }, encoding: 'utf8' });
		assert.equal(status, 71, spec);
		assert.match(stderr, /^netport: [^\n]*: [^\n]*\n$/, spec);
	}
	for (const args of [[], ['--ipc'], ['--arp', 'lo'], ['--help'], ['--interfaces', 'x']])
		assert.equal(spawnSync(program, args).status, 71, args.join(' '));
});

test('the loopback interface is listed', { skip }, async () => {
	const lo = (await netport.interfaces()).find(({ loopback }) => loopback);
	assert.deepEqual(lo, {
		name: 'lo',
		mac: null,
		ipv4: [{ address: '127.0.0.1', prefix: 8 }],
		up: true,
		carrier: true,
		loopback: true,
		defaultRoute: false,
		speed: 0,
	});
});

test('specifications', () => {
	assert.equal(specOf('udp', 67), 'udp:67');
	assert.equal(specOf('tcp', 80, 'eth1'), 'tcp:80@eth1');
	assert.equal(specOf('udp', 67, 'eth1', '192.0.2.1'), 'udp:67/192.0.2.1@eth1');
});
