import type { Socket } from 'node:dgram';
import { IpmiError } from '../errors.ts';
import { addressedSession } from '../packet/packet20.ts';

/** A BMC's numeric address, so that it can be compared with the sender of a reply. */
export interface Peer {
	readonly address: string;
	readonly port: number;
}

/** Whoever waits for datagrams: an exchange. */
export interface Receiver {
	receive(datagram: Buffer): void;
	/** Ends what waits with `error`. */
	abort(error: IpmiError): void;
}

/** One UDP socket for all BMCs. Replies find their session by our session ID (RMCP+) or by the sender (IPMI 1.5). */
export interface Transport {
	/** Resolves once the kernel took the datagram; rejects with `unreachable` when it knows no way, `closed` after `close`. */
	send(peer: Peer, datagram: Buffer): Promise<void>;
	/** Registers a receiver under a new console session ID. */
	openSession(peer: Peer, receiver: Receiver): { readonly consoleId: number; close(): void };
	/** Registers a receiver for everything of IPMI 1.5 from this BMC. */
	openPeer(peer: Peer, receiver: Receiver): { close(): void };
	/** Ends everything that waits. */
	abort(error: IpmiError): void;
	close(): void;
}

/** What the kernel says when there is no way to a host; everything else (a full buffer) is left to the retransmission. */
const noWay = new Set([
	'ENETUNREACH',
	'EHOSTUNREACH',
	'ENETDOWN',
	'EHOSTDOWN',
	'EACCES',
	'EPERM',
	'EINVAL',
	'EAFNOSUPPORT',
	'ENOTFOUND',
]);
/** Replies of hundreds of BMCs arrive within one turn of the event loop; the default of 208 KiB holds about 270 of them. */
const RECEIVE_BUFFER = 1 << 20;

/** The socket comes from outside because it may have to be opened in another network namespace or on one interface. */
export function createTransport(open: () => Promise<Socket>): Transport {
	const sessions = new Map<number, { peer: Peer; receiver: Receiver }>();
	const peers = new Map<string, Set<Receiver>>();
	let socket: Promise<Socket> | null = null;
	let closed = false;
	// Not a secret, the session's keys are; a running number keeps IDs unique for the longest time.
	let nextId = 0x10000000 + Math.floor(Math.random() * 0x60000000);

	function receive(datagram: Buffer, from: Peer): void {
		for (const each of receiversOf(addressedSession(datagram), from)) each.receive(datagram);
	}

	/** Nobody for a datagram that belongs to no session: it is dropped. */
	function receiversOf(id: number | 'unnamed' | null, from: Peer): Receiver[] {
		if (id === null) return [...(peers.get(key(from)) ?? [])];
		const named = typeof id === 'number' ? [sessions.get(id)] : [...sessions.values()];
		return named.flatMap((session) => (session && key(session.peer) === key(from) ? [session.receiver] : []));
	}

	async function ready(): Promise<Socket> {
		socket ??= open().then(prepare);
		try {
			return await socket;
		} catch (error) {
			socket = null;
			throw new IpmiError('unreachable', `no UDP socket: ${(error as Error).message}`);
		}
	}

	async function prepare(opened: Socket): Promise<Socket> {
		await bound(opened);
		opened.setRecvBufferSize(RECEIVE_BUFFER);
		opened.on('message', receive);
		// The socket may be taken away (its interface went); the next send asks for a new one.
		const lose = () => {
			socket = null;
		};
		opened.on('error', lose);
		opened.on('close', lose);
		return opened;
	}

	return {
		async send(peer, datagram) {
			if (closed) throw new IpmiError('closed', 'the IPMI client was closed');
			const out = await ready();
			await new Promise<void>((resolve, reject) => {
				out.send(datagram, peer.port, peer.address, (error) => {
					const code = (error as NodeJS.ErrnoException | null)?.code ?? '';
					if (noWay.has(code)) reject(new IpmiError('unreachable', `the network has no way to ${peer.address} (${code})`));
					else resolve();
				});
			}).catch((error) => {
				// Closed in this very moment: the datagram counts as lost, its repetition gets a new socket.
				if (error.code !== 'ERR_SOCKET_DGRAM_NOT_RUNNING') throw error;
				socket = null;
			});
		},
		openSession(peer, receiver) {
			do nextId = (nextId + 1) >>> 0 || 1;
			while (sessions.has(nextId));
			const consoleId = nextId;
			sessions.set(consoleId, { peer, receiver });
			return { consoleId, close: () => void sessions.delete(consoleId) };
		},
		openPeer(peer, receiver) {
			const receivers = peers.get(key(peer)) ?? new Set();
			peers.set(key(peer), receivers.add(receiver));
			return {
				close() {
					receivers.delete(receiver);
					if (receivers.size === 0) peers.delete(key(peer));
				},
			};
		},
		abort(error) {
			for (const { receiver } of sessions.values()) receiver.abort(error);
			for (const receivers of peers.values()) for (const receiver of receivers) receiver.abort(error);
		},
		close() {
			closed = true;
			socket?.then(
				(open) => open.close(),
				() => {},
			);
			socket = null;
		},
	};
}

const key = (peer: Peer): string => `${peer.address} ${peer.port}`;

/** A socket that was handed over may be bound already; one that was just created is not. */
async function bound(socket: Socket): Promise<void> {
	try {
		socket.address();
	} catch {
		await new Promise<void>((resolve, reject) => {
			socket.once('error', reject);
			socket.bind(0, () => {
				socket.off('error', reject);
				resolve();
			});
		});
	}
}
