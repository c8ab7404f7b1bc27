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
import {
	commissioningScriptHandlers,
	commissioningScriptResource,
	commissioningScriptsResource,
} from './commissioningScripts.ts';
import { fileHandlers, fileResource, filesResource } from './files.ts';
import { scriptHandlers, scriptResource, scriptsResource } from './scripts.ts';

export const libraryGroup: Group = {
	resources: [
		...[bootSourcesResource, bootSourceResource, bootSourceSelectionsResource, bootSourceSelectionResource],
		...[bootResourcesResource, bootResourceResource, bootResourceUploadResource],
		...[filesResource, fileResource],
		...[scriptsResource, scriptResource, commissioningScriptsResource, commissioningScriptResource],
	],
	implement: (parts) => [
		...bootSourceHandlers(parts),
		...bootResourceHandlers(parts),
		...fileHandlers(parts),
		...scriptHandlers(parts),
		...commissioningScriptHandlers(parts),
	],
};
