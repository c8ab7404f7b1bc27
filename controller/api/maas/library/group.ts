import type { Group } from '../resource.ts';
import {
	bootResourceHandlers,
	bootResourceResource,
	bootResourcesResource,
	bootResourceUploadResource,
} from './bootResources.ts';

export const libraryGroup: Group = {
	resources: [bootResourcesResource, bootResourceResource, bootResourceUploadResource],
	implement: (parts) => bootResourceHandlers(parts),
};
