import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { type Mac, macToBytes } from '../../controller/domain/address.ts';
import { type DhcpMessage, decode, encode } from '../../controller/wire/dhcp.ts';
import { decode as decodeTftp, encode as encodeTftp } from '../../controller/wire/tftp.ts';
import type { NetworkBoot } from './bootingMachine.ts';
import { http } from './simulatedAgent.ts';

const ANSWER_MS = 2000;
const PXE = 'PXEClient:Arch:00000:UNDI:002001';

/**
 * The network boot of BIOS machines by real packets on one interface of a namespace: firmware asks DHCP and fetches iPXE by TFTP,
 * iPXE asks DHCP again and fetches its script, then kernel and initramfs over HTTP, and the kernel asks for its address. Needs root:
 * the interface is given the machine's address. One socket serves all machines behind the interface.
 */
export async function openPxeClient(device: string): Promise<NetworkBoot & { close(): void }> {
	const socket = createSocket({ type: 'udp4', reuseAddr: true });
	socket.bind(68);
	await once(socket, 'listening');
	socket.setBroadcast(true);

	const boot: NetworkBoot['boot'] = async (card, _hardware, signal) => {
		const firmware = await leaseAddress(socket, card, signal, { vendorClass: PXE, clientArchitectures: [0] });
		const address = firmware.yiaddr;
		execFileSync('ip', ['addr', 'replace', `${address}/24`, 'dev', device]);
		const server = firmware.options.serverId ?? '';
		const named = (message: DhcpMessage) => message.options.bootFileName ?? message.file;
		if (!named(firmware).startsWith('http')) await fetchTftp(server, address, named(firmware), signal);
		const ipxe = await leaseAddress(socket, card, signal, {
			...{ vendorClass: PXE, clientArchitectures: [0], userClasses: ['iPXE'] },
		});
		const get = async (url: string) => {
			const answer = await http('GET', url, { from: address, signal });
			if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
			return answer.body;
		};
		const script = (await get(named(ipxe))).toString();
		return {
			script,
			address,
			async loadKernel() {
				for (const [, url = ''] of script.matchAll(/^(?:kernel|initrd --name initrd) (\S+)/gm)) await get(url);
				await leaseAddress(socket, card, signal, {});
			},
		};
	};
	return { boot, close: () => socket.close() };
}

/** DISCOVER and REQUEST; answers the ACK. */
async function leaseAddress(socket: Socket, card: Mac, signal: AbortSignal, says: DhcpMessage['options']): Promise<DhcpMessage> {
	const xid = randomBytes(4).readUInt32BE();
	const chaddr = macToBytes(card);
	const ask = async (options: DhcpMessage['options']) => {
		const none = '0.0.0.0';
		const question: DhcpMessage = {
			...{ op: 'request', hardwareType: 1, hops: 0, xid, secs: 0, broadcast: true },
			...{ ciaddr: none, yiaddr: none, siaddr: none, giaddr: none, chaddr, sname: '', file: '' },
			options: { parameterRequestList: [1, 3, 66, 67], ...says, ...options },
		};
		const answer = answerTo(socket, xid, signal);
		socket.send(encode(question), 67, '255.255.255.255');
		return answer;
	};
	const offer = await ask({ messageType: 'discover' });
	const { serverId = '' } = offer.options;
	const ack = await ask({ messageType: 'request', requestedAddress: offer.yiaddr, serverId });
	if (ack.options.messageType !== 'ack') throw new Error(`refused: ${ack.options.message}`);
	return ack;
}

function answerTo(socket: Socket, xid: number, signal: AbortSignal): Promise<DhcpMessage> {
	return new Promise((resolve, reject) => {
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
			if (message.op !== 'reply' || message.xid !== xid) return;
			stop();
			resolve(message);
		};
		const timer = setTimeout(() => {
			stop();
			reject(new Error('no DHCP server answers'));
		}, ANSWER_MS);
		socket.on('message', look);
		signal.addEventListener('abort', off);
	});
}

/** The plain protocol of RFC 1350, block by block. */
async function fetchTftp(server: string, from: string, name: string, signal: AbortSignal): Promise<Buffer> {
	const socket = createSocket('udp4');
	socket.bind(0, from);
	await once(socket, 'listening');
	try {
		const parts: Uint8Array[] = [];
		socket.send(encodeTftp({ kind: 'read', name, mode: 'octet', options: new Map() }), 69, server);
		for (;;) {
			const [bytes, peer] = (await once(socket, 'message', {
				signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]),
			})) as [Buffer, { port: number }];
			const packet = decodeTftp(bytes);
			if (packet.kind !== 'data') throw new Error(`${name}: ${packet.kind === 'error' ? packet.message : packet.kind}`);
			if (packet.block === parts.length + 1) parts.push(packet.bytes);
			// a socket that is closed at once takes its last packet with it
			await new Promise((sent) => socket.send(encodeTftp({ kind: 'ack', block: packet.block }), peer.port, server, sent));
			if (packet.bytes.length < 512) return Buffer.concat(parts);
		}
	} finally {
		socket.close();
	}
}
