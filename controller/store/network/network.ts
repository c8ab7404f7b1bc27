import type { Database } from '../database.ts';
import { type AddressStore, createAddressStore } from './addresses.ts';
import { createFabricStore, type FabricStore } from './fabrics.ts';
import { createGatewayStore, type GatewayStore } from './gateways.ts';
import { createInterfaceStore, type InterfaceStore } from './interfaces.ts';
import { createRangeStore, type RangeStore } from './ranges.ts';
import { createReservedIpStore, type ReservedIpStore } from './reservedIps.ts';
import { createRouteStore, type RouteStore } from './routes.ts';
import { createSpaceStore, type SpaceStore } from './spaces.ts';
import { createSubnetStore, type SubnetStore } from './subnets.ts';
import { createVlanStore, type VlanStore } from './vlans.ts';

/** What is known of networks, by noun. */
export interface NetworkStore {
	readonly fabrics: FabricStore;
	readonly vlans: VlanStore;
	readonly spaces: SpaceStore;
	readonly subnets: SubnetStore;
	readonly ranges: RangeStore;
	readonly reservedIps: ReservedIpStore;
	readonly addresses: AddressStore;
	readonly routes: RouteStore;
	readonly interfaces: InterfaceStore;
	readonly gateways: GatewayStore;
}

export function createNetworkStore(db: Database, now: () => Date): NetworkStore {
	return {
		fabrics: createFabricStore(db),
		vlans: createVlanStore(db),
		spaces: createSpaceStore(db),
		subnets: createSubnetStore(db),
		ranges: createRangeStore(db),
		reservedIps: createReservedIpStore(db),
		addresses: createAddressStore(db, now),
		routes: createRouteStore(db),
		interfaces: createInterfaceStore(db),
		gateways: createGatewayStore(db),
	};
}
