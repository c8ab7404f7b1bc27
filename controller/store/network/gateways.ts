import { among } from '../among.ts';
import type { Database } from '../database.ts';

/** The links whose subnets' gateways a node was told to use, by family. `null`: the best one is chosen. */
export interface GatewayLinks {
	readonly ipv4: number | null;
	readonly ipv6: number | null;
}

export interface GatewayStore {
	/** One statement for the whole list of nodes; those without a choice are missing. */
	of(nodeIds: readonly number[]): Map<number, GatewayLinks & { readonly bootMac: string | null }>;
	/** The link is one of the node's own, to a subnet of this family. */
	set(nodeId: number, family: 4 | 6, linkId: number): void;
	/** Back to the best one. */
	clear(nodeId: number): void;
}

export function createGatewayStore(db: Database): GatewayStore {
	const set = (nodeId: number, links: { gateway_link_ipv4?: number | null; gateway_link_ipv6?: number | null }) => {
		db.run(db.sql.updateTable('node').set(links).where('id', '=', nodeId));
	};
	return {
		of(nodeIds) {
			const query = db.sql
				.selectFrom('node')
				.select(['id as nodeId', 'gateway_link_ipv4 as ipv4', 'gateway_link_ipv6 as ipv6', 'boot_mac as bootMac']);
			const rows = db.all(query.where('id', 'in', among(nodeIds)));
			return new Map(rows.map(({ nodeId, ...links }) => [nodeId, links]));
		},
		set: (nodeId, family, linkId) => set(nodeId, family === 4 ? { gateway_link_ipv4: linkId } : { gateway_link_ipv6: linkId }),
		clear: (nodeId) => set(nodeId, { gateway_link_ipv4: null, gateway_link_ipv6: null }),
	};
}
