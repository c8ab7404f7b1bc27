import { parseMac } from '../../domain/address.ts';
import { cleanLine } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import { canonicalIp } from '../../domain/network/ip.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';
import { mustHold, subnetOf } from './subnetFacts.ts';

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

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
