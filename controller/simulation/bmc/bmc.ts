import { createSocket, type Socket } from 'node:dgram';
import { type BmcMachine, createBmcCommands } from './commands.ts';
import { createBmcSessions } from './sessions.ts';

/** A simulated BMC on UDP: IPMI 2.0 over RMCP+ with cipher suites 3, 8, 12 and 17. Written apart from the client, so that an error of one shows in the other. */
export interface SimulatedBmc {
	readonly address: string;
	readonly port: number;
	/** What it switches. Tests read and change it. */
	readonly machine: BmcMachine;
	readonly faults: BmcFaults;
	/** Its accounts, by ID - 1. */
	readonly users: BmcUser[];
	/** The device for the next boot, which this uses up unless it was to stay. */
	takeBootDevice(): 'pxe' | 'disk' | null;
	/** Sessions that are open. */
	openSessions(): number;
	/** As after a restart of the BMC. */
	forgetSessions(): void;
	stop(): Promise<void>;
}

/** What it does wrong; all may be changed while it runs. */
export interface BmcFaults {
	/** Hears and says nothing. */
	silent: boolean;
	/** Every n-th datagram in and out is lost; 0: none. */
	loseEvery: number;
	/** Each reply is sent this often. */
	copies: number;
	/** Milliseconds before each reply. */
	delay: number;
	/** Accepts power orders and does nothing. */
	deaf: boolean;
	/** Answers that many requests with "busy". */
	busy: number;
	/** Changes each reply before it is sent. */
	tamper: ((reply: Buffer) => Buffer) | null;
}

export interface BmcUser {
	name: string;
	password: string;
	/** 2 user, 3 operator, 4 administrator. */
	privilege: number;
	enabled: boolean;
}

export interface BmcOptions {
	/** 127.0.0.1 when absent. */
	readonly address?: string;
	/** A free one when absent. */
	readonly port?: number;
	/** By ID - 1; one administrator `admin` with password `secret` as ID 2 when absent. */
	readonly users?: readonly BmcUser[];
	readonly kg?: Buffer;
	/** Cipher suites that it offers; all four when absent. */
	readonly suites?: readonly number[];
	readonly sessionLimit?: number;
	readonly identity?: BmcIdentity;
	/** Called when power changes by an order. */
	readonly onPower?: (on: boolean) => void;
	/** Asks the machine to switch itself off; without it a soft off is like any other. */
	readonly onSoftOff?: () => void;
	/** Called before an order (power, boot device) is carried out, as against a question. */
	readonly onOrder?: () => void;
}

/** What it says of itself. */
export interface BmcIdentity {
	readonly version: readonly [major: number, minor: number];
	/** IANA's number */
	readonly maker: number;
	/** 16 bytes, of the managed machine */
	readonly guid: Buffer;
}

const plainIdentity: BmcIdentity = { version: [2, 44], maker: 0x157, guid: Buffer.from('Metaldesk-simbmc') };

const defaultUsers = (): BmcUser[] => [
	{ name: '', password: '', privilege: 2, enabled: false },
	{ name: 'admin', password: 'secret', privilege: 4, enabled: true },
];

export async function startBmc(options: BmcOptions = {}): Promise<SimulatedBmc> {
	const { address = '127.0.0.1', port = 0, kg, suites = [3, 8, 12, 17], sessionLimit = 16 } = options;
	const { identity = plainIdentity, onPower = () => {}, onSoftOff = null, onOrder = () => {} } = options;
	const users = options.users?.map((user) => ({ ...user })) ?? defaultUsers();
	const faults: BmcFaults = { silent: false, loseEvery: 0, copies: 1, delay: 0, deaf: false, busy: 0, tamper: null };
	const machine: BmcMachine = { on: false, bootFlags: Buffer.alloc(5), log: [] };
	const commands = createBmcCommands({ machine, users, suites, faults, identity, onPower, onSoftOff, onOrder });
	const sessions = createBmcSessions({ users, kg: kg ?? null, suites, sessionLimit, guid: identity.guid, answer: commands });
	const socket = createSocket('udp4');
	await bind(socket, address, port);

	let stopped = false;
	let datagrams = 0;
	const lost = () => faults.loseEvery > 0 && ++datagrams % faults.loseEvery === 0;
	socket.on('message', (datagram, from) => {
		if (faults.silent || lost()) return;
		const reply = sessions.receive(datagram);
		// an order may have been what silenced it
		if (!reply || faults.silent) return;
		const send = () => {
			for (let copy = 0; !stopped && copy < faults.copies; copy++)
				if (!lost()) socket.send(faults.tamper ? faults.tamper(Buffer.from(reply)) : reply, from.port, from.address);
		};
		if (faults.delay > 0) setTimeout(send, faults.delay);
		else send();
	});

	return {
		address,
		port: socket.address().port,
		machine,
		users,
		faults,
		takeBootDevice() {
			const [first = 0, second = 0] = machine.bootFlags;
			if ((first & 0x80) === 0) return null;
			// bit 6: for all boots to come (IPMI 2.0, table 28-14)
			if ((first & 0x40) === 0) machine.bootFlags = Buffer.alloc(5);
			const device = (second >> 2) & 15;
			return device === 1 ? 'pxe' : device === 2 ? 'disk' : null;
		},
		openSessions: sessions.count,
		forgetSessions: sessions.forget,
		async stop() {
			stopped = true;
			await new Promise<void>((resolve) => socket.close(resolve));
		},
	};
}

async function bind(socket: Socket, address: string, port: number): Promise<void> {
	await new Promise<void>((resolve, reject) => {
		socket.once('error', reject);
		socket.bind(port, address, resolve);
	});
	// A client that went away makes the kernel report its closed port; that is no affair of a BMC.
	socket.removeAllListeners('error').on('error', () => undefined);
}
