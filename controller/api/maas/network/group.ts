import type { Group } from '../resource.ts';
import { fabricHandlers, fabricResource, fabricsResource } from './fabrics.ts';
import { rangeHandlers, rangeResource, rangesResource } from './ranges.ts';
import { spaceHandlers, spaceResource, spacesResource } from './spaces.ts';
import { subnetHandlers, subnetResource, subnetsResource } from './subnets.ts';
import { vlanHandlers, vlanResource, vlansResource } from './vlans.ts';

export const networkGroup: Group = {
	resources: [
		...[fabricsResource, fabricResource, vlansResource, vlanResource, spacesResource, spaceResource],
		...[subnetsResource, subnetResource, rangesResource, rangeResource],
	],
	implement: (parts) => [
		...fabricHandlers(parts),
		...vlanHandlers(parts),
		...spaceHandlers(parts),
		...subnetHandlers(parts),
		...rangeHandlers(parts),
	],
};
