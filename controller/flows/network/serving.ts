import { type Ipv4, ipv4ToNumber, parseIpv4 } from '../../domain/address.ts';
import { Refusal } from '../../domain/errors.ts';
import type { Pool } from '../../domain/pool.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';
import type { AddressBook, NetworkSettings } from '../leaseAddress.ts';
import { createRange, updateRange } from './changeRange.ts';
import { knowNetworks } from './knowNetworks.ts';
import { subnetOf } from './subnetFacts.ts';

/** How a served interface and the subnet that it is in agree: one pool, one answer to the question who serves here. */

/** A served interface’s card, as far as its networks are concerned. */
export interface ServedCard {
	readonly name: string;
	readonly mac: Parameters<typeof knowNetworks>[1][number]['mac'];
	readonly ipv4: readonly { readonly address: Ipv4; readonly prefix: number }[];
}

/** What the subnet of this address hands out; `null` when it has no dynamic range. Of several the lowest counts. */
export function dynamicPool(store: Store, address: Ipv4): Pool | null {
	const subnet = subnetOf(store, address);
	return subnet ? poolOf(store, subnet.id) : null;
}

export function poolOf(store: Store, subnetId: number): Pool | null {
	const pools = store.network.ranges.inSubnet(subnetId).flatMap(({ type, startIp, endIp }) => {
		const [start, end] = [parseIpv4(startIp), parseIpv4(endIp)];
		return type === 'dynamic' && start && end ? [{ start, end }] : [];
	});
	return pools.toSorted((one, other) => ipv4ToNumber(one.start) - ipv4ToNumber(other.start))[0] ?? null;
}

/**
 * The interface is about to be served with this pool: its subnet is known, the pool is the subnet's dynamic range, and DHCP is on in its
 * VLAN. Throws Refusal `bad-input`, field `pool`, when the pool does not fit to what else is in the subnet.
 */
export function recordServing(store: Store, card: ServedCard, pool: Pool): Subnet {
	return store.transaction(() => {
		const { ranges, subnets, vlans } = store.network;
		const own = card.ipv4[0] as ServedCard['ipv4'][number];
		knowNetworks(store, [{ ...card, addresses: card.ipv4.map(({ address, prefix }) => `${address}/${prefix}`) }]);
		const subnet = subnetOf(store, own.address);
		if (!subnet)
			throw new Refusal('conflict', `${own.address}/${own.prefix} overlaps another subnet, so it can’t be served.`, {
				nextStep: 'Give both the same prefix length on the network page.',
			});
		const before = poolOf(store, subnet.id);
		const range = ranges.inSubnet(subnet.id).find(({ type, startIp }) => type === 'dynamic' && startIp === before?.start);
		try {
			if (!range)
				createRange(store, {
					...{ type: 'dynamic', startIp: pool.start, endIp: pool.end, subnet },
					...{ comment: `Handed out on ${card.name}`, userId: null },
				});
			else if (range.startIp !== pool.start || range.endIp !== pool.end)
				updateRange(store, range, { startIp: pool.start, endIp: pool.end });
		} catch (error) {
			if (error instanceof Refusal) throw new Refusal('bad-input', error.message, { field: 'pool' });
			throw error;
		}
		const rack = store.nodes.all('controller')[0];
		vlans.update(subnet.vlanId, { dhcpOn: true, externalDhcp: null, ...(rack ? { primaryRackId: rack.id } : {}) });
		return subnets.byId(subnet.id) as Subnet;
	});
}

/** Nothing is served on this card any more; `foreignServer` is the one that answers there. */
export function recordSilence(store: Store, card: Pick<ServedCard, 'ipv4'>, foreignServer: Ipv4 | null): void {
	const address = card.ipv4[0]?.address;
	const subnet = address && subnetOf(store, address);
	if (subnet) store.network.vlans.update(subnet.vlanId, { dhcpOn: false, externalDhcp: foreignServer });
}

/** What DHCP must know of a subnet besides its leases. It is read again only when the subnet or a range has changed. */
export function addressBook(store: Store, subnetId: number, first: Pool): AddressBook {
	const { ranges, subnets, addresses } = store.network;
	const revision = () => `${ranges.revision()} ${subnets.revision()}`;
	const read = (otherwise: Pool) => ({
		at: revision(),
		pool: poolOf(store, subnetId) ?? otherwise,
		settings: settingsOf(subnets.byId(subnetId)),
	});
	let known = read(first);
	const now = () => {
		if (known.at !== revision()) {
			const { pool, ...rest } = read(known.pool);
			// the same pool stays the same value: who looks at it sees at once whether it has moved
			const moved = pool.start !== known.pool.start || pool.end !== known.pool.end;
			known = { ...rest, pool: moved ? pool : known.pool };
		}
		return known;
	};
	return {
		pool: () => now().pool,
		settings: () => now().settings,
		fixedFor: (mac) => addresses.fixedFor(mac, subnetId) as Ipv4 | null,
	};
}

function settingsOf(subnet: Subnet | undefined): NetworkSettings {
	const ipv4 = (texts: readonly (string | null | undefined)[]) => texts.flatMap((text) => parseIpv4(text ?? '') ?? []);
	const [routers, dnsServers] = [ipv4([subnet?.gatewayIp]), ipv4(subnet?.dnsServers ?? [])];
	return { ...(routers.length > 0 ? { routers } : {}), ...(dnsServers.length > 0 ? { dnsServers } : {}) };
}
