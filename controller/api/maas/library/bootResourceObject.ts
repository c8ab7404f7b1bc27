import { bootFiles } from '../../../domain/bootFile.ts';
import type { BootResource, ResourceSet } from '../../../store/library/bootResourceRows.ts';
import { modelTime } from '../dates.ts';
import { uriOf } from '../resource.ts';

export const RESOURCE_PATH = 'boot-resources/{id}/';
export const UPLOAD_PATH = 'boot-resources/{id}/upload/{file_id}/';

/** As lists have it; gomaasapi wants subarches to be a text where it is there. */
export const bootResourceObject = (resource: BootResource) => ({
	id: resource.id,
	type: resource.type,
	name: resource.name,
	architecture: resource.architecture,
	subarches: resource.architecture.split('/')[1] ?? '',
	title: resource.title ?? '',
	base_image: resource.baseImage ?? '',
	last_deployed: resource.lastDeployedAt && modelTime(resource.lastDeployedAt),
	resource_uri: uriOf(RESOURCE_PATH, { id: resource.id }),
});

/** With its versions; `fileOnDisk` names the file of an image. */
export const bootResourceWithSets = (resource: BootResource, fileOnDisk: (imageId: number) => string | undefined) => ({
	...bootResourceObject(resource),
	sets: Object.fromEntries(resource.sets.map((set) => [set.version, setObject(resource, set, fileOnDisk)])),
});

function setObject(resource: BootResource, set: ResourceSet, fileOnDisk: (imageId: number) => string | undefined) {
	const { filename, filetype } = bootFiles[set.filetype];
	const waiting = set.complete ? {} : { progress: Math.floor((set.received / set.size) * 1000) / 10 };
	return {
		version: set.version,
		label: resource.type === 'Uploaded' ? 'uploaded' : 'stable',
		size: set.size,
		complete: set.complete,
		...waiting,
		files: {
			[filename]: {
				filename,
				filetype,
				size: set.size,
				sha256: set.sha256,
				filename_on_disk: (set.imageId === null ? set.file : fileOnDisk(set.imageId)) ?? '',
				complete: set.complete,
				...waiting,
				// the address to send the next bytes to
				...(set.complete ? {} : { upload_uri: uriOf(UPLOAD_PATH, { id: resource.id, file_id: set.id }) }),
			},
		},
	};
}
