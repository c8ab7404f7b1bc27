import type { Group } from '../resource.ts';
import { machineResource } from './machine.ts';
import { machineHandlers } from './machineHandlers.ts';
import { machinesResource } from './machines.ts';
import { machinesHandlers } from './machinesHandlers.ts';

export const machineGroup: Group = {
	resources: [machinesResource, machineResource],
	implement: (parts) => [machinesHandlers(parts), machineHandlers(parts)],
};
