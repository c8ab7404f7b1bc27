import { contains, formatIp, formatNetwork, type Ip, overlap, parseIp, parseNetwork } from '../../domain/network/ip.ts';
import { ALLOC } from '../../store/network/addresses.ts';
import type { Interface } from '../../store/network/interfaces.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import { DEFAULT_VLAN, type Vlan } from '../../store/network/vlans.ts';
import type { Store } from '../../store/store.ts';
import { createFabric } from './changeFabric.ts';
import { networkOf, subnetOf } from './subnetFacts.ts';

/** A network card of the computer that this controller runs on. */
export interface HostCard {
	readonly name: string;
	readonly mac: string | null;
	/** `192.168.77.1/24`, `2001:db8::1/64` */
	readonly addresses: readonly string[];
}

/**
 * Every network in which this controller has an address becomes known as a subnet, on the VLAN of the card: the first one on the default
 * fabric, others on a fabric of their own; `eth0.10` is the VLAN 10 of the fabric of `eth0`. The controller's own interfaces and
 * addresses are kept with it, so that nobody else gets them. What is known already stays as people have arranged it.
 */
export function knowNetworks(store: Store, cards: readonly HostCard[]): void {
	store.transaction(() => {
		const served = new Set(store.interfaceModes.all().flatMap(({ name, mode }) => (mode === 'off' ? [] : [name])));
		// what machines hang on is the first network; a tagged card comes after the card that it is built on
		const late = ({ name }: HostCard) => Number(!served.has(name)) + 2 * Number(vlanTag(name) !== null);
		for (const card of cards.toSorted((one, other) => late(one) - late(other))) {
			const addresses = card.addresses.flatMap((text) => hostAddress(text) ?? []);
			if (addresses.length > 0) knowCard(store, card, addresses);
		}
	});
}

interface HostAddress {
	readonly ip: Ip;
	readonly cidr: string;
}

function knowCard(store: Store, card: HostCard, addresses: readonly HostAddress[]): void {
	const { network } = store;
	const known = addresses.flatMap(({ ip }) => subnetOf(store, formatIp(ip)) ?? [])[0];
	const row = ownInterface(store, card);
	const vlanId = known?.vlanId ?? row?.vlanId ?? newVlan(store, card).id;
	if (row && row.vlanId !== vlanId) network.interfaces.update(row.id, { vlanId });
	const subnets = addresses.map(({ ip, cidr }) => ({
		ip,
		subnet: subnetOf(store, formatIp(ip)) ?? newSubnet(store, vlanId, cidr),
	}));
	keepAddresses(store, row, subnets);
}

/** The row that `ensureController` made for this card, or one for a card that is not the computer's own; `null` without a controller. */
function ownInterface(store: Store, { name, mac }: HostCard): Interface | null {
	const { interfaces } = store.network;
	const controller = store.nodes.all('controller')[0];
	if (!controller) return null;
	const found = interfaces.ofNodes([controller.id]).find((each) => each.name === name);
	if (found) return found;
	// one of a MAC is physical
	const type = mac !== null && interfaces.byMac(mac) ? 'bridge' : 'physical';
	return interfaces.insert({ nodeId: controller.id, type, name, mac, linkConnected: true });
}

function newVlan(store: Store, { name }: HostCard): Vlan {
	const { vlans, subnets, interfaces } = store.network;
	const tag = vlanTag(name);
	if (tag) {
		const controller = store.nodes.all('controller')[0];
		const below = controller && interfaces.ofNodes([controller.id]).find((each) => each.name === tag.below);
		const belowVlan = below?.vlanId ? vlans.byId(below.vlanId) : undefined;
		const fabricId = belowVlan?.fabricId ?? createFabric(store, {}).id;
		const there = vlans.inFabric(fabricId).find((vlan) => vlan.vid === tag.vid);
		return there ?? vlans.insert({ fabricId, vid: tag.vid, name: null });
	}
	const first = vlans.byId(DEFAULT_VLAN);
	const used = subnets.onVlan(DEFAULT_VLAN).length > 0 || interfaces.onVlan(DEFAULT_VLAN).length > 0;
	if (first && !used) return first;
	return vlans.inFabric(createFabric(store, {}).id)[0] as Vlan;
}

/** `undefined` where it would overlap another subnet: two masks for one wire are a mistake that a person has to put right. */
function newSubnet(store: Store, vlanId: number, cidr: string): Subnet | undefined {
	const other = store.network.subnets.all().find((subnet) => overlap(networkOf(subnet), networkOf({ cidr })));
	if (other) {
		store.events.append({
			kind: 'network',
			level: 'warning',
			text: `This controller has an address in ${cidr}, which overlaps ${other.cidr}.`,
			nextStep: `Give both the same prefix length: change the subnet ${other.name}, or this computer’s address.`,
		});
		return undefined;
	}
	return store.network.subnets.insert({ cidr, name: cidr, vlanId });
}

/** The card's addresses are links of the controller's interface, or of nobody while it has no node. */
function keepAddresses(store: Store, row: Interface | null, found: readonly { ip: Ip; subnet: Subnet | undefined }[]): void {
	const { addresses } = store.network;
	const present = found.map(({ ip }) => formatIp(ip));
	if (row) for (const { id, ip } of addresses.ofInterface(row.id)) if (ip !== null && !present.includes(ip)) addresses.delete(id);
	for (const { ip, subnet } of found) {
		const text = formatIp(ip);
		const there = addresses.byIp(text);
		const own = row ? { interfaceId: row.id, subnetId: subnet?.id ?? null } : { subnetId: subnet?.id ?? null };
		if (!there) addresses.insert({ ip: text, allocType: ALLOC.sticky, mode: 'static', ...own });
		// somebody else's link to our address stays visible as theirs
		else if (there.interfaceId === null && there.userId === null) addresses.update(there.id, own);
	}
}

function vlanTag(name: string): { below: string; vid: number } | null {
	const match = /^(.+)\.(\d{1,4})$/.exec(name);
	const vid = Number(match?.[2]);
	return match && vid >= 1 && vid <= 4094 ? { below: match[1] as string, vid } : null;
}

const loopbacks = ['127.0.0.0/8', '::1/128', 'fe80::/10', '169.254.0.0/16'].map((cidr) => networkOf({ cidr }));

/** An address that says which network this is: no loopback, no link-local one. */
function hostAddress(text: string): HostAddress | null {
	const ip = parseIp(text.split('/')[0] ?? '');
	const network = parseNetwork(text);
	if (!ip || !network || network.prefix === 0 || loopbacks.some((each) => contains(each, ip))) return null;
	return { ip, cidr: formatNetwork(network) };
}
