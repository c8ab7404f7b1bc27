import type { Group } from '../resource.ts';

export const networkGroup: Group = {
	resources: [],
	implement: () => [],
};
