import type { Socket } from 'node:dgram';

/** Sockets for transfers, each used by one at a time. */
export interface TransferSockets {
	/** A socket that is connected to the client; rejects when none can be opened. */
	take(port: number, address: string): Promise<Socket>;
	give(socket: Socket): void;
	close(): void;
}

/** So many are opened at once: opening may cost a process (netport). */
const BATCH = 8;

/**
 * Keeps sockets for reuse. The one that was free the longest goes first, so that a client's next transfer comes from another port
 * than its last one, as RFC 1350 section 4 wants it, and late packets of the old transfer are not taken for the new.
 */
export function createTransferSockets(open: (count: number) => Promise<Socket[]>): TransferSockets {
	const free: Socket[] = [];
	let opening: Promise<void> | null = null;
	let closed = false;

	const more = (): Promise<void> => {
		opening ??= open(BATCH)
			.then((sockets) => {
				for (const socket of sockets) {
					// Between transfers nobody listens, and an ICMP message about the last one may still come.
					socket.on('error', () => undefined);
					if (closed) socket.close();
					else free.push(socket);
				}
			})
			.finally(() => {
				opening = null;
			});
		return opening;
	};
	return {
		async take(port, address) {
			while (free.length === 0) await more();
			const socket = free.shift() as Socket;
			await new Promise<void>((done, failed) =>
				socket.connect(port, address, (error?: Error) => (error ? failed(error) : done())),
			);
			return socket;
		},
		give(socket) {
			if (closed) {
				socket.close();
				return;
			}
			socket.disconnect();
			free.push(socket);
		},
		close() {
			closed = true;
			for (const socket of free.splice(0)) socket.close();
		},
	};
}
