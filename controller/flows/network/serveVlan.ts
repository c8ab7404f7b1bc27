import { Refusal } from '../../domain/errors.ts';
import type { Vlan } from '../../store/network/vlans.ts';
import type { Store } from '../../store/store.ts';
import type { InterfaceState, ServeInterface } from '../serveInterface.ts';
import { updateVlan, type VlanChange } from './changeVlan.ts';
import { dynamicPool, poolOf } from './serving.ts';
import { subnetOf } from './subnetFacts.ts';

interface Parts {
	readonly store: Store;
	readonly interfaces: ServeInterface;
	/** user name, for the events */
	readonly by: string;
}

/**
 * Changes a VLAN, and with `dhcpOn` what is served there: the same act as turning the interface on or off in the window, with its probe
 * for other servers. When that is refused, the rest of the change is undone too.
 */
export async function changeVlan(parts: Parts, vlan: Vlan, change: VlanChange, dhcpOn: boolean | undefined): Promise<Vlan> {
	const { store } = parts;
	// what may be set with DHCP off is judged by how things will be, not by how they are
	if (dhcpOn === false && vlan.dhcpOn) await stopServing(parts, vlan);
	const before = store.network.vlans.byId(vlan.id) ?? vlan;
	const changed = updateVlan(store, before, change);
	if (dhcpOn !== true || vlan.dhcpOn) return changed;
	try {
		await startServing(parts, changed);
	} catch (error) {
		// the foreign server that was found stays known
		const { id, externalDhcp: _, ...row } = before;
		store.network.vlans.update(id, row);
		throw error;
	}
	return store.network.vlans.byId(vlan.id) as Vlan;
}

async function startServing({ store, interfaces, by }: Parts, vlan: Vlan): Promise<void> {
	const refuse = (text: string): never => {
		throw new Refusal('bad-input', text, { field: 'dhcp_on' });
	};
	if (vlan.relayVlanId !== null) refuse("'relay_vlan' cannot be set when dhcp is on.");
	const subnets = store.network.subnets.onVlan(vlan.id).filter(({ id }) => poolOf(store, id) !== null);
	if (subnets.length === 0) refuse('dhcp can only be turned on when a dynamic IP range is defined.');
	const cards = (await cardsOn(store, interfaces, vlan)).filter(({ card }) =>
		card.ipv4.some(({ address }) => dynamicPool(store, address) !== null),
	);
	const [state] = cards;
	if (!state)
		refuse(
			`dhcp can only be turned on when a primary rack controller is set: this controller has no address in ${subnets.map(({ cidr }) => cidr).join(', ')}.`,
		);
	else await interfaces.setMode(state.card.name, 'full', null, by);
}

async function stopServing({ store, interfaces, by }: Parts, vlan: Vlan): Promise<void> {
	for (const { card, mode } of await cardsOn(store, interfaces, vlan))
		if (mode !== 'off') await interfaces.setMode(card.name, 'off', null, by);
	store.network.vlans.update(vlan.id, { dhcpOn: false });
}

/** The cards of this computer that have an address in one of the VLAN's subnets. */
async function cardsOn(store: Store, interfaces: ServeInterface, vlan: Vlan): Promise<InterfaceState[]> {
	const all = await interfaces.list().catch((error: Error) => {
		throw new Refusal('unavailable', `The interfaces of this computer can’t be read: ${error.message}`);
	});
	return all.filter(({ card }) => card.ipv4.some(({ address }) => subnetOf(store, address)?.vlanId === vlan.id));
}
