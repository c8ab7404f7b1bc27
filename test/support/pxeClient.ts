import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { http } from '../../controller/simulation/network/http.ts';
import { fetchTftp } from '../../controller/simulation/network/tftp.ts';
import type { Wire } from '../../controller/simulation/network/wire.ts';
import { decode, encode } from '../../controller/wire/dhcp.ts';

const ANSWER_MS = 2000;

/**
 * A real network interface of a namespace as the wire of simulated machines: DHCP by broadcast, everything else from the address that
 * was given, which the interface gets. Needs root. One socket serves all machines behind the interface.
 */
export async function openPxeClient(device: string): Promise<Wire & { close(): void }> {
	const socket = createSocket({ type: 'udp4', reuseAddr: true });
	socket.bind(68);
	await once(socket, 'listening');
	socket.setBroadcast(true);
	return {
		askDhcp: (question, signal) =>
			new Promise((resolve, reject) => {
				const stop = () => {
					clearTimeout(timer);
					socket.off('message', look);
					signal.removeEventListener('abort', off);
				};
				const off = () => {
					stop();
					reject(signal.reason);
				};
				const look = (bytes: Buffer) => {
					const message = decode(bytes);
					if (message.op !== 'reply' || message.xid !== question.xid) return;
					stop();
					resolve(message);
				};
				const timer = setTimeout(() => {
					stop();
					reject(new Error('no DHCP server answers'));
				}, ANSWER_MS);
				socket.on('message', look);
				signal.addEventListener('abort', off);
				socket.send(encode(question), 67, '255.255.255.255');
			}),
		takeAddress: (address) => void execFileSync('ip', ['addr', 'replace', `${address}/24`, 'dev', device]),
		fetchTftp: (server, from, name, signal) => fetchTftp(name, { address: server, port: 69 }, from, signal),
		http,
		close: () => socket.close(),
	};
}
