import assert from 'node:assert/strict';
import { decode, encode, type TftpPacket } from '../../controller/wire/tftp.ts';
import { type Datagrams, openDatagrams } from './datagrams.ts';

/** A TFTP client that does one thing at a time and shows each packet, for tests of what a server does with odd ones. */
export interface TftpClient extends Datagrams {
	request(name: string, options?: Record<string, string>, fields?: { kind?: 'read' | 'write'; mode?: string }): void;
	/** The next packet, and from then on `ack` goes where it came from. */
	hear(ms?: number): Promise<TftpPacket>;
	ack(block: number): void;
	/** Ends the transfer by an error. */
	refuse(code: number, message: string): void;
	/** Reads a whole file, acknowledging each window. */
	fetch(name: string, options?: Record<string, string>): Promise<{ bytes: Buffer; granted: Record<string, string> }>;
	/** Likewise over a bad line: repeats what it said last, and reports each packet out of order as EDK2 does. */
	fetchStubbornly(name: string, options?: Record<string, string>): Promise<Buffer>;
}

export async function openTftpClient(serverPort: number): Promise<TftpClient> {
	const datagrams = await openDatagrams();
	let peer = serverPort;
	const client: TftpClient = {
		...datagrams,
		request(name, options = {}, { kind = 'read', mode = 'octet' } = {}) {
			datagrams.send(encode({ kind, name, mode, options: new Map(Object.entries(options)) }), serverPort);
		},
		async hear(ms) {
			const { bytes, port } = await datagrams.next(ms);
			peer = port;
			return decode(bytes);
		},
		ack: (block) => datagrams.send(encode({ kind: 'ack', block: block & 0xffff }), peer),
		refuse: (code, message) => datagrams.send(encode({ kind: 'error', code, message }), peer),
		async fetch(name, options = {}) {
			client.request(name, options);
			const parts: Uint8Array[] = [];
			let granted: Record<string, string> = {};
			let packet = await client.hear();
			if (packet.kind === 'options') {
				granted = Object.fromEntries(packet.options);
				client.ack(0);
				packet = await client.hear();
			}
			const blockSize = Number(granted.blksize ?? 512);
			const windowSize = Number(granted.windowsize ?? 1);
			for (;;) {
				assert.equal(packet.kind, 'data', JSON.stringify(packet));
				assert.ok(packet.kind === 'data');
				// On a busy machine the server may think a window lost and send it again.
				const ahead = (packet.block - parts.length) & 0xffff;
				if (ahead === 0 || ahead > 0x8000) {
					packet = await client.hear();
					continue;
				}
				assert.equal(ahead, 1);
				parts.push(packet.bytes);
				const last = packet.bytes.length < blockSize;
				if (last || parts.length % windowSize === 0) client.ack(parts.length);
				if (last) return { bytes: Buffer.concat(parts), granted };
				packet = await client.hear();
			}
		},
		async fetchStubbornly(name, options = {}) {
			const windowSize = Number(options.windowsize ?? 1);
			const parts: Uint8Array[] = [];
			let answered = false;
			let acknowledged = 0;
			const ack = (): void => {
				acknowledged = parts.length;
				client.ack(parts.length);
			};
			for (;;) {
				const packet = await client.hear(200).catch(() => null);
				answered ||= packet !== null;
				if (!packet && !answered) client.request(name, options);
				else if (packet?.kind !== 'data') ack();
				else if (packet.block === ((parts.length + 1) & 0xffff)) {
					parts.push(packet.bytes);
					const last = packet.bytes.length < Number(options.blksize);
					if (last || parts.length - acknowledged === windowSize) ack();
					if (last) return Buffer.concat(parts);
				} else ack();
			}
		},
	};
	return client;
}
