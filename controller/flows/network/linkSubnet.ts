import { cleanLine } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import { canonicalIp, contains, formatIp, parseIp } from '../../domain/network/ip.ts';
import { freeAddress } from '../../domain/network/subnetUse.ts';
import { type Address, ALLOC, type LinkMode } from '../../store/network/addresses.ts';
import type { Interface } from '../../store/network/interfaces.ts';
import type { Subnet } from '../../store/network/subnets.ts';
import type { Store } from '../../store/store.ts';
import { contentsOf, mustHold, networkOf, subnetOf } from './subnetFacts.ts';

/** How interfaces get addresses. Throws Refusal `bad-input` with its field, `unavailable` (503) for a subnet that is used up. */

export interface NewLink {
	readonly mode: LinkMode;
	readonly subnet: Subnet | null;
	readonly ipAddress: string | null;
	readonly defaultGateway: boolean;
	/** take other links away for `link_up`, and leave the VLAN for the subnet's */
	readonly force: boolean;
}

export function linkSubnet(store: Store, row: Interface, wanted: NewLink): Address {
	return store.transaction(() => {
		const { addresses, interfaces, gateways } = store.network;
		const { mode, ipAddress, defaultGateway, force } = wanted;
		const text = ipAddress === null ? null : readIp(ipAddress);
		if (text !== null && mode !== 'static') refuse('ip_address', `Cannot use ip_address with mode ${mode.toUpperCase()}.`);
		const subnet = wanted.subnet ?? (text === null ? null : (subnetOf(store, text) ?? null));
		if (!subnet && (mode === 'auto' || mode === 'static')) refuse('subnet', 'This field is required.');
		if (subnet && row.vlanId !== null && subnet.vlanId !== row.vlanId && !force)
			refuse('subnet', `The subnet ${subnet.cidr} is on another VLAN than ${row.name}; force=true moves ${row.name} there.`);
		if (defaultGateway && mode !== 'auto' && mode !== 'static')
			refuse('default_gateway', `Cannot use in mode '${mode.toUpperCase()}'.`);
		if (defaultGateway && !subnet?.gatewayIp)
			refuse(
				'default_gateway',
				`Cannot set as default gateway because subnet '${subnet?.name}' doesn't provide a gateway IP address.`,
			);
		makeRoom(store, row, mode, force);
		if (subnet && subnet.vlanId !== row.vlanId) {
			// links of the VLAN that it leaves would not work any more
			for (const link of addresses.ofInterface(row.id))
				if (link.subnetId !== null && store.network.subnets.byId(link.subnetId)?.vlanId !== subnet.vlanId)
					addresses.delete(link.id);
			interfaces.update(row.id, { vlanId: subnet.vlanId });
		}
		const ip = mode === 'static' ? (text ?? freeIn(store, subnet as Subnet)) : null;
		if (ip !== null) mustBeFree(store, subnet as Subnet, ip, row);
		const link = addresses.insert({
			...{ mode, ip, interfaceId: row.id, subnetId: subnet?.id ?? null },
			allocType: allocTypes[mode],
		});
		if (subnet) mustHold(store, subnet.id, () => 'ip_address');
		if (defaultGateway && subnet) gateways.set(row.nodeId, networkOf(subnet).family, link.id);
		return link;
	});
}

/** What MAAS calls an address of each mode. */
export const allocTypes = { auto: ALLOC.automatic, dhcp: ALLOC.dhcp, static: ALLOC.sticky, link_up: ALLOC.sticky } as const;

/** An interface that is connected and has no other link is at least switched on. */
export function ensureLinkUp(store: Store, row: Pick<Interface, 'id' | 'nodeId' | 'vlanId'>): void {
	const { addresses, interfaces } = store.network;
	if (row.vlanId === null || addresses.ofInterface(row.id).length > 0) return;
	// what is below a bond or bridge is switched on with it
	const above = interfaces.parenthoods([row.nodeId]).filter(({ parentId }) => parentId === row.id);
	if (above.some(({ interfaceId }) => interfaces.byId(interfaceId)?.type !== 'vlan')) return;
	addresses.insert({ mode: 'link_up', allocType: ALLOC.sticky, interfaceId: row.id });
}

