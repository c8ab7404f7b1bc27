import type { Group } from '../resource.ts';

export const machineGroup: Group = {
	resources: [],
	implement: () => [],
};
