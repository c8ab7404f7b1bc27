import { IpmiError } from '../errors.ts';
import type { Peer, Receiver, Transport } from './transport.ts';

/** Milliseconds to wait for a reply after each sending; its length is the number of sendings. */
export type Patience = readonly number[];

/** One question and its answer over a network that loses packets, and past replies that are late, doubled or forged. */
export interface Exchange extends Receiver {
	/**
	 * Sends what `datagram` makes (called for each sending, because each needs a new session sequence number) until `read` returns something.
	 * `read` returns null for a packet that is not the awaited one; what it throws as `bad-reply` is kept, since a forger must not be able
	 * to end an exchange; anything else that it throws ends it.
	 * Rejects with `unreachable` when nothing came, with the last `bad-reply` when only nonsense came.
	 */
	ask<T>(datagram: () => Buffer, read: (datagram: Buffer) => T | null, patience: Patience): Promise<T>;
	/** How many datagrams had to be sent again since the start. */
	readonly repeats: number;
	/** How many questions were answered since the start. */
	readonly answers: number;
}

export function createExchange(transport: Transport, peer: Peer): Exchange {
	let waiting: { receive(datagram: Buffer): void; abort(error: IpmiError): void } | null = null;
	let repeats = 0;
	let answers = 0;
	return {
		receive: (datagram) => waiting?.receive(datagram),
		abort: (error) => waiting?.abort(error),
		get repeats() {
			return repeats;
		},
		get answers() {
			return answers;
		},
		ask: (datagram, read, patience) =>
			new Promise((resolve, reject) => {
				let sendings = 0;
				let nonsense: IpmiError | null = null;
				let timer: NodeJS.Timeout | undefined;
				const finish = (settle: () => void) => {
					clearTimeout(timer);
					waiting = null;
					settle();
				};
				const attempt = () => {
					const wait = patience[sendings];
					if (wait === undefined) return finish(() => reject(nonsense ?? silence(peer, patience)));
					if (sendings++ > 0) repeats++;
					timer = setTimeout(attempt, wait);
					transport.send(peer, datagram()).catch((error) => mine === waiting && finish(() => reject(error)));
				};
				const mine = {
					receive(received: Buffer) {
						try {
							const answer = read(received);
							if (answer === null) return;
							answers++;
							finish(() => resolve(answer));
						} catch (error) {
							if (error instanceof IpmiError && error.code === 'bad-reply') nonsense = error;
							else finish(() => reject(error));
						}
					},
					abort: (error: IpmiError) => finish(() => reject(error)),
				};
				waiting = mine;
				attempt();
			}),
	};
}

function silence(peer: Peer, patience: Patience): IpmiError {
	const seconds = patience.reduce((sum, wait) => sum + wait, 0) / 1000;
	return new IpmiError('unreachable', `no reply from ${peer.address} port ${peer.port} within ${Number(seconds.toFixed(1))} s`);
}
