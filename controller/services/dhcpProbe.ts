import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Ipv4, type Mac, macFromBytes, parseIpv4 } from '../domain/address.ts';
import { WireError } from '../wire/bytes.ts';
import { type DhcpMessage, decode, encode } from '../wire/dhcp.ts';
import type { Netport } from './netport.ts';

export interface ProbeResult {
	/** DHCP servers that answered, one entry each; `mac` is null when the server does not answer ARP. */
	readonly foreignServers: readonly { readonly address: Ipv4; readonly mac: Mac | null; readonly offered: Ipv4 }[];
	/** Addresses of the pool that somebody on the wire already has. */
	readonly addressesInUse: readonly { readonly address: Ipv4; readonly mac: Mac }[];
}

export interface ProbeSettings {
	readonly netport: Pick<Netport, 'udp' | 'arpSweep'>;
	readonly device: string;
	/** Addresses that are to be leased out. */
	readonly pool: readonly Ipv4[];
	/** Offers of this controller itself, by which a probe while serving must not be startled. */
	readonly ownAddress?: Ipv4;
	/** Told the address that asks, before the first question: a controller that already serves there hears itself, and must not answer. */
	readonly asksAs?: (mac: Mac) => void;
	/** Milliseconds to listen after each of the three questions. */
	readonly patience?: number;
}

const QUESTIONS = 3;

/**
 * Looks for other DHCP servers before addresses are leased out on a wire, and for machines that already use some: asks like a
 * machine that has no address, under a MAC that no machine has. Rejects with `NetportError` when it can't ask.
 */
export async function probeForServers(settings: ProbeSettings): Promise<ProbeResult> {
	const { netport, device, pool, ownAddress, asksAs = () => undefined, patience = 1000 } = settings;
	const mac = randomBytes(6);
	// Locally administered, not multicast.
	mac[0] = ((mac[0] as number) & 0xfc) | 0x02;
	asksAs(macFromBytes(mac) as Mac);
	const xid = randomBytes(4).readUInt32BE();
	const offers = new Map<Ipv4, Ipv4>();

	const socket = await netport.udp(68, device);
	try {
		socket.on('error', () => undefined);
		socket.on('message', (bytes, from) => {
			const offer = readOffer(bytes, xid);
			const server = offer && (parseIpv4(offer.options.serverId ?? '') ?? parseIpv4(from.address));
			const offered = offer && parseIpv4(offer.yiaddr);
			if (server && offered && server !== ownAddress) offers.set(server, offered);
		});
		for (let question = 0; question < QUESTIONS; question++) {
			await new Promise<void>((done, failed) =>
				socket.send(encode(discover(mac, xid)), 67, '255.255.255.255', (error) => (error ? failed(error) : done())),
			);
			await sleep(patience);
		}
	} finally {
		socket.close();
	}
	const found = await netport.arpSweep(device, [...new Set([...offers.keys(), ...pool])]);
	const macs = new Map(found.map(({ address, mac }) => [address, mac]));
	return {
		foreignServers: [...offers].map(([address, offered]) => ({ address, mac: macs.get(address) ?? null, offered })),
		addressesInUse: found.filter(({ address }) => pool.includes(address)),
	};
}

function discover(chaddr: Uint8Array, xid: number): DhcpMessage {
	const none = '0.0.0.0';
	return {
		op: 'request',
		hardwareType: 1,
		hops: 0,
		xid,
		secs: 0,
		broadcast: true,
		ciaddr: none,
		yiaddr: none,
		siaddr: none,
		giaddr: none,
		chaddr,
		sname: '',
		file: '',
		options: { messageType: 'discover', parameterRequestList: [1, 3, 6], clientId: Buffer.concat([Buffer.of(1), chaddr]) },
	};
}

function readOffer(bytes: Uint8Array, xid: number): DhcpMessage | null {
	try {
		const message = decode(bytes);
		return message.op === 'reply' && message.xid === xid && message.options.messageType === 'offer' ? message : null;
	} catch (error) {
		if (error instanceof WireError) return null;
		throw error;
	}
}
