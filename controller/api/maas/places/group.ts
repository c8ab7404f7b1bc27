import type { Group } from '../resource.ts';
import { poolHandlers, poolResource, poolsResource } from './pools.ts';
import { zoneHandlers, zoneResource, zonesResource } from './zones.ts';

export const placeGroup: Group = {
	resources: [zonesResource, zoneResource, poolsResource, poolResource],
	implement: (parts) => [...zoneHandlers(parts), ...poolHandlers(parts)],
};
