import { parseMac } from '../../domain/address.ts';
import { cleanLine } from '../../domain/clean.ts';
import { Refusal } from '../../domain/errors.ts';
import {
	bondDefaults,
	bridgeDefaults,
	builtOn,
	checkParents,
	freeName,
	type Params,
} from '../../domain/network/interfaceParams.ts';
import { checkInterfaceName } from '../../domain/network/names.ts';
import type { Interface } from '../../store/network/interfaces.ts';
import type { Node } from '../../store/nodes.ts';
import type { Store } from '../../store/store.ts';
import { ensureLinkUp } from './linkSubnet.ts';

/** Cards of a node, and what is built on them. Throws Refusal `bad-input` with its field; then nothing has changed. */

/** What was sent; `null` for the VLAN disconnects, `params` holds mtu, accept_ra, bond_* and bridge_*. */
export interface InterfaceChange {
	readonly name?: string | undefined;
	readonly macAddress?: string | undefined;
	readonly tags?: readonly string[] | undefined;
	readonly vlanId?: number | null | undefined;
	readonly enabled?: boolean | undefined;
	readonly linkConnected?: boolean | undefined;
	readonly linkSpeed?: number | undefined;
	readonly interfaceSpeed?: number | undefined;
	readonly numaNode?: number | undefined;
	readonly parents?: readonly string[] | undefined;
	readonly params?: Params | undefined;
}

export function createPhysical(store: Store, node: Node, change: InterfaceChange & { readonly macAddress: string }): Interface {
	return store.transaction(() => {
		const { interfaces } = store.network;
		const names = new Set(interfaces.ofNodes([node.id]).map((each) => each.name));
		const mac = freeMac(store, change.macAddress, null);
		checkSpeeds(change, null);
		const made = interfaces.insert({
			...{ nodeId: node.id, type: 'physical', mac, ...factsOf(change) },
			name: change.name ? freeInterfaceName(store, node, change.name, null) : freeName('eth', names),
			params: change.params ?? {},
			vlanId: change.vlanId ?? null,
		});
		ensureLinkUp(store, made);
		return interfaces.byId(made.id) as Interface;
	});
}

/** A bond or a bridge: it takes the place of its parents, whose links go. */
export function createOn(
	store: Store,
	node: Node,
	type: 'bond' | 'bridge',
	change: InterfaceChange & { readonly name: string; readonly parents: readonly string[] },
): Interface {
	return store.transaction(() => {
		const { interfaces } = store.network;
		const parents = parentsIn(store, node, type, change.parents, null);
		const [first] = parents as [Interface, ...Interface[]];
		const defaults = type === 'bond' ? bondDefaults : bridgeDefaults;
		const made = interfaces.insert(
			{
				...{ nodeId: node.id, type, ...factsOf(change) },
				name: freeInterfaceName(store, node, change.name, null),
				mac: change.macAddress ? sharedMac(store, node, change.macAddress, null) : first.mac,
				params: { ...defaults, ...change.params },
				vlanId: change.vlanId === undefined ? first.vlanId : change.vlanId,
			},
			parents.map(({ id }) => id),
		);
		coverParents(store, parents, made.vlanId);
		ensureLinkUp(store, made);
		return interfaces.byId(made.id) as Interface;
	});
}

/** Frames of one tag, sent and received through the parent. Its name says both. */
export function createTagged(
	store: Store,
	node: Node,
	change: InterfaceChange & { readonly parent: string; readonly vlanId: number },
): Interface {
	return store.transaction(() => {
		const { interfaces } = store.network;
		const [parent] = parentsIn(store, node, 'vlan', [change.parent], null) as [Interface, ...Interface[]];
		const vid = taggedVid(store, change.vlanId, parent);
		const made = interfaces.insert(
			{
				...{ nodeId: node.id, type: 'vlan', mac: parent.mac, vlanId: change.vlanId, ...factsOf(change) },
				name: freeInterfaceName(store, node, tagName(parent, vid), null, 'vlan'),
				params: change.params ?? {},
			},
			[parent.id],
		);
		ensureLinkUp(store, made);
		return interfaces.byId(made.id) as Interface;
	});
}

