import type { Node } from '../../../store/nodes.ts';
import type { Store } from '../../../store/store.ts';
import { nodeCommons } from '../machines/nodeObject.ts';

/** Devices as MAAS shows them, any number with the same statements. `parent` is the system_id of what they belong to. */
export function deviceObjects(store: Store, devices: readonly Node[]) {
	const commons = nodeCommons(store, 'device', devices);
	const parents = store.network.interfaces.systemIds(devices.flatMap(({ parentId }) => parentId ?? []));
	return devices.map((device) => ({
		...commonOf(commons, device),
		parent: device.parentId === null ? null : (parents.get(device.parentId) ?? null),
	}));
}

/** `nodeCommons` has an entry for each node that it was given. */
export const commonOf = <Common>(commons: ReadonlyMap<number, Common>, { id, systemId }: Node): Common => {
	const common = commons.get(id);
	if (!common) throw new Error(`node ${systemId} is shown by a store that does not know it`);
	return common;
};