export function unlinkSubnet(store: Store, row: Interface, linkId: number): void {
	store.transaction(() => {
		const { addresses } = store.network;
		if (!addresses.ofInterface(row.id).some(({ id }) => id === linkId))
			refuse('id', 'Select a valid choice. That choice is not one of the available choices.');
		addresses.delete(linkId);
		ensureLinkUp(store, row);
	});
}

/** No link and no VLAN is left. */
export function disconnect(store: Store, row: Interface): void {
	store.transaction(() => {
		const { addresses, interfaces } = store.network;
		for (const { id } of addresses.ofInterface(row.id)) addresses.delete(id);
		interfaces.update(row.id, { vlanId: null });
	});
}

/** `linkId` null: the only link of the interface that has a gateway. */
export function setDefaultGateway(store: Store, row: Interface, linkId: number | null): void {
	store.transaction(() => {
		const { addresses, subnets, gateways } = store.network;
		const links = addresses.ofInterface(row.id);
		if (linkId !== null && !links.some(({ id }) => id === linkId))
			refuse('link_id', 'Select a valid choice. That choice is not one of the available choices.');
		const able = links.flatMap((link) => {
			const subnet = subnets.byId(link.subnetId ?? -1);
			const usable = subnet?.gatewayIp && link.mode !== 'link_up' && (linkId === null || link.id === linkId);
			return usable ? [{ link, family: networkOf(subnet).family }] : [];
		});
		if (able.length === 0)
			refuse('link_id', linkId === null ? 'This interface has no usable gateways.' : 'This link’s subnet has no gateway.');
		for (const family of [4, 6] as const) {
			const [one, ...others] = able.filter((each) => each.family === family);
			if (others.length > 0)
				refuse('link_id', `This interface has more than one usable IPv${family} gateway. Please supply the link_id.`);
			if (one) gateways.set(row.nodeId, family, one.link.id);
		}
	});
}

/** The lowest address that is nobody's; the one that is reserved for the card, where there is one. */
export function freeIn(store: Store, subnet: Subnet, mac: string | null = null): string {
	const reserved = mac === null ? undefined : store.network.reservedIps.byMac(mac);
	if (reserved?.subnetId === subnet.id && !store.network.addresses.byIp(reserved.ip)) return reserved.ip;
	const free = freeAddress(contentsOf(store, subnet));
	if (!free) throw new Refusal('unavailable', `No more IPs available in subnet: ${subnet.cidr}.`);
	return formatIp(free);
}

/** Links that can't be beside the new one. */
function makeRoom(store: Store, row: Interface, mode: LinkMode, force: boolean): void {
	const { addresses } = store.network;
	const links = addresses.ofInterface(row.id);
	const real = links.filter((link) => link.mode !== 'link_up');
	if (mode === 'dhcp' && real.some((link) => link.mode === 'dhcp')) refuse('mode', 'Interface is already set to DHCP.');
	if (mode === 'link_up' && real.length > 0 && !force)
		refuse(
			'mode',
			'Cannot configure interface to link up (with no IP address) while other links are already configured. Specify force=True to override this behavior and delete all links.',
		);
	for (const link of mode === 'link_up' ? links : links.filter((each) => each.mode === 'link_up')) addresses.delete(link.id);
}

function mustBeFree(store: Store, subnet: Subnet, text: string, row: Interface): void {
	const ip = parseIp(text);
	if (!ip || !contains(networkOf(subnet), ip)) refuse('ip_address', `IP address is not in the given subnet '${subnet.cidr}'.`);
	if (subnet.gatewayIp === text) refuse('ip_address', `${text} is the gateway of its subnet.`);
	const { addresses, reservedIps } = store.network;
	if (addresses.byIp(text)) {
		const holder = addresses.heldIn(subnet.id).find((each) => each.ip === text)?.holder;
		refuse('ip_address', `IP address is already in use${holder ? ` by ${holder}` : ''}.`);
	}
	const reserved = reservedIps.inSubnet(subnet.id).find((each) => each.ip === text);
	if (reserved && reserved.mac !== row.mac) refuse('ip_address', `IP address is reserved for ${reserved.mac}.`);
}

const readIp = (text: string): string => canonicalIp(text) ?? refuse('ip_address', `“${cleanLine(text)}” is not an IP address.`);

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
