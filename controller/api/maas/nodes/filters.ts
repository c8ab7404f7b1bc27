import { parseMachineFilters } from '../../../domain/allocation/constraints.ts';
import type { Node } from '../../../store/nodes.ts';
import type { Store } from '../../../store/store.ts';
import { Invalid } from '../parameters.ts';

/** What MAAS's lists of nodes can be narrowed by; one set for all kinds. */
export const FILTERS =
	'Narrow the list: id, hostname, mac_address, domain, zone, pool, agent_name, tags, owner, status, power_state, arch, mem, cpu_count and the other constraints of allocate, each also with not_ in front.';

/** The nodes that satisfy every filter, in the order of their creation. Throws Invalid, with each filter's complaint. */
export function matchingNodes(store: Store, filters: ReadonlyMap<string, readonly string[]>, kind?: Node['kind']): Node[] {
	const all = store.nodes.all(kind);
	if (filters.size === 0) return all;
	const parsed = parseMachineFilters(filters, store.candidates.known());
	if (!parsed.ok) throw new Invalid(parsed.errors);
	const ids = new Set(store.candidates.matching(parsed.constraints.clauses, kind));
	return all.filter((node) => ids.has(node.id));
}
