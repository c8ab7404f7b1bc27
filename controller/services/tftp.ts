import type { RemoteInfo, Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { type Ipv4, parseIpv4 } from '../domain/address.ts';
import type { Log } from '../log.ts';
import { WireError } from '../wire/bytes.ts';
import { decode, encode, TFTP_ERRORS, type TftpErrorName, type TftpPacket, toNetascii } from '../wire/tftp.ts';
import { agreeOnTerms } from '../wire/tftpOptions.ts';
import { resolveName } from './fileName.ts';
import { createTransferSockets } from './tftpSockets.ts';
import { fileSource, memorySource, type TftpSource } from './tftpSource.ts';
import { sendFile, type TransferEnd } from './tftpTransfer.ts';

export interface TftpClient {
	readonly address: Ipv4;
	readonly port: number;
}

/** A file in memory, a file on disk whose path the opener has checked, or why there is none. */
export type TftpFile =
	| { readonly bytes: Uint8Array }
	| { readonly path: string; readonly size: number }
	| 'not-found'
	| 'refused';

export interface TftpTransferEvent {
	readonly client: TftpClient;
	/** As resolved: without slashes in front. */
	readonly name: string;
	readonly state: 'started' | TransferEnd['state'];
	/** The file's size in `started`, then what the client has acknowledged. */
	readonly bytes: number;
	/** Since the request, in milliseconds. */
	readonly ms: number;
	readonly reason?: string;
}

export interface TftpServerSettings {
	/** Hears requests; errors are answered from it too. */
	readonly socket: Socket;
	/** Opens sockets on the same interface for the transfers: `(count) => netport.udpClients(count, device)`. */
	readonly transferSockets: (count: number) => Promise<Socket[]>;
	/** `name` went through `resolveName`. */
	readonly openFile: (name: string, client: TftpClient) => Promise<TftpFile>;
	readonly onTransfer?: (event: TftpTransferEvent) => void;
	readonly log: Log;
	/** 1468 fills an Ethernet frame. */
	readonly maxBlockSize?: number;
	readonly maxWindowSize?: number;
}

export interface TftpServer {
	readonly counts: Readonly<{ malformed: number; refused: number; dropped: number; started: number }>;
	/** Ends all transfers and closes all sockets. */
	stop(): Promise<void>;
}

type ReadRequest = Extract<TftpPacket, { kind: 'read' | 'write' }>;

const MAX_TRANSFERS = 512;
const MAX_TRANSFERS_PER_ADDRESS = 32;
/** A request that comes again within this time, in ms, is a repetition, as the first answer may be under way. */
const REPETITION = 1000;
const MODES = new Set(['octet', 'netascii']);
/** Text is converted in memory. */
const MAX_NETASCII = 4 * 1024 * 1024;

/** Read-only TFTP until stopped. Nothing that a packet contains ends it. */
export function createTftpServer(settings: TftpServerSettings): TftpServer {
	const { socket, openFile, onTransfer = () => undefined, log, maxBlockSize = 1468, maxWindowSize = 64 } = settings;
	const counts = { malformed: 0, refused: 0, dropped: 0, started: 0 };
	const sockets = createTransferSockets(settings.transferSockets);
	const stopping = new AbortController();
	const running = new Set<Promise<void>>();
	const active = new Map<string, number>();
	const recent = new Map<string, number>();

	const refuse = (client: TftpClient, error: TftpErrorName, message: string): void => {
		counts.refused++;
		socket.send(encode({ kind: 'error', code: TFTP_ERRORS[error], message }), client.port, client.address, (failed) => {
			if (failed) log.debug('TFTP error not sent', { to: client.address, cause: failed.message });
		});
	};

	const hear = (bytes: Buffer, from: RemoteInfo): void => {
		const address = parseIpv4(from.address);
		let request: TftpPacket;
		try {
			request = decode(bytes);
		} catch (error) {
			if (!(error instanceof WireError)) throw error;
			counts.malformed++;
			log.debug('malformed TFTP packet', { from: from.address, cause: error.message });
			return;
		}
		// Packets of transfers belong to other ports, and an error must not be answered by one.
		if (!address || from.port === 0 || (request.kind !== 'read' && request.kind !== 'write')) {
			counts.malformed++;
			return;
		}
		const client = { address, port: from.port };
		const name = resolveName(request.name);
		if (request.kind === 'write' || !MODES.has(request.mode) || !name) {
			refuse(client, ...refusalOf(request));
			return;
		}
		const key = `${address} ${from.port} ${name}`;
		if (isRepetition(key) || running.size >= MAX_TRANSFERS || (active.get(address) ?? 0) >= MAX_TRANSFERS_PER_ADDRESS) {
			counts.dropped++;
			return;
		}
		active.set(address, (active.get(address) ?? 0) + 1);
		const transfer = serve(client, name, request)
			.catch((error: unknown) => {
				log.error('TFTP file could not be opened', { name, client: address, cause: String(error) });
				refuse(client, 'undefined', 'the file can not be read');
			})
			.finally(() => {
				running.delete(transfer);
				const others = (active.get(address) ?? 1) - 1;
				if (others > 0) active.set(address, others);
				else active.delete(address);
			});
		running.add(transfer);
	};

	const isRepetition = (key: string): boolean => {
		const now = performance.now();
		for (const [old, at] of recent) {
			if (now - at < REPETITION) break;
			recent.delete(old);
		}
		if (recent.has(key)) return true;
		recent.set(key, now);
		return false;
	};

	const serve = async (client: TftpClient, name: string, request: ReadRequest): Promise<void> => {
		const began = performance.now();
		const file = await openFile(name, client);
		if (file === 'not-found') refuse(client, 'not-found', 'no such file');
		else if (file === 'refused') refuse(client, 'access-violation', 'this file is refused');
		else {
			const source = await openSource(file, request.mode);
			try {
				await send(client, name, request, source, began);
			} finally {
				await source.close();
			}
		}
	};

	const send = async (
		client: TftpClient,
		name: string,
		request: ReadRequest,
		source: TftpSource,
		began: number,
	): Promise<void> => {
		const terms = agreeOnTerms(request.options, { size: source.size, maxBlockSize, maxWindowSize });
		if ('badOption' in terms) {
			refuse(client, 'bad-option', terms.badOption);
			return;
		}
		const tell = (event: Pick<TftpTransferEvent, 'state' | 'bytes' | 'reason'>): void =>
			onTransfer({ client, name, ms: Math.round(performance.now() - began), ...event });
		const own = await sockets.take(client.port, client.address);
		try {
			counts.started++;
			tell({ state: 'started', bytes: source.size });
			tell(await sendFile(own, source, terms, stopping.signal));
		} finally {
			own.close();
		}
	};

	socket.on('message', hear);
	socket.on('error', (error) => log.error('TFTP socket failed', { cause: error.message }));
	return {
		counts,
		async stop() {
			socket.off('message', hear);
			sockets.close();
			stopping.abort();
			await Promise.all([...running, new Promise<void>((done) => socket.close(done))]);
		},
	};
}

function refusalOf({ kind, mode }: ReadRequest): [TftpErrorName, string] {
	if (kind === 'write') return ['access-violation', 'this server does not take files'];
	if (!MODES.has(mode)) return ['illegal-operation', 'mode must be octet or netascii'];
	return ['access-violation', 'this name is refused'];
}

async function openSource(file: Exclude<TftpFile, string>, mode: string): Promise<TftpSource> {
	if (mode === 'octet') return 'bytes' in file ? memorySource(file.bytes) : fileSource(file.path, file.size);
	const size = 'bytes' in file ? file.bytes.length : file.size;
	if (size > MAX_NETASCII) throw new Error(`${size} bytes are too many for mode netascii`);
	return memorySource(toNetascii('bytes' in file ? file.bytes : await readFile(file.path)));
}
