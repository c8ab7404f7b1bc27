import dgram from 'node:dgram';
import { once } from 'node:events';

/** A socket on loopback that keeps what it hears. */
export interface Datagrams {
	readonly socket: dgram.Socket;
	readonly port: number;
	/** The next datagram; rejects after `ms` without one. */
	next(ms?: number): Promise<{ bytes: Buffer; port: number }>;
	/** All that came within `ms` and was not asked for yet. */
	within(ms: number): Promise<Buffer[]>;
	send(bytes: Uint8Array, port: number): void;
	close(): void;
}

export async function openDatagrams(address = '127.0.0.1'): Promise<Datagrams> {
	const socket = dgram.createSocket('udp4');
	const heard: { bytes: Buffer; port: number }[] = [];
	const arrived = new EventTarget();
	socket.on('message', (bytes, from) => {
		heard.push({ bytes, port: from.port });
		arrived.dispatchEvent(new Event('datagram'));
	});
	socket.bind(0, address);
	await once(socket, 'listening');
	return {
		socket,
		port: socket.address().port,
		async next(ms = 2000) {
			const expiry = heard.length === 0 ? AbortSignal.timeout(ms) : null;
			while (heard.length === 0) {
				await new Promise<void>((done, failed) => {
					arrived.addEventListener('datagram', () => done(), { once: true });
					expiry?.addEventListener('abort', () => failed(new Error(`no datagram within ${ms} ms`)), { once: true });
				});
			}
			return heard.shift() as { bytes: Buffer; port: number };
		},
		async within(ms) {
			await new Promise((done) => setTimeout(done, ms));
			return heard.splice(0).map(({ bytes }) => bytes);
		},
		send: (bytes, port) => socket.send(bytes, port, '127.0.0.1'),
		close: () => socket.close(),
	};
}

/** Sockets on loopback, as netport would open them for a service. */
export async function loopbackSockets(count: number): Promise<dgram.Socket[]> {
	return Promise.all(
		Array.from({ length: count }, async () => {
			const socket = dgram.createSocket('udp4');
			socket.bind(0, '127.0.0.1');
			await once(socket, 'listening');
			return socket;
		}),
	);
}
