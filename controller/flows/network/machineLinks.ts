import { freeAddress } from '../../domain/network/subnetUse.ts';
import type { LinkMode } from '../../store/network/addresses.ts';
import type { Interface } from '../../store/network/interfaces.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';
import { allocTypes, freeIn } from './linkSubnet.ts';
import { contentsOf, subnetOf } from './subnetFacts.ts';

/** The links of a machine through its life: made after commissioning, given addresses at deployment, which come back at release. */

/**
 * Where the cards of a machine are plugged in, as far as DHCP has seen them: a card that got an address here is on that subnet's VLAN.
 * `all`: also those whose VLAN is known already (commissioning looks again).
 */
export function placeInterfaces(store: Store, nodeId: number, all: boolean): void {
	const { interfaces } = store.network;
	for (const row of interfaces.ofNodes([nodeId])) {
		if (row.type !== 'physical' || row.mac === null || (row.vlanId !== null && !all)) continue;
		const subnet = seenOn(store, row);
		if (subnet && subnet.vlanId !== row.vlanId) interfaces.update(row.id, { vlanId: subnet.vlanId });
	}
}

/**
 * What a machine's network is before anybody has said otherwise (facts §11.2): the boot interface gets an address on the subnet that it
 * was seen on, else on the first subnet of its VLAN, in the way that `default_boot_interface_link_type` says, else what DHCP gives;
 * other connected interfaces are up. What was configured before goes, as in MAAS; bonds, bridges and VLANs too.
 */
export function setDefaultLinks(store: Store, nodeId: number): void {
	store.transaction(() => {
		const { interfaces, addresses, gateways } = store.network;
		gateways.clear(nodeId);
		// children first: those that are built on them can't stay
		for (const row of interfaces.ofNodes([nodeId]).toReversed())
			if (row.type === 'physical') for (const { id } of addresses.ofInterface(row.id)) addresses.delete(id);
			else interfaces.delete(row.id);
		const rows = interfaces.ofNodes([nodeId]);
		const bootMac = gateways.of([nodeId]).get(nodeId)?.bootMac ?? null;
		const boot = rows.find((row) => row.mac === bootMac) ?? rows[0];
		for (const row of rows) {
			const plugged = row === boot || (row.linkConnected ?? row.vlanId !== null);
			if (!plugged) continue;
			const subnet = row === boot ? (seenOn(store, row) ?? firstOn(store, row.vlanId)) : undefined;
			const mode = row === boot ? bootMode(store, subnet) : 'link_up';
			const ip = mode === 'static' && subnet ? freeIn(store, subnet, row.mac) : null;
			addresses.insert({ mode, ip, allocType: allocTypes[mode], interfaceId: row.id, subnetId: subnet?.id ?? null });
		}
	});
}

/** A used-up subnet must not make a commissioning fail: an automatic address is looked for when the machine is deployed. */
function bootMode(store: Store, subnet: Subnet | undefined): LinkMode {
	const wanted = store.config.text('default_boot_interface_link_type') as LinkMode;
	if (!subnet) return wanted === 'link_up' ? 'link_up' : 'dhcp';
	return wanted === 'static' && freeAddress(contentsOf(store, subnet)) === null ? 'auto' : wanted;
}

/**
 * Gives each automatic link of a node an address of its subnet, outside of all ranges and of everything that somebody has; before a
 * deployment. Throws Refusal `unavailable` when a subnet is used up: then no link has got one.
 */
export function claimAddresses(store: Store, nodeId: number): void {
	store.transaction(() => {
		const { interfaces, addresses, subnets } = store.network;
		const links = addresses.linksOf([nodeId]);
		for (const row of interfaces.ofNodes([nodeId]))
			for (const link of links.get(row.id) ?? []) {
				const subnet = link.subnetId === null ? undefined : subnets.byId(link.subnetId);
				if (link.mode !== 'auto' || link.ip !== null || !subnet) continue;
				addresses.update(link.id, { ip: freeIn(store, subnet, row.mac) });
			}
	});
}

/** The automatic addresses are free again. */
export function releaseAddresses(store: Store, nodeId: number): void {
	store.transaction(() => {
		const { addresses } = store.network;
		for (const links of addresses.linksOf([nodeId]).values())
			for (const link of links) if (link.mode === 'auto' && link.ip !== null) addresses.update(link.id, { ip: null });
	});
}

/** The subnet of the last address that DHCP gave to this card. */
function seenOn(store: Store, row: Interface): Subnet | undefined {
	const address = row.mac === null ? undefined : store.leases.lastOf(row.mac);
	return address === undefined ? undefined : subnetOf(store, address);
}

function firstOn(store: Store, vlanId: number | null): Subnet | undefined {
	return vlanId === null ? undefined : store.network.subnets.onVlan(vlanId).find((subnet) => subnet.managed);
}
