import type { Group } from '../resource.ts';
import { fabricHandlers, fabricResource, fabricsResource } from './fabrics.ts';
import { interfaceHandlers, interfaceResource } from './interface.ts';
import { interfacesHandlers, interfacesResource } from './interfaces.ts';
import { ipAddressesResource, ipAddressHandlers } from './ipAddresses.ts';
import { rangeHandlers, rangeResource, rangesResource } from './ranges.ts';
import { reservedIpHandlers, reservedIpResource, reservedIpsResource } from './reservedIps.ts';
import { staticRouteHandlers, staticRouteResource, staticRoutesResource } from './routes.ts';
import { spaceHandlers, spaceResource, spacesResource } from './spaces.ts';
import { subnetHandlers, subnetResource, subnetsResource } from './subnets.ts';
import { vlanHandlers, vlanResource, vlansResource } from './vlans.ts';

export const networkGroup: Group = {
	resources: [
		...[fabricsResource, fabricResource, vlansResource, vlanResource, spacesResource, spaceResource],
		...[subnetsResource, subnetResource, rangesResource, rangeResource],
		...[interfacesResource, interfaceResource, ipAddressesResource, reservedIpsResource, reservedIpResource],
		...[staticRoutesResource, staticRouteResource],
	],
	implement: (parts) => [
		...fabricHandlers(parts),
		...vlanHandlers(parts),
		...spaceHandlers(parts),
		...subnetHandlers(parts),
		...rangeHandlers(parts),
		...interfacesHandlers(parts),
		...interfaceHandlers(parts),
		...ipAddressHandlers(parts),
		...reservedIpHandlers(parts),
		...staticRouteHandlers(parts),
	],
};
