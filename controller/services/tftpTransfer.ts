import type { Socket } from 'node:dgram';
import { WireError } from '../wire/bytes.ts';
import { DATA_HEADER_LENGTH, decode, encode, readAck, TFTP_ERRORS, writeDataHeader } from '../wire/tftp.ts';
import type { TftpTerms } from '../wire/tftpOptions.ts';
import type { TftpSource } from './tftpSource.ts';

export interface TransferEnd {
	/** `probed`: the client only wanted the size and stopped there, as EDK2 does before each real transfer. */
	readonly state: 'done' | 'probed' | 'failed';
	/** Acknowledged bytes. */
	readonly bytes: number;
	readonly reason?: string;
}

/** Milliseconds until a window is sent again, when the client asks for none of its own: doubled with each try up to the longest. */
const PATIENCE = { first: 1000, running: 250, longest: 4000 };
/** The same window is sent so often before the client counts as gone. */
const TRIES = 7;

/**
 * Sends one file to the peer that `socket` is connected to, window by window (RFC 7440; a window of 1 is RFC 1350). The promise
 * never rejects. The socket is left to be closed by the caller.
 */
export function sendFile(socket: Socket, source: TftpSource, terms: TftpTerms, stopped: AbortSignal): Promise<TransferEnd> {
	const { blockSize, windowSize } = terms;
	/** The last block is shorter than the others, if need be empty: that is how the client knows the end. */
	const blocks = Math.floor(source.size / blockSize) + 1;
	const stride = DATA_HEADER_LENGTH + blockSize;
	const packets = Buffer.allocUnsafe(Math.min(windowSize, blocks) * stride);
	let acknowledged = 0;
	let sent = 0;
	let tries = 0;
	let awaitingFirst = terms.granted.size > 0;
	/** A window was already sent again for an ACK that brought nothing new. */
	let repeated = false;
	/** Counts sendings, so that a read that is overtaken by an ACK sends nothing. */
	let turn = 0;

	return new Promise((resolve) => {
		const end = (state: TransferEnd['state'], reason?: string): void => {
			turn = -1;
			clearTimeout(timer);
			socket.off('message', hear).off('error', broken);
			stopped.removeEventListener('abort', abort);
			resolve({ state, bytes: Math.min(acknowledged * blockSize, source.size), ...(reason && { reason }) });
		};

		const sendWindow = (): void => {
			const first = acknowledged;
			const count = Math.min(windowSize, blocks - first);
			const mine = ++turn;
			const bytes = source.read(first * blockSize, count * blockSize);
			if (bytes instanceof Uint8Array) sendBlocks(first, count, bytes);
			else bytes.then((read) => mine === turn && sendBlocks(first, count, read), unreadable);
		};

		const unreadable = (error: Error): void => {
			if (turn < 0) return;
			socket.send(encode({ kind: 'error', code: TFTP_ERRORS.undefined, message: 'the file can not be read' }));
			end('failed', `the file can not be read: ${error.message}`);
		};

		const sendBlocks = (first: number, count: number, bytes: Uint8Array): void => {
			for (let i = 0; i < count; i++) {
				const data = bytes.subarray(i * blockSize, (i + 1) * blockSize);
				writeDataHeader(packets, i * stride, first + i + 1);
				packets.set(data, i * stride + DATA_HEADER_LENGTH);
				socket.send(packets, i * stride, DATA_HEADER_LENGTH + data.length);
			}
			sent = first + count;
		};

		const begin = (): void => {
			if (awaitingFirst) socket.send(encode({ kind: 'options', options: terms.granted }));
			else sendWindow();
		};

		const hear = (packet: Buffer): void => {
			const ack = readAck(packet);
			const fresh = (ack - acknowledged) & 0xffff;
			if (ack < 0) hearOther(packet);
			else if (awaitingFirst) {
				if (ack !== 0) return;
				awaitingFirst = false;
				advance(0);
			} else if (fresh > 0 && fresh <= sent - acknowledged) advance(fresh);
			else if (fresh === 0 && windowSize > 1 && !repeated && sent > acknowledged) {
				// The client misses the first block of the window and says so for each of the others, or the network doubled an ACK.
				// Answering each would double the traffic for good (RFC 1123 4.2.3.1): a window is repeated once, a single block never.
				repeated = true;
				sendWindow();
			}
		};

		const advance = (count: number): void => {
			repeated = acknowledged + count < sent;
			// The common case must be cheap: a new timer for each ACK is not.
			if (tries === 0 && acknowledged > 0) timer.refresh();
			acknowledged += count;
			if (tries > 0 || acknowledged === count) wait(0);
			if (acknowledged === blocks) end('done');
			else sendWindow();
		};

		const hearOther = (packet: Buffer): void => {
			try {
				const heard = decode(packet);
				if (heard.kind !== 'error') return;
				const words = heard.message.replace(/[^\x20-\x7e]/g, '').slice(0, 100);
				if (awaitingFirst && terms.granted.has('tsize')) end('probed');
				else end('failed', `the client stopped: error ${heard.code} ${words}`.trimEnd());
			} catch (error) {
				if (!(error instanceof WireError)) throw error;
			}
		};

		const repeat = (): void => {
			if (++tries >= TRIES) {
				end('failed', `no acknowledgement of block ${acknowledged + 1} after ${TRIES} tries`);
				return;
			}
			repeated = false;
			wait(tries);
			begin();
		};
		const wait = (after: number): void => {
			tries = after;
			clearTimeout(timer);
			const start = acknowledged === 0 ? PATIENCE.first : PATIENCE.running;
			timer = setTimeout(repeat, terms.timeout ?? Math.min(start * 2 ** tries, PATIENCE.longest));
		};
		const broken = (error: NodeJS.ErrnoException): void => {
			// Some clients close their port on the last block without acknowledging it. One that wants to stop says so.
			if (error.code === 'ECONNREFUSED' && sent === blocks) {
				acknowledged = blocks;
				end('done');
			} else end('failed', `the client can not be reached: ${error.message}`);
		};
		const abort = (): void => end('failed', 'the server stopped');
		let timer = setTimeout(repeat, terms.timeout ?? PATIENCE.first);
		stopped.addEventListener('abort', abort);
		socket.on('message', hear).on('error', broken);
		begin();
	});
}
