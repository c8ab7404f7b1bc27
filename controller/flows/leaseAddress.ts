import { type Cidr, cidrContains, type Ipv4, ipv4FromNumber, ipv4ToNumber, type Mac } from '../domain/address.ts';
import type { DhcpSettings } from '../domain/bootRequest.ts';
import type { Lease, LeaseStore } from '../store/leases.ts';

/** One network that is served: where its addresses come from. */
export interface ServedNetwork {
	readonly interface: string;
	readonly server: Ipv4;
	readonly network: Cidr;
	readonly pool: { readonly start: Ipv4; readonly end: Ipv4 };
}

export interface LeaseAddress {
	/** Holds an address for this machine, on disk before it is answered; `null` when the pool is used up. Always the same one while it can be. */
	offer(mac: Mac, wanted: Ipv4 | null): Promise<Lease | null>;
	/** Confirms what the machine chose. `refused` says why not, in words for a NAK. */
	confirm(mac: Mac, address: Ipv4, hostname: string | null, seconds: number): Promise<Lease | { refused: string }>;
	/** The machine has found somebody else at this address: nobody gets it for an hour. */
	decline(mac: Mac, address: Ipv4): Promise<void>;
	release(mac: Mac, address: Ipv4): Promise<void>;
	settings(): NetworkSettings;
	/** Addresses that answered to the probe: nobody gets them but the card that has them, which is a machine of ours after a restart. */
	avoid(inUse: readonly { readonly address: Ipv4; readonly mac: Mac }[]): void;
}

/** What is settled beyond leases: the addresses to hand out, as they are now, and who is owed which one. */
export interface AddressBook {
	pool(): { readonly start: Ipv4; readonly end: Ipv4 };
	/** The address of this card's link, or reserved for it; it lies outside the pool. `null`: any of the pool will do. */
	fixedFor(mac: Mac): Ipv4 | null;
	settings(): NetworkSettings;
}

/** What hosts of the network are told with their address; absent where people have entered nothing. */
export type NetworkSettings = Pick<DhcpSettings, 'routers' | 'dnsServers'>;

/** An offer is held this long for the machine to take it (EDK2 collects offers for up to 6 s, and resends). */
const OFFER_SECONDS = 60;
const DECLINED_SECONDS = 3600;

/**
 * The addresses of one network. What is held is kept in memory from the first offer on, so that two machines that discover in the
 * same moment never get one address (dnsmasq does that: reference lab, pitfall 3); the disk has it before any packet leaves.
 */
