import { broadcastOf, type Cidr, cidrContains, type Ipv4, ipv4FromNumber, ipv4ToNumber } from './address.ts';
import { Refusal } from './errors.ts';

/** Addresses to hand out, first and last included. */
export interface Pool {
	readonly start: Ipv4;
	readonly end: Ipv4;
}

/** A sweep of more would take minutes, and no rack needs them. */
const LARGEST = 4096;

/** The upper half of a network without its broadcast address, at most 4,096 addresses: 128 to 254 of a /24. */
export function defaultPool(network: Cidr): Pool {
	if (network.prefix > 29)
		throw new Refusal('bad-input', `A network of /${network.prefix} is too small to hand out addresses of.`, { field: 'pool' });
	const last = ipv4ToNumber(broadcastOf(network)) - 1;
	const half = 2 ** (32 - network.prefix) / 2;
	return { start: ipv4FromNumber(last + 2 - Math.min(half, LARGEST)), end: ipv4FromNumber(last) };
}

/**
 * Checked as a whole: inside the network, in order, not too many, without the network's and the broadcast address. `most`: a subnet's
 * dynamic range may be of any size.
 */
export function checkPool(pool: Pool, network: Cidr, most = LARGEST): Pool {
	const refuse = (text: string): never => {
		throw new Refusal('bad-input', text, { field: 'pool' });
	};
	for (const address of [pool.start, pool.end])
		if (!cidrContains(network, address)) refuse(`${address} lies outside ${network.network}/${network.prefix}.`);
	const [start, end] = [ipv4ToNumber(pool.start), ipv4ToNumber(pool.end)];
	if (start > end) refuse(`The pool begins at ${pool.start}, behind its end ${pool.end}.`);
	if (end - start >= most) refuse(`The pool has ${end - start + 1} addresses; ${most} are the most.`);
	if (start === ipv4ToNumber(network.network)) refuse(`${pool.start} is the network’s own address.`);
	if (end === ipv4ToNumber(broadcastOf(network))) refuse(`${pool.end} is the broadcast address.`);
	return pool;
}

export function addressesOf(pool: Pool): Ipv4[] {
	const start = ipv4ToNumber(pool.start);
	return Array.from({ length: ipv4ToNumber(pool.end) - start + 1 }, (_, at) => ipv4FromNumber(start + at));
}
