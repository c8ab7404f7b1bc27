import type { Group } from '../resource.ts';
import { bcacheHandlers, bcacheResource, bcachesResource, cacheSetResource, cacheSetsResource } from './bcaches.ts';
import { blockDeviceHandlers, blockDeviceResource, blockDevicesResource } from './blockDevices.ts';
import { nodeDeviceHandlers, nodeDeviceResource, nodeDevicesResource } from './nodeDevices.ts';
import { partitionHandlers, partitionResource, partitionsResource } from './partitions.ts';
import { raidHandlers, raidResource, raidsResource } from './raids.ts';
import { vmfsDatastoreHandlers, vmfsDatastoreResource, vmfsDatastoresResource } from './vmfsDatastores.ts';
import { volumeGroupHandlers, volumeGroupResource, volumeGroupsResource } from './volumeGroups.ts';

export const storageGroup: Group = {
	resources: [
		...[blockDevicesResource, blockDeviceResource, partitionsResource, partitionResource],
		...[volumeGroupsResource, volumeGroupResource, raidsResource, raidResource],
		...[bcachesResource, bcacheResource, cacheSetsResource, cacheSetResource],
		...[vmfsDatastoresResource, vmfsDatastoreResource, nodeDevicesResource, nodeDeviceResource],
	],
	implement: (parts) => [
		...blockDeviceHandlers(parts),
		...partitionHandlers(parts),
		...volumeGroupHandlers(parts),
		...raidHandlers(parts),
		...bcacheHandlers(parts),
		...vmfsDatastoreHandlers(parts),
		...nodeDeviceHandlers(parts),
	],
};
