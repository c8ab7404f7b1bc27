import { hostnameProblem } from '../domain/dnsName.ts';
import type { Host, HostInterface } from '../domain/host.ts';
import type { Node } from '../store/nodes.ts';
import type { Store } from '../store/store.ts';
import { freeHostname, freeSystemId } from './freeNames.ts';

/**
 * This controller as a node of its own: what MAAS calls a region and rack controller, to which VLANs refer. Made at the first start,
 * brought up to date at each further one. Its name is kept, for people may have other names in their DNS than the computer has.
 */
export function ensureController(store: Store, host: Host, now: () => Date): Node {
	return store.transaction(() => {
		const controller = store.nodes.all('controller')[0] ?? create(store, host, now);
		store.nodes.setHardware(controller.id, host);
		for (const card of host.cards) keepInterface(store, controller, card, host.cards);
		removeGone(store, controller, host.cards);
		return controller;
	});
}

function create(store: Store, host: Host, now: () => Date): Node {
	// macOS says `desk.local`, Windows `DESK`
	const name = (host.hostname.split('.')[0] ?? '').toLowerCase();
	return store.nodes.insert({
		kind: 'controller',
		systemId: freeSystemId(store),
		hostname: freeHostname(store, hostnameProblem(name) === null ? name : 'controller'),
		domainId: store.domains.default().id,
		at: now().toISOString(),
	});
}

/** A card keeps its row, and with it its VLAN and addresses, as long as its name or its MAC is there. */
function keepInterface(store: Store, { id: nodeId }: Node, { name, mac }: HostInterface, cards: readonly HostInterface[]): void {
	const { interfaces } = store.network;
	const mine = interfaces.ofNodes([nodeId]);
	const isThere = (other: string) => cards.some((card) => card.name === other);
	const renamed = mine.find((each) => each.mac === mac && each.type === 'physical' && !isThere(each.name));
	const known = mine.find((each) => each.name === name) ?? renamed;
	const owner = interfaces.byMac(mac);
	if (known) {
		// the MAC of a card below, or of a machine that this computer once was
		const free = owner === undefined || owner.id === known.id;
		if (known.name !== name || (known.mac !== mac && free)) interfaces.update(known.id, { name, ...(free ? { mac } : {}) });
		return;
	}
	// bridges and tagged cards have the MAC of the card below; one of a MAC is physical
	const type = /\.\d{1,4}$/.test(name) ? 'vlan' : owner ? 'bridge' : 'physical';
	interfaces.insert({ nodeId, type, name, mac, linkConnected: true });
}

function removeGone(store: Store, { id: nodeId }: Node, cards: readonly HostInterface[]): void {
	const { interfaces, addresses } = store.network;
	for (const { id, name } of interfaces.ofNodes([nodeId])) {
		const inUse = addresses.ofInterface(id).length > 0;
		if (!inUse && !cards.some((card) => card.name === name)) interfaces.delete(id);
	}
}
