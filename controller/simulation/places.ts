import { type Ipv4, ipv4FromNumber, ipv4ToNumber } from '../domain/address.ts';

/** Where things are in a simulated rack: its boot network, which no interface of this computer has, and the BMCs on loopback. */
export const bootNetwork = {
	/** the controller's interface for it */
	interface: 'sim0',
	cidr: '10.77.0.0/19',
	prefix: 19,
	server: '10.77.0.1' as Ipv4,
	/** the switch, which also passes DHCP on */
	gateway: '10.77.0.2' as Ipv4,
	/** what nobody is given */
	kept: { start: '10.77.0.1' as Ipv4, end: '10.77.0.15' as Ipv4 },
	/** the other half is for addresses that deployed machines keep */
	pool: { start: '10.77.16.1' as Ipv4, end: '10.77.31.254' as Ipv4 },
} as const;

/** So many racks can be simulated on one computer at the same time. */
export const BLOCKS = 20;
/** 623 would need a privilege on Linux. */
const BMC_PORT = 6230;
const FIRST_PORT = 20_000;
const PORTS_A_BLOCK = 1000;

/**
 * Each BMC has an address of its own where all of 127/8 is this computer, and a port of its own on macOS, which has 127.0.0.1 alone.
 * `block` keeps racks apart; on macOS racks of more than 1,000 reach into the next one, and find the ports taken if it is in use.
 */
export function bmcPlace(number: number, block: number, platform = process.platform): { address: string; port: number } {
	if (platform === 'darwin') return { address: '127.0.0.1', port: FIRST_PORT + block * PORTS_A_BLOCK + number };
	return { address: ipv4FromNumber(ipv4ToNumber('127.100.0.0' as Ipv4) + block * 2 ** 16 + number), port: BMC_PORT };
}
