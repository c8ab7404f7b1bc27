import { fabricsNamed, spacesNamed, subnetsNamed, vlansNamed } from '../../../domain/allocation/specifier.ts';
import { cleanLine } from '../../../domain/clean.ts';
import type { Fabric } from '../../../store/network/fabrics.ts';
import type { Space } from '../../../store/network/spaces.ts';
import type { Subnet } from '../../../store/network/subnets.ts';
import type { Vlan } from '../../../store/network/vlans.ts';
import type { Store } from '../../../store/store.ts';
import { MaasRefusal, notFound, unfit } from '../failures.ts';
import { NO_SPACE, NO_SPACE_ID } from './networkObjects.ts';

/** Networks by MAAS's specifiers (facts §2.9): an id, a name, a CIDR, `vid:10`, `space:dmz`, …; it must mean exactly one. */

type Named = typeof subnetsNamed;

function oneOf<Found>(store: Store, text: string, kind: string, named: Named, byId: (id: number) => Found | undefined): Found {
	if (/^\d{1,15}$/.test(text)) {
		const found = byId(Number(text));
		if (found) return found;
	}
	const ids = named(text, store.candidates.known());
	if (ids.length > 1)
		throw new MaasRefusal(400, `“${cleanLine(text)}” means ${ids.length} ${kind}s: ${ids.slice(0, 10).join(', ')}.`);
	const found = ids[0] === undefined ? undefined : byId(ids[0]);
	if (!found) throw notFound(kind);
	return found;
}

export const findFabric = (store: Store, text: string): Fabric =>
	oneOf(store, text, 'Fabric', fabricsNamed, store.network.fabrics.byId);

export const findSubnet = (store: Store, text: string): Subnet =>
	oneOf(store, text, 'Subnet', subnetsNamed, store.network.subnets.byId);

export const findVlan = (store: Store, text: string): Vlan => oneOf(store, text, 'VLAN', vlansNamed, store.network.vlans.byId);

/** By its tag within a fabric: 0 and `untagged` are the same. */
export function findVlanByTag(store: Store, fabric: Fabric, vid: string): Vlan {
	const tag = vid === 'untagged' ? '0' : vid;
	const found = store.network.vlans.inFabric(fabric.id).find((vlan) => String(vlan.vid) === tag);
	if (!found) throw notFound('VLAN');
	return found;
}

/** `null` is the pseudo space of the VLANs that are in none. */
export function findSpace(store: Store, text: string): Space | null {
	if (text === NO_SPACE || text === String(NO_SPACE_ID)) return null;
	return oneOf(store, text, 'Space', spacesNamed, store.network.spaces.byId);
}

/** The same for a form's field, where what isn't found is the field's error. */
export function inField<Found>(field: string, find: () => Found): Found {
	try {
		return find();
	} catch (error) {
		if (error instanceof MaasRefusal)
			throw unfit(field, 'Select a valid choice. That choice is not one of the available choices.');
		throw error;
	}
}
