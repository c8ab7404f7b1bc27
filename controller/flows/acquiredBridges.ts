import type { Interface } from '../store/network/interfaces.ts';
import type { Store } from '../store/store.ts';

/** What `allocate` may ask for (bridge_all): a bridge on every interface, for containers and virtual machines. MAAS's defaults. */
export interface BridgeSettings {
	readonly type: 'standard' | 'ovs';
	/** spanning tree */
	readonly stp: boolean;
	/** seconds before a new port forwards */
	readonly fd: number;
}
export const defaultBridges: BridgeSettings = { type: 'standard', stp: false, fd: 15 };

/**
 * A bridge on each interface that isn't one and has none, and is no member of a bond; it takes over the interface's links. They are
 * acquired: the release takes them away again.
 */
export function bridgeAll(store: Store, machineId: number, { type, stp, fd }: BridgeSettings): void {
	store.transaction(() => {
		const { interfaces, addresses } = store.network;
		const all = interfaces.ofNodes([machineId]);
		const taken = new Set(all.map((each) => each.name));
		const occupied = new Set(
			interfaces
				.parenthoods([machineId])
				.filter(({ interfaceId }) => /^(bridge|bond)$/.test(all.find((each) => each.id === interfaceId)?.type ?? ''))
				.map(({ parentId }) => parentId),
		);
		for (const card of all) {
			if (card.type === 'bridge' || occupied.has(card.id) || !card.enabled) continue;
			const name = bridgeName(card, taken);
			taken.add(name);
			const bridge = interfaces.insert(
				{
					...{ nodeId: machineId, type: 'bridge', name, mac: card.mac, vlanId: card.vlanId, acquired: true },
					params: { bridge_type: type, bridge_stp: stp, bridge_fd: fd },
				},
				[card.id],
			);
			for (const link of addresses.ofInterface(card.id)) addresses.update(link.id, { interfaceId: bridge.id });
		}
	});
}

/** The interfaces as they were before `bridgeAll`: links go back to what was bridged. */
export function dropAcquiredBridges(store: Store, machineId: number): void {
	const { interfaces, addresses } = store.network;
	const parents = interfaces.parenthoods([machineId]);
	for (const bridge of interfaces.ofNodes([machineId])) {
		if (!bridge.acquired || bridge.type !== 'bridge') continue;
		const parent = parents.find(({ interfaceId }) => interfaceId === bridge.id);
		if (parent) for (const link of addresses.ofInterface(bridge.id)) addresses.update(link.id, { interfaceId: parent.parentId });
		interfaces.delete(bridge.id);
	}
}

/** Linux takes 15 characters; a longer name loses its beginning, for names of cards differ at their ends. */
function bridgeName(card: Interface, taken: ReadonlySet<string>): string {
	const name = `br-${card.name.slice(-12)}`;
	for (let number = 0; ; number++) {
		const free = number === 0 ? name : `${name.slice(0, 15 - `-${number}`.length)}-${number}`;
		if (!taken.has(free)) return free;
	}
}
