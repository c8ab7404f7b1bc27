import assert from 'node:assert/strict';
import type { Socket } from 'node:dgram';
import { test } from 'node:test';
import { createTransferSockets } from '../../../controller/services/tftpSockets.ts';
import { loopbackSockets } from '../../support/datagrams.ts';

const portsOf = (sockets: readonly Socket[]): Set<number> => new Set(sockets.map((socket) => socket.address().port));

test('each transfer has a socket of its own, connected to its client, and few calls open them', async () => {
	let calls = 0;
	const sockets = createTransferSockets((count) => {
		calls++;
		return loopbackSockets(count);
	});
	const taken = await Promise.all(Array.from({ length: 24 }, () => sockets.take(9, '127.0.0.1')));
	assert.equal(portsOf(taken).size, 24);
	assert.equal(taken[0]?.remoteAddress().port, 9);
	assert.ok(calls <= 3, `${calls} calls`);
	sockets.close();
	for (const socket of taken) socket.close();
});

test('one that was used is not used again, by whichever client', async () => {
	const sockets = createTransferSockets(loopbackSockets);
	const seen = new Set<Socket>();
	for (let i = 0; i < 40; i++) {
		const socket = await sockets.take(9, '127.0.0.1');
		seen.add(socket);
		socket.close();
	}
	sockets.close();
	assert.equal(seen.size, 40);
});

test('when none can be opened the taker hears why, and the next one may have more luck', async () => {
	let broken = true;
	const sockets = createTransferSockets((count) =>
		broken ? Promise.reject(new Error('no more files')) : loopbackSockets(count),
	);
	await assert.rejects(sockets.take(9, '127.0.0.1'), { message: 'no more files' });
	broken = false;
	(await sockets.take(9, '127.0.0.1')).close();
	sockets.close();
	await assert.rejects(Promise.all(Array.from({ length: 20 }, () => sockets.take(9, '127.0.0.1'))), {
		message: 'the server stopped',
	});
});
