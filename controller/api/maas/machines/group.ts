import type { Group } from '../resource.ts';
import { machineResource } from './machine.ts';
import { machineHandlers } from './machineHandlers.ts';
import { machinesResource } from './machines.ts';
import { machinesHandlers } from './machinesHandlers.ts';
import { nodeResultsResource, scriptResultResource, scriptResultsResource } from './results/nodeResults.ts';
import { nodeResultHandlers } from './results/nodeResultsHandlers.ts';

export const machineGroup: Group = {
	resources: [machinesResource, machineResource, scriptResultsResource, scriptResultResource, nodeResultsResource],
	implement: (parts) => [machinesHandlers(parts), machineHandlers(parts), ...nodeResultHandlers(parts)],
};
