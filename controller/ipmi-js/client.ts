import { createHash } from 'node:crypto';
import type { Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Command } from './commands/command.ts';
import { IpmiError } from './errors.ts';
import { type CipherSuiteId, cipherSuite } from './packet/cipherSuites.ts';
import { RMCP_PORT } from './packet/rmcp.ts';
import { type Connection, closedError, createConnection } from './session/connection.ts';
import type { Patience } from './session/exchange.ts';
import type { Credentials, Privilege, Session, Workaround } from './session/session.ts';
import { openSession15 } from './session/session15.ts';
import { openSession20 } from './session/session20.ts';
import { createTransport, type Peer } from './session/transport.ts';

/** Where a BMC is and how to log in. */
export interface Bmc {
	/** Host name or address. */
	readonly host: string;
	/** 623 when absent. */
	readonly port?: number;
	readonly userName: string;
	readonly password: string;
	readonly kg?: Buffer | null;
	/** `auto`: 17, then 3; what worked is remembered per BMC. Default. */
	readonly cipherSuite?: CipherSuiteId | 'auto';
	/** Highest level that sessions may ask for; default `operator`. */
	readonly privilege?: Privilege;
	/** `1.5` sends the password's MD5 and readable commands over the network: only when somebody said so. Default `2.0`. */
	readonly version?: '2.0' | '1.5';
	readonly workarounds?: ReadonlySet<Workaround>;
}

export interface IpmiClientOptions {
	/** One UDP socket for all BMCs; a function is called at first use and again when the socket was lost. The client closes it. */
	readonly socket: Socket | (() => Promise<Socket>);
	/** Milliseconds to wait after each sending; 0.5, 1, 2 and 4 s when absent. */
	readonly patience?: Patience;
	/** Milliseconds without a request after which a session is closed; 30 s when absent. BMCs forget sessions after 60 s (IPMI 2.0 section 6.12.15). */
	readonly idle?: number;
	/** Host name to numeric address; the system's resolver when absent. */
	readonly resolve?: (host: string) => Promise<string>;
}

/** Calls reject with an IpmiError only. Requests to one BMC run one after another, to different BMCs at once. */
export interface IpmiClient {
	run<T>(bmc: Bmc, command: Command<T>): Promise<T>;
	/** How the present session with a BMC is protected (`IPMI 2.0, cipher suite 17`), null when there is none. */
	protocolOf(bmc: Bmc): string | null;
	/** Closes all sessions and the socket. */
	close(): Promise<void>;
}

const DEFAULT_PATIENCE: Patience = [500, 1000, 2000, 4000];
const DEFAULT_IDLE = 30_000;
/** The strong one first. */
const AUTOMATIC: readonly CipherSuiteId[] = [17, 3];

export function createIpmiClient(options: IpmiClientOptions): IpmiClient {
	const { socket, patience = DEFAULT_PATIENCE, idle = DEFAULT_IDLE, resolve = resolveHost } = options;
	const transport = createTransport(typeof socket === 'function' ? socket : async () => socket);
	const connections = new Map<string, Connection>();
	/** By host and port: the suite that worked. */
	const suites = new Map<string, CipherSuiteId>();

	async function open(bmc: Bmc): Promise<Session> {
		const credentials: Credentials = {
			userName: bmc.userName,
			password: bmc.password,
			kg: bmc.kg ?? null,
			privilege: bmc.privilege ?? 'operator',
			workarounds: bmc.workarounds ?? new Set(),
		};
		const port = bmc.port ?? RMCP_PORT;
		if (!Number.isInteger(port) || port < 1 || port > 65535) throw new IpmiError('bad-parameters', `${port} is no UDP port`);
		const peer: Peer = { address: await resolve(bmc.host), port };
		if (bmc.version === '1.5') return openSession15(transport, peer, credentials, patience);
		const place = `${peer.address} ${peer.port}`;
		const wanted = bmc.cipherSuite ?? 'auto';
		if (wanted !== 'auto') return openSession20(transport, peer, credentials, cipherSuite(wanted), patience);
		const known = suites.get(place);
		let silence: IpmiError | null = null;
		for (const id of known ? [known] : AUTOMATIC) {
			try {
				// Some BMCs meet an unknown suite with silence, so a second one is tried for a shorter time.
				const session = await openSession20(
					transport,
					peer,
					credentials,
					cipherSuite(id),
					silence ? patience.slice(0, 2) : patience,
				);
				suites.set(place, id);
				return session;
			} catch (error) {
				if (!(error instanceof IpmiError)) throw error;
				if (error.code === 'unreachable') silence ??= error;
				else if (error.code !== 'cipher-refused') throw error;
			}
		}
		if (silence) throw silence;
		// A BMC that was replaced or updated may have lost the suite that is remembered.
		suites.delete(place);
		throw new IpmiError('cipher-refused', `the BMC refused cipher suite ${known ?? AUTOMATIC.join(' and ')}`);
	}

	return {
		async run(bmc, command) {
			const id = identify(bmc);
			let connection = connections.get(id);
			if (!connection) {
				connection = createConnection({
					open: () => open(bmc),
					patience,
					idle,
					privilege: bmc.privilege ?? 'operator',
					onIdle: () => connections.delete(id),
				});
				connections.set(id, connection);
			}
			return connection.run(command);
		},
		protocolOf: (bmc) => connections.get(identify(bmc))?.protocol() ?? null,
		async close() {
			const closing = [...connections.values()].map((connection) => connection.close());
			connections.clear();
			transport.abort(closedError());
			await Promise.all(closing);
			transport.close();
		},
	};
}

/** Calls with the same values share a session; the digest keeps passwords out of keys that a debugger or heap dump would show. */
function identify(bmc: Bmc): string {
	const { kg, workarounds, ...rest } = bmc;
	const all = JSON.stringify([Object.entries(rest).sort(), kg?.toString('hex') ?? null, [...(workarounds ?? [])].sort()]);
	return createHash('sha256').update(all).digest('base64');
}

async function resolveHost(host: string): Promise<string> {
	if (isIP(host)) return host;
	try {
		return (await lookup(host, { family: 4 })).address;
	} catch (error) {
		throw new IpmiError(
			'unreachable',
			`the name ${host} has no address (${(error as NodeJS.ErrnoException).code ?? 'lookup failed'})`,
		);
	}
}