export function createLeaseAddress(
	served: ServedNetwork,
	leases: LeaseStore,
	now: () => Date,
	book: AddressBook = { pool: () => served.pool, fixedFor: () => null, settings: () => ({}) },
): LeaseAddress {
	let pool = book.pool();
	let [first, last] = [ipv4ToNumber(pool.start), ipv4ToNumber(pool.end)];
	const byAddress = new Map<number, Lease>();
	const byMac = new Map<Mac, Lease>();
	/** What each card has confirmed last: with another address it gives this one back. */
	const boundTo = new Map<Mac, Lease>();
	const avoided = new Map<number, Mac | null>([[ipv4ToNumber(served.server), null]]);
	let next = first;
	for (const lease of leases.onInterface(served.interface)) remember(lease);

	function remember(lease: Lease): void {
		byAddress.set(ipv4ToNumber(lease.address), lease);
		if (lease.state === 'bound') boundTo.set(lease.mac, lease);
		if (lease.state === 'declined') {
			if (byMac.get(lease.mac)?.address === lease.address) byMac.delete(lease.mac);
		} else byMac.set(lease.mac, lease);
	}
	/** The pool may have been moved since the last packet: leases outside of it run on until they are renewed. */
	const followPool = () => {
		if (book.pool() === pool) return;
		pool = book.pool();
		[first, last] = [ipv4ToNumber(pool.start), ipv4ToNumber(pool.end)];
		next = first;
	};
	const inPool = (address: number) => address >= first && address <= last;
	const isLive = (lease: Lease) => lease.state !== 'released' && Date.parse(lease.expiresAt) > now().getTime();
	/** Free for this machine: nobody holds it, or it does. */
	const isFree = (address: number, mac: Mac) => {
		if (!inPool(address) || (avoided.has(address) && avoided.get(address) !== mac)) return false;
		const lease = byAddress.get(address);
		return !lease || !isLive(lease) || (lease.mac === mac && lease.state !== 'declined');
	};
	/** First addresses that nobody ever had, then the one that has been free for longest: old machines find their old address. */
	const findFree = (mac: Mac): number | null => {
		for (; next <= last; next++) if (!byAddress.has(next) && !avoided.has(next)) return next;
		let oldest: Lease | null = null;
		for (const [address, lease] of byAddress)
			if (isFree(address, mac) && (oldest === null || lease.expiresAt < oldest.expiresAt)) oldest = lease;
		return oldest === null ? null : ipv4ToNumber(oldest.address);
	};
	/** What this card is owed, unless somebody else was found there. An earlier holder's lease doesn't count: it was taken from him. */
	const owed = (mac: Mac): number | null => {
		const fixed = book.fixedFor(mac);
		if (fixed === null) return null;
		const number = ipv4ToNumber(fixed);
		const lease = byAddress.get(number);
		const strange = (avoided.has(number) && avoided.get(number) !== mac) || (lease?.state === 'declined' && isLive(lease));
		return strange ? null : number;
	};
	const hold = async (lease: Lease) => {
		const number = ipv4ToNumber(lease.address);
		const before = byAddress.get(number);
		if (before && before.mac !== lease.mac && byMac.get(before.mac) === before) byMac.delete(before.mac);
		remember(lease);
		try {
			await leases.save(lease);
		} catch (error) {
			// what is not on disk is not held
			if (byAddress.get(number) === lease) byAddress.delete(number);
			if (byMac.get(lease.mac) === lease) byMac.delete(lease.mac);
			if (before) remember(before);
			else next = Math.min(next, number);
			throw error;
		}
		return lease;
	};
	/** A card has one address on a network: with the new one its lease of another ends (it was given a fixed address, or lost it). */
	const bind = async (mac: Mac, address: Ipv4, hostname: string | null, seconds: number) => {
		const old = boundTo.get(mac);
		const stillHeld = old && old.address !== address && isLive(old) && byAddress.get(ipv4ToNumber(old.address)) === old;
		const given = stillHeld ? hold({ ...old, state: 'released', expiresAt: until(0) }) : null;
		const taken = hold({ address, mac, hostname, interface: served.interface, state: 'bound', expiresAt: until(seconds) });
		// side by side: both are in one commit
		const [, lease] = await Promise.all([given, taken]);
		return lease;
	};
	const until = (seconds: number) => new Date(now().getTime() + seconds * 1000).toISOString();

	return {
		async offer(mac, wanted) {
			followPool();
			const mine = byMac.get(mac);
			const candidates = [mine && ipv4ToNumber(mine.address), wanted && ipv4ToNumber(wanted)];
			const address =
				owed(mac) ?? candidates.find((candidate) => typeof candidate === 'number' && isFree(candidate, mac)) ?? findFree(mac);
			if (typeof address !== 'number') return null;
			const held = byAddress.get(address);
			// a machine that asks again while its lease runs keeps it: an offer must not shorten it
			if (held?.mac === mac && held.state === 'bound' && isLive(held)) return held;
			return hold({
				address: ipv4FromNumber(address),
				mac,
				hostname: held?.mac === mac ? held.hostname : null,
				interface: served.interface,
				state: 'offered',
				expiresAt: until(OFFER_SECONDS),
			});
		},
		async confirm(mac, address, hostname, seconds) {
			if (!cidrContains(served.network, address)) return { refused: `${address} is not on this network` };
			followPool();
			const number = ipv4ToNumber(address);
			const fixed = owed(mac);
			if (fixed === number) return bind(mac, address, hostname, seconds);
			if (fixed !== null) return { refused: `this machine’s address is ${ipv4FromNumber(fixed)}` };
			if (!inPool(number)) return { refused: `${address} is not handed out here` };
			if (!isFree(number, mac)) return { refused: `${address} is in use by another machine` };
			const mine = byMac.get(mac);
			if (mine && mine.address !== address && isLive(mine)) return { refused: `this machine holds ${mine.address}` };
			return bind(mac, address, hostname, seconds);
		},
		async decline(mac, address) {
			if (byAddress.get(ipv4ToNumber(address))?.mac !== mac) return;
			await hold({
				address,
				mac,
				hostname: null,
				interface: served.interface,
				state: 'declined',
				expiresAt: until(DECLINED_SECONDS),
			});
		},
		async release(mac, address) {
			const lease = byAddress.get(ipv4ToNumber(address));
			if (lease?.mac === mac && lease.state === 'bound')
				await hold({ ...lease, state: 'released', expiresAt: now().toISOString() });
		},
		settings: book.settings,
		avoid(inUse) {
			for (const { address, mac } of inUse) avoided.set(ipv4ToNumber(address), mac);
		},
	};
}
