import type { RemoteInfo, Socket } from 'node:dgram';
import type { Ipv4 } from '../domain/address.ts';
import type { DhcpAnswer, DhcpRequest } from '../domain/bootRequest.ts';
import type { Log } from '../log.ts';
import { WireError } from '../wire/bytes.ts';
import { type DhcpMessage, decode, encode } from '../wire/dhcp.ts';
import { type ReplyDestination, replyDestination } from '../wire/dhcpReply.ts';
import { writeReply } from './dhcpReply.ts';
import { readRequest } from './dhcpRequest.ts';

export interface DhcpServerSettings {
	/** Hears what is sent to the server's own address, and sends all replies. */
	readonly socket: Socket;
	/**
	 * Hears broadcasts, when `socket` does not (`openDhcpSockets` gives both). Without it `socket` hears everything and REBINDING
	 * can't be told from RENEWING: both are `renew`.
	 */
	readonly broadcastSocket?: Socket;
	readonly interface: { readonly name: string; readonly address: Ipv4; readonly prefix: number };
	/** The policy. It has stored the lease before its promise resolves; a rejection is logged and the client hears nothing. */
	readonly answer: (request: DhcpRequest) => Promise<DhcpAnswer | 'silence'>;
	readonly log: Log;
	/** Other ports than 68 and 67 to reply to, where a test can't have those. */
	readonly ports?: { readonly client: number; readonly relay: number };
	/** Answers a relay where its packet came from, and not at its giaddr: behind address translation that can't be reached. */
	readonly relaysAreTranslated?: boolean;
	/** Longest time in ms that a client waits for; what is answered later would only disturb its next try. */
	readonly patience?: number;
	readonly now?: () => number;
}

export interface DhcpServer {
	/** `malformed`: no sense in it. `dropped`: understood but not answered, because of load, age or a failing policy. */
	readonly counts: Readonly<{ malformed: number; dropped: number; silent: number; answered: number }>;
	stop(): Promise<void>;
}

/** So many questions may wait for the policy; a rack of 96 that is switched on needs 96. Clients repeat what is dropped. */
const MAX_WAITING = 1024;

/** Answers DHCP on one interface until stopped. Nothing that a packet contains ends it. */
export function createDhcpServer(settings: DhcpServerSettings): DhcpServer {
	const { socket, broadcastSocket, answer, log, patience = 4000, now = Date.now, relaysAreTranslated = false } = settings;
	const ports = settings.ports ?? { client: 68, relay: 67 };
	const counts = { malformed: 0, dropped: 0, silent: 0, answered: 0 };
	const waiting = new Set<string>();
	const sockets = broadcastSocket ? [socket, broadcastSocket] : [socket];

	const hear = (bytes: Buffer, from: RemoteInfo, broadcast: boolean): void => {
		let message: DhcpMessage;
		let request: DhcpRequest;
		try {
			message = decode(bytes);
			request = readRequest(message, { interface: settings.interface.name, receivedAt: now(), broadcast });
		} catch (error) {
			if (!(error instanceof WireError)) throw error;
			counts.malformed++;
			log.debug('malformed DHCP packet', { cause: error.message });
			return;
		}
		// A repetition while the first is still being thought about would only cost the same work twice.
		const key = `${request.mac} ${request.xid} ${request.kind}`;
		if (waiting.has(key) || waiting.size >= MAX_WAITING) {
			counts.dropped++;
			return;
		}
		waiting.add(key);
		answer(request)
			.then((found) => reply(message, request, found, from))
			.catch((error: unknown) => {
				counts.dropped++;
				log.error('DHCP request could not be answered', { mac: request.mac, kind: request.kind, cause: String(error) });
			})
			.finally(() => waiting.delete(key));
	};

	const reply = (message: DhcpMessage, request: DhcpRequest, found: DhcpAnswer | 'silence', from: RemoteInfo): void => {
		if (found === 'silence' || request.kind === 'decline' || request.kind === 'release') {
			counts.silent++;
			return;
		}
		if (now() - request.receivedAt > patience) {
			counts.dropped++;
			log.warn('DHCP answer came too late and was dropped', { mac: request.mac, kind: request.kind });
			return;
		}
		const bytes = writeReply(message, request, found, settings.interface.address);
		const destination = replyDestination(message, bytes);
		const { port, address } = relaysAreTranslated && destination.kind === 'relay' ? from : addressOf(destination, ports);
		socket.send(encode(bytes, maxLengthFor(message)), port, address, (error) => {
			if (error) {
				counts.dropped++;
				log.warn('DHCP reply could not be sent', { mac: request.mac, to: address, cause: error.message });
			} else counts.answered++;
		});
	};

	const listeners = sockets.map((one) => {
		const listener = (bytes: Buffer, from: RemoteInfo): void => hear(bytes, from, one === broadcastSocket);
		one.on('message', listener);
		one.on('error', (error) => log.error('DHCP socket failed', { cause: error.message }));
		return { one, listener };
	});
	return {
		counts,
		async stop() {
			for (const { one, listener } of listeners) one.off('message', listener);
			await Promise.all(sockets.map((one) => new Promise<void>((done) => one.close(done))));
		},
	};
}

/** To a client that can't answer ARP yet a broadcast is sent, which RFC 2131 4.1 allows: Node can't write Ethernet frames. */
function addressOf(to: ReplyDestination, ports: { client: number; relay: number }): { port: number; address: string } {
	switch (to.kind) {
		case 'relay':
			return { port: ports.relay, address: to.address };
		case 'client':
			return { port: ports.client, address: to.address };
		case 'broadcast':
		case 'hardware':
			return { port: ports.client, address: '255.255.255.255' };
	}
}

/** Option 57 counts IP and UDP headers. EDK2 says 65280 in its REQUEST; an Ethernet frame carries less. */
function maxLengthFor(message: DhcpMessage): number {
	const said = message.options.maxDatagramSize ?? 576;
	return Math.min(Math.max(said, 576), 1500) - 28;
}
