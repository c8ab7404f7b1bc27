import type { Group } from '../resource.ts';

export const regionGroup: Group = {
	resources: [],
	implement: () => [],
};
