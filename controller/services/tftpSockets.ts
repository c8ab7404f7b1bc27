import type { Socket } from 'node:dgram';

/** Sockets for transfers, one for each, opened ahead. */
export interface TransferSockets {
	/** A socket that is connected to the client, for the taker to close; rejects when none can be opened. */
	take(port: number, address: string): Promise<Socket>;
	close(): void;
}

/** So many are opened at once, since opening costs a process (netport), and again when fewer than the reserve are left. */
const BATCH = 16;
const RESERVE = 8;

/**
 * Each socket serves one transfer: RFC 1350 section 4 wants a new port for each, and Linux would forget SO_BINDTODEVICE on a socket
 * that is disconnected to be used again (`__udp_disconnect`), so its packets could leave by an interface that is off.
 */
export function createTransferSockets(open: (count: number) => Promise<Socket[]>): TransferSockets {
	const ready: Socket[] = [];
	let opening: Promise<void> | null = null;
	let closed = false;

	const more = (): Promise<void> => {
		opening ??= open(BATCH)
			.then((sockets) => {
				if (closed) for (const socket of sockets) socket.close();
				else ready.push(...sockets);
			})
			.finally(() => {
				opening = null;
			});
		return opening;
	};
	return {
		async take(port, address) {
			while (ready.length === 0) {
				if (closed) throw new Error('the server stopped');
				await more();
			}
			const socket = ready.shift() as Socket;
			// A failure shows again when the next one waits for it.
			if (ready.length < RESERVE) more().catch(() => undefined);
			await new Promise<void>((done, failed) =>
				socket.connect(port, address, (error?: Error) => (error ? failed(error) : done())),
			);
			return socket;
		},
		close() {
			closed = true;
			for (const socket of ready.splice(0)) socket.close();
		},
	};
}
