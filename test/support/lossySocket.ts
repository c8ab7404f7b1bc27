import dgram from 'node:dgram';
import { once } from 'node:events';

/** What happens to one datagram in either direction. */
export type Fate = 'pass' | 'drop' | 'twice' | 'late';

export interface LossyRelay {
	/** Clients send to this port on loopback. */
	readonly port: number;
	readonly fates: Readonly<Record<Fate, number>>;
	close(): void;
}

/**
 * A UDP relay on loopback that loses, doubles and reorders datagrams: the kernel here has no `netem`. Each client gets a port of its
 * own towards the server, and each port that the server answers from gets one towards the client, so that TFTP's rule of a new port
 * for each transfer is kept. `fate` is asked for each datagram; make it from a seed and a failing run can be repeated.
 */
export async function openLossyRelay(serverPort: number, fate: () => Fate): Promise<LossyRelay> {
	const fates = { pass: 0, drop: 0, twice: 0, late: 0 };
	const sockets: dgram.Socket[] = [];
	const fronts = new Map<string, Promise<dgram.Socket>>();
	const backs = new Map<number, Promise<dgram.Socket>>();
	let closed = false;

	const open = async (): Promise<dgram.Socket> => {
		const socket = dgram.createSocket('udp4');
		socket.bind(0, '127.0.0.1');
		await once(socket, 'listening');
		sockets.push(socket);
		return socket;
	};
	const carry = (socket: dgram.Socket, bytes: Buffer, port: number): void => {
		const chosen = fate();
		fates[chosen]++;
		const send = (): void => void (closed || socket.send(bytes, port, '127.0.0.1'));
		if (chosen === 'late') setTimeout(send, 3);
		else if (chosen !== 'drop') send();
		if (chosen === 'twice') send();
	};
	/** Towards the server, for one client. */
	const backFor = (client: number): Promise<dgram.Socket> => {
		const made = open().then((back) => {
			back.on('message', async (bytes, from) => carry(await frontFor(client, from.port), bytes, client));
			return back;
		});
		backs.set(client, made);
		return made;
	};
	/** Towards the client, for one of the server's ports. */
	const frontFor = (client: number, server: number): Promise<dgram.Socket> => {
		const key = `${client} ${server}`;
		const known = fronts.get(key);
		if (known) return known;
		const made = open().then((front) => {
			front.on('message', async (bytes) => carry(await (backs.get(client) as Promise<dgram.Socket>), bytes, server));
			return front;
		});
		fronts.set(key, made);
		return made;
	};

	const entrance = await open();
	entrance.on('message', async (bytes, from) => carry(await (backs.get(from.port) ?? backFor(from.port)), bytes, serverPort));
	return {
		port: entrance.address().port,
		fates,
		close() {
			closed = true;
			for (const socket of sockets) socket.close();
		},
	};
}

/** Fates by fixed shares of a hundred, from a seed (mulberry32). */
export function fatesBySeed(seed: number, shares: { drop: number; twice: number; late: number }): () => Fate {
	let state = seed;
	return () => {
		state = (state + 0x6d2b79f5) | 0;
		let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
		mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
		const percent = (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * 100;
		if (percent < shares.drop) return 'drop';
		if (percent < shares.drop + shares.twice) return 'twice';
		return percent < shares.drop + shares.twice + shares.late ? 'late' : 'pass';
	};
}
