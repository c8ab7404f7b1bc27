import type { Node } from '../../../store/nodes.ts';
import type { Store } from '../../../store/store.ts';
import { domainObjects } from '../names/domains.ts';
import { type CardRows, cardRows, interfaceObjects, ipAddressesOf } from '../network/interfaceObject.ts';
import { zoneObject } from '../places/zones.ts';
import { uriOf } from '../resource.ts';

/** What every kind of node is shown by: a row of the store, or a machine (`kind: 'machine'`). */
export type ShownNode = Pick<
	Node,
	'id' | 'systemId' | 'hostname' | 'ownerId' | 'zoneId' | 'domainId' | 'description' | 'ownerData' | 'addressTtl'
>;

export type NodeType = 'machine' | 'device' | 'controller';

/** MAAS's paths and numbers; a controller of ours is region and rack in one. */
export const nodeTypes = {
	machine: { path: 'machines/{system_id}/', node_type: 0, node_type_name: 'Machine' },
	device: { path: 'devices/{system_id}/', node_type: 1, node_type_name: 'Device' },
	controller: { path: 'rackcontrollers/{system_id}/', node_type: 4, node_type_name: 'Region and rack controller' },
} as const;

/** The keys that machines, devices and controllers share (facts §2.5, §2.6), by the node's id; with a fixed number of statements. */
export function nodeCommons(store: Store, kind: NodeType, nodes: readonly ShownNode[], given?: CardRows) {
	const ids = nodes.map(({ id }) => id);
	const rows = given ?? cardRows(store, ids);
	const zones = new Map(store.zones.all().map((zone) => [zone.id, zoneObject(zone)]));
	const domains = domainObjects(store);
	const owners = store.users.names();
	const tags = store.tags.namesOf(ids);
	const interfaces = interfaceObjects(store, ids, rows);
	const addresses = ipAddressesOf(store, ids, rows);
	const { path, ...type } = nodeTypes[kind];
	return new Map(
		nodes.map((node) => {
			const domain = domains.get(node.domainId) ?? null;
			const { ownerData } = node;
			return [
				node.id,
				{
					system_id: node.systemId,
					hostname: node.hostname,
					fqdn: domain ? `${node.hostname}.${domain.name}` : node.hostname,
					description: node.description,
					domain,
					zone: zones.get(node.zoneId) ?? null,
					owner: node.ownerId === null ? null : (owners.get(node.ownerId) ?? null),
					// two names of one map: Juju writes the older one
					owner_data: ownerData,
					workload_annotations: ownerData,
					tag_names: tags.get(node.id) ?? [],
					address_ttl: node.addressTtl,
					ip_addresses: addresses.get(node.id) ?? [],
					interface_set: interfaces.get(node.id) ?? [],
					...type,
					resource_uri: uriOf(path, { system_id: node.systemId }),
				},
			];
		}),
	);
}
