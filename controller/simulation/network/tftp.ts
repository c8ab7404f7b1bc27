import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { decode, encode, type TftpPacket } from '../../wire/tftp.ts';

/** Milliseconds until the last packet is sent again, longer than a server takes a repeated request for the same one. */
const PATIENCE_MS = 1500;
const TRIES = 5;

/** Reads one file as firmware does: blocks that fill an Ethernet frame (RFC 2348), each acknowledged (RFC 1350). */
export async function fetchTftp(
	name: string,
	server: { readonly address: string; readonly port: number },
	from: string | undefined,
	signal: AbortSignal,
): Promise<Buffer> {
	const socket = createSocket('udp4');
	socket.bind(0, from);
	await once(socket, 'listening');
	try {
		const options = new Map([
			['tsize', '0'],
			['blksize', '1468'],
		]);
		const say = (packet: TftpPacket, port: number) =>
			new Promise<void>((sent) => socket.send(encode(packet), port, server.address, () => sent()));
		let last: [packet: TftpPacket, port: number] = [{ kind: 'read', name, mode: 'octet', options }, server.port];
		let blockSize = 512;
		const parts: Uint8Array[] = [];
		for (let tries = 0; tries < TRIES; tries++) {
			await say(...last);
			for (let heard = await next(socket, signal); heard; heard = await next(socket, signal)) {
				const { packet, port } = heard;
				if (packet.kind === 'error') throw new Error(`${name}: ${packet.message}`);
				if (packet.kind === 'options') blockSize = Number(packet.options.get('blksize') ?? 512);
				if (packet.kind === 'data' && packet.block === ((parts.length + 1) & 0xffff)) parts.push(packet.bytes);
				last = [{ kind: 'ack', block: parts.length & 0xffff }, port];
				// a socket that is closed at once takes its last packet with it
				await say(...last);
				tries = 0;
				const end = parts.at(-1);
				if (end && end.length < blockSize) return Buffer.concat(parts);
			}
		}
		throw new Error(`${name}: the server at ${server.address} does not answer`);
	} finally {
		socket.close();
	}
}

/** The next packet; `null` when it does not come in time. */
async function next(socket: Socket, signal: AbortSignal): Promise<{ packet: TftpPacket; port: number } | null> {
	const [bytes, { port }] = (await once(socket, 'message', {
		signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
	}).catch((error: unknown) => {
		if (signal.aborted) throw error;
		return [null, { port: 0 }];
	})) as [Buffer | null, { port: number }];
	return bytes && { packet: decode(bytes), port };
}
