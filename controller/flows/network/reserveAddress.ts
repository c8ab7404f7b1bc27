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
import { mustHold, networkOf, subnetOf } from './subnetFacts.ts';

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

/** Addresses that one card gets from DHCP wherever it is asked. */
export interface ReservedIpChange {
	readonly ip?: string | undefined;
	readonly mac?: string | undefined;
	readonly subnet?: Subnet | undefined;
	readonly comment?: string | undefined;
}

/** `id` null makes a new one. Throws Refusal `bad-input` with its field. */
export function changeReservedIp(store: Store, id: number | null, change: ReservedIpChange): number {
	return store.transaction(() => {
		const { reservedIps, addresses, interfaces } = store.network;
		const before = id === null ? undefined : reservedIps.byId(id);
		const ip = change.ip === undefined ? before?.ip : (canonicalIp(change.ip) ?? undefined);
		const mac = change.mac === undefined ? before?.mac : parseMac(change.mac);
		if (!ip)
			return refuse(
				'ip',
				change.ip === undefined ? 'This field is required.' : `“${cleanLine(change.ip)}” is not an IP address.`,
			);
		if (!mac)
			return refuse(
				'mac_address',
				change.mac === undefined ? 'This field is required.' : `“${cleanLine(change.mac)}” is not a MAC address.`,
			);
		const subnet = change.subnet ?? subnetOf(store, ip);
		if (!subnet) return refuse('ip', 'There is no suitable subnet for the IP address provided.');
		if (subnetOf(store, ip)?.id !== subnet.id) refuse('ip', 'The provided IP is not part of the subnet.');
		if (subnet.gatewayIp === ip) refuse('ip', 'The reserved IP cannot be the default gateway IP address.');
		const others = reservedIps.all().filter((each) => each.id !== id);
		if (others.some((each) => each.ip === ip)) refuse('ip', 'Reserved IP with this IP address already exists.');
		if (others.some((each) => each.mac === mac)) refuse('mac_address', 'Reserved IP with this MAC address already exists.');
		const holder = addresses.byIp(ip);
		const card = holder?.interfaceId == null ? undefined : interfaces.byId(holder.interfaceId);
		if (holder && (card?.mac ?? holder.mac) !== mac) refuse('ip', `The IP ${ip} is already in use by another machine.`);
		const row = { subnetId: subnet.id, ip, mac, comment: change.comment ?? before?.comment ?? '' };
		const made = id === null ? reservedIps.insert(row).id : id;
		if (id !== null) reservedIps.update(id, row);
		mustHold(store, subnet.id, () => 'ip');
		return made;
	});
}

export interface RouteChange {
	readonly source?: Subnet | undefined;
	readonly destination?: Subnet | undefined;
	readonly gatewayIp?: string | undefined;
	readonly metric?: number | undefined;
}

/** A static route: `id` null makes a new one. Throws Refusal `bad-input` with its field. */
export function changeRoute(store: Store, id: number | null, change: RouteChange): number {
	return store.transaction(() => {
		const { routes, subnets } = store.network;
		const before = id === null ? undefined : routes.byId(id);
		const source = change.source ?? subnets.byId(before?.sourceId ?? -1);
		const destination = change.destination ?? subnets.byId(before?.destinationId ?? -1);
		const gateway = change.gatewayIp === undefined ? before?.gatewayIp : canonicalIp(change.gatewayIp);
		if (!source) return refuse('source', 'This field is required.');
		if (!destination) return refuse('destination', 'This field is required.');
		if (!gateway)
			return refuse(
				'gateway_ip',
				change.gatewayIp === undefined ? 'This field is required.' : 'Enter a valid IPv4 or IPv6 address.',
			);
		if (source.id === destination.id) refuse('destination', 'source and destination cannot be the same subnet.');
		if (networkOf(source).family !== networkOf(destination).family)
			refuse('destination', 'source and destination must be the same IP version.');
		if (subnetOf(store, gateway)?.id !== source.id) refuse('gateway_ip', 'gateway_ip must be with in the source subnet.');
		const same = routes
			.from(source.id)
			.some((each) => each.destinationId === destination.id && each.gatewayIp === gateway && each.id !== id);
		if (same) refuse('__all__', 'Static route with this Source, Destination and Gateway IP already exists.');
		const row = {
			sourceId: source.id,
			destinationId: destination.id,
			gatewayIp: gateway,
			metric: change.metric ?? before?.metric ?? 0,
		};
		if (id === null) return routes.insert(row).id;
		routes.update(id, row);
		return id;
	});
}

const reservedFor = (store: Store, ip: string, mac: string | null): boolean =>
	store.network.reservedIps.all().some((each) => each.ip === ip && each.mac !== mac);

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
