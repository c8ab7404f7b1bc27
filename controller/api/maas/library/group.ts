import type { Group } from '../resource.ts';
import {
	bootResourceHandlers,
	bootResourceResource,
	bootResourcesResource,
	bootResourceUploadResource,
} from './bootResources.ts';
import {
	bootSourceHandlers,
	bootSourceResource,
	bootSourceSelectionResource,
	bootSourceSelectionsResource,
	bootSourcesResource,
} from './bootSources.ts';
import { fileHandlers, fileResource, filesResource } from './files.ts';

export const libraryGroup: Group = {
	resources: [
		...[bootSourcesResource, bootSourceResource, bootSourceSelectionsResource, bootSourceSelectionResource],
		...[bootResourcesResource, bootResourceResource, bootResourceUploadResource],
		...[filesResource, fileResource],
	],
	implement: (parts) => [...bootSourceHandlers(parts), ...bootResourceHandlers(parts), ...fileHandlers(parts)],
};
