import { Refusal } from '../../domain/errors.ts';
import { ALLOC } from '../../store/network/addresses.ts';
import type { Interface } from '../../store/network/interfaces.ts';
import type { Store } from '../../store/store.ts';
import { freeIn } from './linkSubnet.ts';

/**
 * Gives a machine the interfaces of another: VLANs, links, bonds, bridges and tagged VLANs. Cards are paired by their names, the rest in
 * their order. A static link gets an address of its own from the same subnet. Throws Refusal `bad-input` for a machine with fewer cards,
 * and `unavailable` where a subnet is used up; within one transaction.
 */
export function copyInterfaces(store: Store, sourceId: number, targetId: number): void {
	const { interfaces, addresses, subnets, gateways } = store.network;
	store.transaction(() => {
		const source = interfaces.ofNodes([sourceId]).filter(({ acquired }) => !acquired);
		const cards = pairCards(source.filter(isCard), interfaces.ofNodes([targetId]).filter(isCard));
		gateways.clear(targetId);
		for (const row of interfaces.ofNodes([targetId]).toReversed())
			if (isCard(row)) for (const { id } of addresses.ofInterface(row.id)) addresses.delete(id);
			else interfaces.delete(row.id);

		const copies = new Map<number, Interface>();
		for (const [from, onto] of cards) {
			const { vlanId, enabled, tags, params } = from;
			interfaces.update(onto.id, { vlanId, enabled, tags, params });
			copies.set(from.id, onto);
		}
		const parents = Map.groupBy(interfaces.parenthoods([sourceId]), ({ interfaceId }) => interfaceId);
		// those that others are built on have the lower ids
		for (const row of source) {
			if (isCard(row)) continue;
			const below = (parents.get(row.id) ?? []).flatMap(({ parentId }) => copies.get(parentId) ?? []);
			const first = source.find(({ id }) => id === parents.get(row.id)?.[0]?.parentId);
			copies.set(
				row.id,
				interfaces.insert(
					{
						...{ nodeId: targetId, type: row.type, mac: below[0]?.mac ?? null, vlanId: row.vlanId },
						name: renamed(row.name, first?.name, below[0]?.name),
						...{ enabled: row.enabled, tags: row.tags, params: row.params },
					},
					below.map(({ id }) => id),
				),
			);
		}
		for (const [interfaceId, link] of [...addresses.linksOf([sourceId])].flatMap(([id, links]) =>
			links.map((each) => [id, each] as const),
		)) {
			const copy = copies.get(interfaceId);
			const subnet = link.subnetId === null ? undefined : subnets.byId(link.subnetId);
			if (!copy || link.mode === null || link.allocType === ALLOC.observed) continue;
			const ip = link.mode === 'static' && subnet ? freeIn(store, subnet, copy.mac) : null;
			addresses.insert({ mode: link.mode, allocType: link.allocType, interfaceId: copy.id, subnetId: link.subnetId, ip });
		}
	});
}

const isCard = ({ type }: Interface) => type === 'physical';

function pairCards(from: readonly Interface[], onto: readonly Interface[]): [Interface, Interface][] {
	if (onto.length < from.length)
		throw new Refusal('bad-input', `The machine has ${onto.length} network cards; the source has ${from.length}.`);
	const left = [...onto];
	const take = (at: number) => left.splice(at, 1)[0] as Interface;
	const byName = new Map(
		from.flatMap((card) => {
			const at = left.findIndex(({ name }) => name === card.name);
			return at < 0 ? [] : [[card.id, take(at)] as const];
		}),
	);
	return from.map((card) => [card, byName.get(card.id) ?? take(0)]);
}

/** `eth0.10` on a card that is called eno1 is `eno1.10`. */
const renamed = (name: string, parent: string | undefined, copy: string | undefined): string =>
	parent && copy && name.startsWith(`${parent}.`) ? `${copy}${name.slice(parent.length)}` : name;
