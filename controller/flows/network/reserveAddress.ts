import { parseMac } from '../../domain/address.ts';
import { cleanLine } from '../../domain/clean.ts';
import { domainNameProblem } from '../../domain/dnsName.ts';
import { Refusal } from '../../domain/errors.ts';
import { canonicalIp } from '../../domain/network/ip.ts';
import { type Address, ALLOC } from '../../store/network/addresses.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';
import type { User } from '../../store/users.ts';
import { freeIn } from './linkSubnet.ts';
import { mustHold, subnetOf } from './subnetFacts.ts';

/** Addresses that a user holds for something that is no node. */

export interface Reservation {
	readonly subnet: Subnet | null;
	readonly ip: string | null;
	readonly hostname: string | null;
	/** a card that gets it from DHCP */
	readonly mac: string | null;
}

/** Throws Refusal: `not-found` without a subnet, `conflict` for a taken address, `unavailable` for a subnet that is used up. */
export function reserveAddress(store: Store, user: User, wanted: Reservation): Address {
	return store.transaction(() => {
		const { addresses } = store.network;
		const asked =
			wanted.ip === null ? null : (canonicalIp(wanted.ip) ?? refuse('ip', `“${cleanLine(wanted.ip)}” is not an IP address.`));
		const mac =
			wanted.mac === null ? null : (parseMac(wanted.mac) ?? refuse('mac', `“${cleanLine(wanted.mac)}” is not a MAC address.`));
		const problem = wanted.hostname === null ? null : domainNameProblem(wanted.hostname);
		if (problem) refuse('hostname', problem);
		const subnet = wanted.subnet ?? (asked === null ? undefined : subnetOf(store, asked));
		if (!subnet) throw new Refusal('not-found', asked === null ? 'No subnet was named.' : `No known subnet matching ${asked}.`);
		if (asked !== null && subnetOf(store, asked)?.id !== subnet.id)
			throw new Refusal('bad-input', `${asked} is not within the subnet ${subnet.cidr}.`, { field: 'ip' });
		const ip = asked ?? freeIn(store, subnet);
		if (addresses.byIp(ip) || subnet.gatewayIp === ip || reservedFor(store, ip, mac))
			throw new Refusal('conflict', `The IP address ${ip} is already in use.`);
		const made = addresses.insert({
			ip,
			allocType: ALLOC.userReserved,
			subnetId: subnet.id,
			userId: user.id,
			mac,
			hostname: wanted.hostname,
		});
		try {
			mustHold(store, subnet.id, () => 'ip');
		} catch (error) {
			throw error instanceof Refusal ? new Refusal('conflict', error.message) : error;
		}
		return made;
	});
}

/** `force`: whoever has it. Answers whether there was one to release. */
export function releaseAddress(store: Store, user: User, ip: string, force: boolean): boolean {
	return store.transaction(() => {
		const { addresses } = store.network;
		const found = addresses.byIp(canonicalIp(ip) ?? '');
		const mine = found?.allocType === ALLOC.userReserved && found.userId === user.id;
		if (!found || !(mine || force)) return false;
		addresses.delete(found.id);
		return true;
	});
}

const reservedFor = (store: Store, ip: string, mac: string | null): boolean =>
	store.network.reservedIps.all().some((each) => each.ip === ip && each.mac !== mac);

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
