import type { Parts } from '../parts.ts';
import { libraryGroup } from './library/group.ts';
import { machineGroup } from './machines/group.ts';
import { nameGroup } from './names/group.ts';
import { networkGroup } from './network/group.ts';
import { nodeGroup } from './nodes/group.ts';
import { peopleGroup } from './people/group.ts';
import { placeGroup } from './places/group.ts';
import { regionGroup } from './region/group.ts';
import type { Group, Implemented, Resource } from './resource.ts';
import { storageGroup } from './storage/group.ts';

const groups: readonly Group[] = [
	machineGroup,
	nodeGroup,
	placeGroup,
	networkGroup,
	nameGroup,
	storageGroup,
	libraryGroup,
	peopleGroup,
	regionGroup,
];

/** Every resource of the API: nothing is listed anywhere else. */
export const resources: readonly Resource[] = groups.flatMap((group) => group.resources);

/** Their handlers. Throws when a resource has none: a mistake of ours that the first test finds. */
export function implementAll(parts: Parts): readonly Implemented[] {
	const made = groups.flatMap((group) => group.implement(parts));
	for (const resource of resources)
		if (made.filter((each) => each.resource === resource).length !== 1)
			throw new Error(`${resource.name} needs one set of handlers`);
	return made;
}
