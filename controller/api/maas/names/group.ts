import type { Group } from '../resource.ts';

export const nameGroup: Group = {
	resources: [],
	implement: () => [],
};
