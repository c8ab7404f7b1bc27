import { type ChildProcess, execFile, spawn } from 'node:child_process';
import dgram from 'node:dgram';
import net from 'node:net';
import { type Ipv4, type Mac, parseIpv4, parseMac } from '../domain/address.ts';
import type { Log } from '../log.ts';
import type { InheritedSockets } from './inheritedSockets.ts';

export type NetportErrorCode = 'no-permission' | 'port-in-use' | 'no-such-device' | 'not-allowed' | 'no-netport' | 'failed';

/** Why a socket or an answer could not be had; the message is a sentence for people. */
export class NetportError extends Error {
	override readonly name = 'NetportError';
	readonly code: NetportErrorCode;

	constructor(code: NetportErrorCode, message: string) {
		super(message);
		this.code = code;
	}
}

export interface NetworkInterface {
	readonly name: string;
	/** Null where there is none, as on a tunnel. */
	readonly mac: Mac | null;
	readonly ipv4: readonly { readonly address: Ipv4; readonly prefix: number }[];
	readonly up: boolean;
	readonly carrier: boolean;
	readonly loopback: boolean;
	/** The way to the internet leads through it. */
	readonly defaultRoute: boolean;
	/** In Mbit/s; 0 when the driver does not say. */
	readonly speed: number;
}

/** Where all machine-facing sockets come from. Every promise is rejected with {@link NetportError} only. */
export interface Netport {
	/** With `device` the socket hears and sends on that interface only. Port 0 is any free one. */
	udp(port: number, device?: string, address?: string): Promise<dgram.Socket>;
	/** Several sockets by one run of the program: one of port 0 for each transfer of TFTP would cost a process each. */
	udpClients(count: number, device?: string): Promise<dgram.Socket[]>;
	/** A listening server without a handler: pass it to `http.Server.listen`. */
	tcp(port: number, device?: string, address?: string): Promise<net.Server>;
	interfaces(): Promise<NetworkInterface[]>;
	/** Which of the addresses somebody on the wire has. Takes about a second and 1 ms an address. */
	arpSweep(device: string, addresses: readonly Ipv4[]): Promise<{ address: Ipv4; mac: Mac }[]>;
	/** Sends IPv6 router advertisements without any content until stopped: iPXE waits 13 s for one. */
	advertise(device: string): { stop(): void };
}

export interface NetportSettings {
	/** `['/path/netport']`, or `['ip', 'netns', 'exec', 'lab1', '/path/netport']` for sockets of another network namespace. */
	readonly command: readonly string[];
	readonly log: Log;
	/** Sockets that systemd opened; they are used first. */
	readonly inherited?: InheritedSockets;
	/** The command runs in the network namespace of this process, so what needs no privilege can be opened here. */
	readonly ownNamespace?: boolean;
}

export function createNetport(settings: NetportSettings): Netport {
	const { command, log, inherited, ownNamespace = command.length === 1 } = settings;
	const openHere = (port: number, device?: string): boolean =>
		ownNamespace && device === undefined && (port === 0 || port >= 1024);
	return {
		async udp(port, device, address) {
			const spec = specOf('udp', port, device, address);
			if (openHere(port, device)) return bindHere(port, address);
			return inherited?.udp(spec) ?? ((await openThere(command, [spec]))[0] as dgram.Socket);
		},
		async udpClients(count, device) {
			if (openHere(0, device)) return Promise.all(Array.from({ length: count }, () => bindHere(0)));
			return (await openThere(command, Array<string>(count).fill(specOf('udp', 0, device)))) as dgram.Socket[];
		},
		async tcp(port, device, address) {
			const spec = specOf('tcp', port, device, address);
			if (openHere(port, device)) return listenHere(port, address);
			return inherited?.tcp(spec) ?? ((await openThere(command, [spec]))[0] as net.Server);
		},
		async interfaces() {
			return readInterfaces(await run(command, ['--interfaces']));
		},
		async arpSweep(device, addresses) {
			return addresses.length === 0 ? [] : readSweep(await run(command, ['--arp', device, ...addresses]));
		},
		advertise(device) {
			const child = start(command, ['--advertise', device], ['pipe', 'ignore', 'pipe']);
			let wanted = true;
			finished(child).catch(
				(error: NetportError) => wanted && log.warn('no IPv6 router advertisements', { device, cause: error.message }),
			);
			return {
				stop() {
					wanted = false;
					child.stdin?.end();
				},
			};
		},
	};
}

/** The two sockets by which a DHCP server can tell what was broadcast from what was sent to it (see `DhcpServerSettings`). */
export async function openDhcpSockets(netport: Netport, device: string, address: Ipv4) {
	const socket = await netport.udp(67, device, address);
	try {
		return { socket, broadcastSocket: await netport.udp(67, device, '255.255.255.255') };
	} catch (error) {
		socket.close();
		throw error;
	}
}

export function specOf(protocol: 'udp' | 'tcp', port: number, device?: string, address?: string): string {
	return `${protocol}:${port}${address ? `/${address}` : ''}${device ? `@${device}` : ''}`;
}

