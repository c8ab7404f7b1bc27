import type { Group } from '../resource.ts';

export const libraryGroup: Group = {
	resources: [],
	implement: () => [],
};
