import type { Group } from '../resource.ts';
import {
	controllerHandlers,
	rackControllerResource,
	rackControllersResource,
	regionControllerResource,
	regionControllersResource,
} from './controllers.ts';
import { deviceHandlers, deviceResource, devicesResource } from './devices.ts';
import { nodeHandlers, nodeResource, nodesResource } from './nodes.ts';

export const nodeGroup: Group = {
	resources: [
		nodesResource,
		nodeResource,
		devicesResource,
		deviceResource,
		rackControllersResource,
		rackControllerResource,
		regionControllersResource,
		regionControllerResource,
	],
	implement: (parts) => [...nodeHandlers(parts), ...deviceHandlers(parts), ...controllerHandlers(parts)],
};
