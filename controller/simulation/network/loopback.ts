import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { Agent } from 'node:http';
import { createServer, type Server } from 'node:net';
import type { Ipv4 } from '../../domain/address.ts';
import type { Netport } from '../../services/netport.ts';
import { WireError } from '../../wire/bytes.ts';
import { type DhcpMessage, decode, encode } from '../../wire/dhcp.ts';
import { http } from './http.ts';
import { fetchTftp } from './tftp.ts';
import type { Wire } from './wire.ts';

/** The two ends of a network that exists on loopback alone. */
export interface LoopbackNetwork {
	/** The controller's end: sockets on free ports of 127.0.0.1, which stand for the ports that were asked for. */
	readonly netport: Netport;
	/** The machines' end, which finds those ports again. */
	readonly wire: Wire;
	/** Whose packets these are, for the controller: the address in the rack of a peer on loopback. */
	addressInRack(peer: Ipv4): Ipv4;
	stop(): void;
}

/** A DHCP question is repeated after this, ms: the server drops what it could not answer in time. */
const ASK_AGAIN_MS = 2000;
const ASKS = 4;

/**
 * Carries the packets of a rack whose addresses this computer does not have: 10.77.16.9 speaks from 127.77.16.9 where all of 127/8 is
 * this computer (Linux, Windows), and from 127.0.0.1 elsewhere (macOS; who has fetched a loader is not known there). DHCP comes
 * through a relay, as between two networks, so that nothing is broadcast. Needs no privilege. DHCP names no port for TFTP: machines know it.
 */
export async function openLoopbackNetwork(rack: { readonly gateway: Ipv4 }, tftpPort = 69): Promise<LoopbackNetwork> {
	const wholeLoopback = process.platform !== 'darwin';
	const ports = new Map<string, number>();
	const relay = createSocket('udp4');
	relay.bind(0, '127.0.0.1');
	await once(relay, 'listening');
	const agent = new Agent({ keepAlive: true, maxFreeSockets: 256, timeout: 5000 });

	const waiting = new Map<number, (reply: DhcpMessage) => void>();
	relay.on('message', (bytes) => {
		try {
			const reply = decode(bytes);
			if (reply.op === 'reply') waiting.get(reply.xid)?.(reply);
		} catch (error) {
			if (!(error instanceof WireError)) throw error;
		}
	});
	// a server that is not there makes the kernel report its closed port: the question is asked again
	relay.on('error', () => undefined);

	const speakingFrom = (address: string | undefined) =>
		wholeLoopback && address?.startsWith('10.') ? address.replace(/^10\./, '127.') : undefined;

	const askDhcp: Wire['askDhcp'] = (question, signal) =>
		new Promise((resolve, reject) => {
			let asked = 0;
			const done = () => {
				clearInterval(timer);
				waiting.delete(question.xid);
				signal.removeEventListener('abort', abort);
			};
			const abort = () => {
				done();
				reject(signal.reason);
			};
			const ask = () => {
				if (asked++ >= ASKS) {
					done();
					reject(new Error('no DHCP server answers'));
					return;
				}
				relay.send(
					encode({ ...question, hops: 1, giaddr: rack.gateway }),
					ports.get('udp 67') ?? 67,
					'127.0.0.1',
					() => undefined,
				);
			};
			const timer = setInterval(ask, ASK_AGAIN_MS);
			waiting.set(question.xid, (reply) => {
				done();
				resolve(reply);
			});
			signal.addEventListener('abort', abort);
			if (signal.aborted) abort();
			else ask();
		});

	const wire: Wire = {
		askDhcp,
		takeAddress: () => undefined,
		fetchTftp: (_server, from, name, signal) =>
			fetchTftp(name, { address: '127.0.0.1', port: ports.get(`udp ${tftpPort}`) ?? tftpPort }, speakingFrom(from), signal),
		http(method, url, request) {
			const to = new URL(url);
			// what was told to a machine in an earlier run of the controller names a port of that run
			to.port = String(ports.get(`tcp ${to.port || 80}`) ?? ports.get('tcp') ?? to.port);
			to.hostname = '127.0.0.1';
			return http(method, to.href, { ...request, from: speakingFrom(request.from), agent });
		},
	};

	const udp = async (): Promise<Socket> => {
		const socket = createSocket('udp4');
		socket.bind(0, '127.0.0.1');
		await once(socket, 'listening');
		return socket;
	};
	const netport: Netport = {
		async udp(port, _device, address) {
			const socket = await udp();
			if (address !== '255.255.255.255') ports.set(`udp ${port}`, socket.address().port);
			return socket;
		},
		udpClients: (count) => Promise.all(Array.from({ length: count }, udp)),
		async tcp(port) {
			const server: Server = createServer();
			server.listen(0, '127.0.0.1');
			await once(server, 'listening');
			const address = server.address();
			const actual = typeof address === 'object' && address ? address.port : 0;
			ports.set(`tcp ${port}`, actual).set('tcp', actual);
			return server;
		},
		interfaces: async () => [],
		arpSweep: async () => [],
		advertise: () => ({ stop() {} }),
	};

	return {
		netport,
		wire,
		addressInRack: (peer) => (peer.startsWith('127.') && peer !== '127.0.0.1' ? (peer.replace(/^127\./, '10.') as Ipv4) : peer),
		stop() {
			agent.destroy();
			relay.close();
		},
	};
}
