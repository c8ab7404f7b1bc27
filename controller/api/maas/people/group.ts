import type { Group } from '../resource.ts';

export const peopleGroup: Group = {
	resources: [],
	implement: () => [],
};