export function updateInterface(store: Store, node: Node, row: Interface, change: InterfaceChange): Interface {
	return store.transaction(() => {
		const { interfaces } = store.network;
		const parents = change.parents && row.type !== 'physical' ? parentsIn(store, node, row.type, change.parents, row) : null;
		checkSpeeds(change, row);
		const name = change.name || row.name;
		interfaces.update(row.id, {
			...factsOf(change),
			name: name === row.name ? name : freeInterfaceName(store, node, name, row),
			params: { ...row.params, ...change.params },
			...(change.macAddress ? { mac: macFor(store, node, row, change.macAddress) } : {}),
		});
		if (parents) {
			const ids = parents.map(({ id }) => id);
			interfaces.setParents(row.id, ids);
			if (row.type !== 'vlan') coverParents(store, parents, row.vlanId);
		}
		if (change.vlanId !== undefined && change.vlanId !== row.vlanId) moveTo(store, node, row, change.vlanId);
		return interfaces.byId(row.id) as Interface;
	});
}

/** One that others are built on stays. */
export function deleteInterface(store: Store, row: Interface): void {
	store.transaction(() => {
		const { interfaces } = store.network;
		const above = interfaces.parenthoods([row.nodeId]).filter(({ parentId }) => parentId === row.id);
		if (above.length > 0) {
			const names = above.map(({ interfaceId }) => interfaces.byId(interfaceId)?.name);
			throw new Refusal('bad-input', `Cannot delete interface ${row.name}: ${names.join(', ')} is built on it.`);
		}
		interfaces.delete(row.id);
	});
}

/** Links to subnets of another VLAN could not work any more: they go. */
function moveTo(store: Store, node: Node, row: Interface, vlanId: number | null): void {
	const { interfaces, addresses, subnets, vlans } = store.network;
	if (row.type === 'vlan') {
		if (vlanId === null) refuse('vlan', 'A VLAN interface must be connected to a tagged VLAN.');
		const [parent] = parentsOf(store, row);
		const vid = taggedVid(store, vlanId as number, parent);
		if (parent && row.name === tagName(parent, vlans.byId(row.vlanId ?? -1)?.vid ?? -1))
			interfaces.update(row.id, { name: freeInterfaceName(store, node, tagName(parent, vid), row, 'vlan') });
	}
	interfaces.update(row.id, { vlanId });
	if (row.type === 'bond' || row.type === 'bridge')
		for (const parent of parentsOf(store, row)) if (parent.type !== 'vlan') interfaces.update(parent.id, { vlanId });
	for (const link of addresses.ofInterface(row.id))
		if (vlanId === null || (link.subnetId !== null && subnets.byId(link.subnetId)?.vlanId !== vlanId)) addresses.delete(link.id);
	ensureLinkUp(store, { ...row, vlanId });
}

function parentsIn(
	store: Store,
	node: Node,
	type: 'bond' | 'bridge' | 'vlan',
	texts: readonly string[],
	own: Interface | null,
): Interface[] {
	const { interfaces } = store.network;
	const all = interfaces.ofNodes([node.id]);
	const parents = texts.map((text) => {
		const found = all.find((each) => String(each.id) === text || each.name === text);
		if (!found || found.id === own?.id)
			return refuse(
				type === 'vlan' ? 'parent' : 'parents',
				`${node.hostname} has no interface “${cleanLine(text)}” to build on.`,
			);
		return found;
	});
	const lineage = interfaces.parenthoods([node.id]);
	const above = own ? builtOn(own.id, lineage) : new Set<number>();
	const circle = parents.find(({ id }) => above.has(id));
	if (own && circle) refuse('parents', `${own.name} can’t be built on ${circle.name}, which is built on ${own.name}.`);
	const exclusive = new Set(all.filter((each) => each.type !== 'vlan' && each.id !== own?.id).map(({ id }) => id));
	const taken = lineage.filter(({ interfaceId }) => exclusive.has(interfaceId)).map(({ parentId }) => parentId);
	const busy = parents.filter(({ id }) => taken.includes(id));
	checkParents(
		type,
		parents,
		busy.map(({ name }) => name),
	);
	return parents;
}

