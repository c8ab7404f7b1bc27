import type { Group } from '../resource.ts';

export const storageGroup: Group = {
	resources: [],
	implement: () => [],
};
