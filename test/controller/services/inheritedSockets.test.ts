import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { type EventEmitter, once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { inheritedSockets } from '../../../controller/services/inheritedSockets.ts';

const MODULE = path.join(import.meta.dirname, '../../../controller/services/inheritedSockets.ts');

/** Takes its descriptor 3 over as systemd would have left it, tells the port, and that it can be had only once. */
async function portInChild(spec: string, descriptor: number): Promise<number> {
	const script = `
		const { inheritedSockets } = await import(${JSON.stringify(MODULE)});
		const sockets = inheritedSockets({ ...process.env, LISTEN_PID: String(process.pid) });
		const socket = await sockets.${spec.slice(0, 3)}('${spec}');
		console.log(socket.address().port, sockets.tcp('${spec}'), sockets.udp('${spec}'));
		socket.close();
	`;
	const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
		stdio: ['ignore', 'pipe', 'inherit', descriptor],
		env: { ...process.env, LISTEN_FDS: '1', LISTEN_FDNAMES: spec.replace(':', '_') },
	});
	const [line] = await once(child.stdout as NodeJS.ReadableStream, 'data');
	const [port, ...again] = String(line).trim().split(' ');
	assert.deepEqual(again, ['null', 'null']);
	return Number(port);
}

/** Node does not tell a socket's descriptor, so it is the one that was not there before. */
async function descriptorOf(socket: EventEmitter, open: () => void): Promise<number> {
	const descriptors = (): string[] => readdirSync('/proc/self/fd').filter((fd) => isSocket(`/proc/self/fd/${fd}`));
	const before = new Set(descriptors());
	open();
	await once(socket, 'listening');
	const [found, ...more] = descriptors().filter((fd) => !before.has(fd));
	assert.deepEqual(more, []);
	return Number(found);
}

function isSocket(link: string): boolean {
	try {
		return readlinkSync(link).startsWith('socket:');
	} catch {
		return false;
	}
}

test('a listening descriptor is taken over by its name, once', async () => {
	const server = createServer();
	const descriptor = await descriptorOf(server, () => server.listen(0, '127.0.0.1'));
	assert.equal(await portInChild('tcp:80', descriptor), (server.address() as { port: number }).port);
	server.close();
});

test('a datagram descriptor is taken over by its name, once', async () => {
	const socket = createSocket('udp4');
	const descriptor = await descriptorOf(socket, () => socket.bind(0, '127.0.0.1'));
	assert.equal(await portInChild('udp:67@eth1', descriptor), socket.address().port);
	socket.close();
});

test('descriptors that were meant for another process are left alone', () => {
	const sockets = inheritedSockets({ LISTEN_PID: '1', LISTEN_FDS: '1', LISTEN_FDNAMES: 'udp_67@eth1' }, 2);
	assert.equal(sockets.udp('udp:67@eth1'), null);
	assert.equal(inheritedSockets({}).tcp('tcp:80'), null);
});