function parentsOf(store: Store, row: Interface): Interface[] {
	const { interfaces } = store.network;
	const mine = interfaces.parenthoods([row.nodeId]).filter(({ interfaceId }) => interfaceId === row.id);
	return mine.flatMap(({ parentId }) => interfaces.byId(parentId) ?? []);
}

/** What is below a bond or bridge has no addresses of its own. A tagged parent keeps its VLAN. */
function coverParents(store: Store, parents: readonly Interface[], vlanId: number | null): void {
	const { interfaces, addresses } = store.network;
	for (const parent of parents) {
		for (const { id } of addresses.ofInterface(parent.id)) addresses.delete(id);
		if (parent.type !== 'vlan') interfaces.update(parent.id, { vlanId });
	}
}

function taggedVid(store: Store, vlanId: number, parent: Interface | undefined): number {
	const { vlans } = store.network;
	const vlan = vlans.byId(vlanId);
	if (!vlan || vlan.vid === 0) return refuse('vlan', 'A VLAN interface can only belong to a tagged VLAN.');
	const below = parent?.vlanId == null ? undefined : vlans.byId(parent.vlanId);
	if (below && below.fabricId !== vlan.fabricId)
		return refuse('vlan', 'A VLAN interface must be on the same fabric as its parent.');
	return vlan.vid;
}

const tagName = (parent: Interface, vid: number) => `${parent.name}.${vid}`;

function factsOf(change: InterfaceChange): Partial<Interface> {
	const { tags, enabled, linkConnected, linkSpeed, interfaceSpeed, numaNode } = change;
	const facts = { tags: tags?.map(checkTag), enabled, linkConnected, linkSpeed, interfaceSpeed, numaNode };
	return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

export function checkTag(tag: string): string {
	if (/^[\w .:/-]{1,64}$/.test(tag)) return tag;
	return refuse('tags', `“${cleanLine(tag)}” is no tag: use at most 64 letters, digits, dashes, dots and underscores.`);
}

function checkSpeeds(change: InterfaceChange, row: Interface | null): void {
	const link = change.linkSpeed ?? row?.linkSpeed ?? 0;
	const most = change.interfaceSpeed ?? row?.interfaceSpeed ?? 0;
	if (most > 0 && link > most) refuse('link_speed', 'link_speed may not exceed interface_speed');
	if (change.linkConnected === false && (change.linkSpeed ?? 0) > 0)
		refuse('link_speed', 'link_speed cannot be set when link_connected is false');
}

function freeInterfaceName(store: Store, node: Node, name: string, own: Interface | null, field = 'name'): string {
	checkInterfaceName(name);
	if (store.network.interfaces.ofNodes([node.id]).some((each) => each.name === name && each.id !== own?.id))
		refuse(field, `Node ${node.hostname} already has an interface named '${name}'.`);
	return name;
}

const macFor = (store: Store, node: Node, row: Interface, text: string) =>
	row.type === 'physical' ? freeMac(store, text, row) : sharedMac(store, node, text, row);

/** One card in the world has it. */
function freeMac(store: Store, text: string, own: Interface | null): string {
	const mac = readMac(text);
	const other = store.network.interfaces.byMac(mac);
	if (other && other.id !== own?.id)
		refuse('mac_address', `This MAC address is already in use by ${store.nodes.byId(other.nodeId)?.hostname ?? 'another node'}.`);
	return mac;
}

/** What is built on a card may have the card's. */
function sharedMac(store: Store, node: Node, text: string, own: Interface | null): string {
	const mac = readMac(text);
	return store.network.interfaces.byMac(mac)?.nodeId === node.id ? mac : freeMac(store, mac, own);
}

const readMac = (text: string): string => parseMac(text) ?? refuse('mac_address', `“${cleanLine(text)}” is not a MAC address.`);

function refuse(field: string, text: string): never {
	throw new Refusal('bad-input', text, { field });
}
