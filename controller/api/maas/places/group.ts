import type { Group } from '../resource.ts';
import { poolHandlers, poolResource, poolsResource } from './pools.ts';
import { tagHandlers, tagResource, tagsResource } from './tags.ts';
import { zoneHandlers, zoneResource, zonesResource } from './zones.ts';

export const placeGroup: Group = {
	resources: [zonesResource, zoneResource, poolsResource, poolResource, tagsResource, tagResource],
	implement: (parts) => [...zoneHandlers(parts), ...poolHandlers(parts), ...tagHandlers(parts)],
};
