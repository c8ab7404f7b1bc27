import type { Group } from '../resource.ts';
import { configHandlers, configResource } from './config.ts';
import { eventHandlers, eventsResource } from './events.ts';
import { licenseKeyHandlers, licenseKeyResource, licenseKeysResource } from './licenseKeys.ts';
import { notificationHandlers, notificationResource, notificationsResource } from './notifications.ts';
import { packageRepositoriesResource, packageRepositoryHandlers, packageRepositoryResource } from './packageRepositories.ts';
import { versionHandlers, versionResource } from './version.ts';
import { goneResources, vmHostHandlers } from './vmHosts.ts';

export const regionGroup: Group = {
	resources: [
		versionResource,
		configResource,
		eventsResource,
		notificationsResource,
		notificationResource,
		licenseKeysResource,
		licenseKeyResource,
		packageRepositoriesResource,
		packageRepositoryResource,
		...goneResources,
	],
	implement: (parts) => [
		...versionHandlers(parts),
		...configHandlers(parts),
		...eventHandlers(parts),
		...notificationHandlers(parts),
		...licenseKeyHandlers(parts),
		...packageRepositoryHandlers(parts),
		...vmHostHandlers(),
	],
};