/** Runs the program as a child with an IPC channel, over which Node itself receives the sockets. */
async function openThere(command: readonly string[], specs: readonly string[]): Promise<(dgram.Socket | net.Server)[]> {
	const child = start(command, ['--ipc', ...specs], ['ignore', 'ignore', 'pipe', 'ipc']);
	const opened: (dgram.Socket | net.Server)[] = [];
	child.on('message', (_message, handle) => {
		if (handle instanceof dgram.Socket || handle instanceof net.Server) opened.push(handle);
	});
	try {
		await finished(child);
		if (opened.length !== specs.length)
			throw new NetportError('failed', `netport handed over ${opened.length} of ${specs.length} sockets.`);
		return opened;
	} catch (error) {
		for (const handle of opened) handle.close();
		throw error;
	}
}

/** A socket of any free port, which takes no privilege and no netport. */
export const openUdp = (): Promise<dgram.Socket> => bindHere(0);

function bindHere(port: number, address?: string): Promise<dgram.Socket> {
	const socket = dgram.createSocket('udp4');
	return new Promise((opened, failed) => {
		socket.once('error', (error: NodeJS.ErrnoException) => {
			socket.close();
			failed(explain(specOf('udp', port, undefined, address), error.code ?? error.message));
		});
		socket.bind(port, address, () => {
			socket.removeAllListeners('error');
			socket.setBroadcast(true);
			opened(socket);
		});
	});
}

function listenHere(port: number, address?: string): Promise<net.Server> {
	const server = net.createServer();
	return new Promise((opened, failed) => {
		server.once('error', (error: NodeJS.ErrnoException) =>
			failed(explain(specOf('tcp', port, undefined, address), error.code ?? error.message)),
		);
		server.listen(port, address ?? '0.0.0.0', () => {
			server.removeAllListeners('error');
			opened(server);
		});
	});
}

function start(command: readonly string[], args: readonly string[], stdio: ('ignore' | 'pipe' | 'ipc')[]): ChildProcess {
	const [program = 'netport', ...before] = command;
	return spawn(program, [...before, ...args], { stdio });
}

/** Resolves when the program ended well; all its streams are read to the end by then. */
function finished(child: ChildProcess): Promise<void> {
	let complaint = '';
	child.stderr?.setEncoding('utf8').on('data', (text: string) => {
		complaint = (complaint + text).slice(0, 1000);
	});
	return new Promise((done, failed) => {
		child.once('error', (error) =>
			failed(new NetportError('no-netport', `The program that opens network ports can't be run: ${error.message}.`)),
		);
		child.once('close', (code, signal) =>
			code === 0 ? done() : failed(readComplaint(complaint, signal ?? `exit status ${code}`)),
		);
	});
}

async function run(command: readonly string[], args: readonly string[]): Promise<string> {
	const [program = 'netport', ...before] = command;
	return new Promise((done, failed) => {
		execFile(program, [...before, ...args], { maxBuffer: 4 * 1024 * 1024 }, (error, stdout, stderr) => {
			if (!error) done(stdout);
			else if (error.code === 'ENOENT' || error.code === 'EACCES') {
				failed(new NetportError('no-netport', `The program that opens network ports can't be run: ${error.message}.`));
			} else failed(readComplaint(stderr, error.message));
		});
	});
}

/** The line that netport.c leaves: `netport: SPEC: WHAT: REASON`; `spec` itself has single colons without a space behind. */
function readComplaint(stderr: string, otherwise: string): NetportError {
	const line = /^netport: (.+?): (.+): (.+)$/m.exec(stderr);
	if (!line) return new NetportError('failed', `netport failed: ${stderr.trim().split('\n')[0] || otherwise}.`);
	const [, spec = '', what = '', reason = ''] = line;
	return explain(spec, what === 'port not allowed' ? what : reason);
}

const REASONS: Readonly<Record<string, NetportErrorCode>> = {
	EACCES: 'no-permission',
	EADDRINUSE: 'port-in-use',
	'Permission denied': 'no-permission',
	'Operation not permitted': 'no-permission',
	'Address already in use': 'port-in-use',
	'No such device': 'no-such-device',
	'port not allowed': 'not-allowed',
};

function explain(spec: string, reason: string): NetportError {
	const code = REASONS[reason] ?? 'failed';
	const sentences: Record<NetportErrorCode, string> = {
		'no-permission': `No permission to open ${spec}: netport lacks the capability for it.`,
		'port-in-use': `Another program already uses ${spec}.`,
		'no-such-device': `There is no network interface for ${spec}.`,
		'not-allowed': `netport does not open ${spec}: the port is not on its list.`,
		'no-netport': `netport is missing for ${spec}.`,
		failed: `The socket ${spec} could not be opened: ${reason}.`,
	};
	return new NetportError(code, sentences[code]);
}

function readInterfaces(json: string): NetworkInterface[] {
	type Printed = Omit<NetworkInterface, 'mac' | 'ipv4'> & { mac: string | null; ipv4: { address: string; prefix: number }[] };
	return (JSON.parse(json) as Printed[]).map((one) => ({
		...one,
		mac: one.mac === null || one.mac === '00:00:00:00:00:00' ? null : parseMac(one.mac),
		ipv4: one.ipv4.flatMap(({ address, prefix }) => {
			const parsed = parseIpv4(address);
			return parsed ? [{ address: parsed, prefix }] : [];
		}),
	}));
}

function readSweep(lines: string): { address: Ipv4; mac: Mac }[] {
	const found = new Map<Ipv4, Mac>();
	for (const line of lines.split('\n')) {
		const [address, mac] = [parseIpv4(line.split(' ')[0] ?? ''), parseMac(line.split(' ')[1] ?? '')];
		if (address && mac) found.set(address, mac);
	}
	return [...found].map(([address, mac]) => ({ address, mac }));
}
