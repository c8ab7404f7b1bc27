import { Refusal } from '../errors.ts';

export const BOND_MODES = [
	'balance-rr',
	'active-backup',
	'balance-xor',
	'broadcast',
	'802.3ad',
	'balance-tlb',
	'balance-alb',
] as const;
export const HASH_POLICIES = ['layer2', 'layer2+3', 'layer3+4', 'encap2+3', 'encap3+4'] as const;
export const LACP_RATES = ['slow', 'fast'] as const;
export const BRIDGE_TYPES = ['standard', 'ovs'] as const;

export type Params = Readonly<Record<string, string | number | boolean>>;

/** What a bond is when nothing else is said (MAAS's, which are the kernel’s but for the mode and miimon). */
export const bondDefaults: Params = {
	bond_mode: 'active-backup',
	bond_miimon: 100,
	bond_downdelay: 0,
	bond_updelay: 0,
	bond_lacp_rate: 'fast',
	bond_xmit_hash_policy: 'layer2',
	bond_num_grat_arp: 1,
};
export const bridgeDefaults: Params = { bridge_type: 'standard', bridge_stp: false, bridge_fd: 15 };

/**
 * The largest packet of each interface: its own setting, else its VLAN's; never less than that of what is built on it, for a child's
 * packets go through its parents. `own` by interface id; `children` of an interface that is not in `own` don't count.
 */
export function effectiveMtus(
	own: ReadonlyMap<number, number>,
	parenthoods: readonly { readonly interfaceId: number; readonly parentId: number }[],
): Map<number, number> {
	const mtus = new Map(own);
	const parentsOf = Map.groupBy(parenthoods, ({ interfaceId }) => interfaceId);
	const raise = (id: number, mtu: number) => {
		const before = mtus.get(id);
		if (before === undefined || before > mtu) return;
		mtus.set(id, mtu);
		for (const { parentId } of parentsOf.get(id) ?? []) if ((mtus.get(parentId) ?? mtu) < mtu) raise(parentId, mtu);
	};
	for (const [id, mtu] of own) raise(id, mtu);
	return mtus;
}

/** Everything that is built on an interface, however far up. */
export function builtOn(
	id: number,
	parenthoods: readonly { readonly interfaceId: number; readonly parentId: number }[],
): Set<number> {
	const above = new Set<number>();
	const climb = (below: number) => {
		for (const { interfaceId, parentId } of parenthoods)
			if (parentId === below && !above.has(interfaceId)) {
				above.add(interfaceId);
				climb(interfaceId);
			}
	};
	climb(id);
	return above;
}

/**
 * What an interface may be built on: a bond on cards, a bridge on one card, bond or VLAN, a VLAN on a card, bond or bridge. `taken` are
 * parents that have a bond or bridge on them already: frames would reach only one of the two.
 */
export function checkParents(
	type: 'bond' | 'bridge' | 'vlan',
	parents: readonly { readonly name: string; readonly type: string; readonly vlanId: number | null }[],
	taken: readonly string[],
): void {
	const field = type === 'vlan' ? 'parent' : 'parents';
	const refuse = (text: string): never => {
		throw new Refusal('bad-input', text, { field });
	};
	if (parents.length === 0)
		refuse(`A ${type} interface must have ${type === 'bond' ? 'one or more parents' : 'exactly one parent'}.`);
	if (type !== 'bond' && parents.length > 1) refuse(`A ${type} interface must have exactly one parent.`);
	const below = { bond: ['physical'], bridge: ['physical', 'bond', 'vlan'], vlan: ['physical', 'bond', 'bridge'] }[type];
	const wrong = parents.find((parent) => !below.includes(parent.type));
	if (wrong) refuse(`A ${type} interface can’t be built on ${wrong.name}, which is a ${wrong.type} interface.`);
	if (type !== 'vlan' && taken.length > 0) refuse(`${taken.join(', ')} is already in-use by another interface.`);
	const [first] = parents;
	if (type === 'bond' && parents.some((parent) => parent.vlanId !== first?.vlanId))
		refuse('All parents must belong to the same VLAN.');
}

/** `eth0`, `eth1`, …: the first that is free. */
export function freeName(prefix: string, taken: ReadonlySet<string>): string {
	for (let count = 0; ; count++) if (!taken.has(`${prefix}${count}`)) return `${prefix}${count}`;
}
