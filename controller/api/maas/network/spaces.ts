import { createSpace, updateSpace } from '../../../flows/network/changeSpace.ts';
import type { Parts } from '../../parts.ts';
import { MaasRefusal, notFound } from '../failures.ts';
import { text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { findSpace } from './find.ts';
import { NO_SPACE_ID, networkObjects } from './networkObjects.ts';

const fields = {
	name: text('The space’s name; without one it is called space-<id>.', { max: 256 }),
	description: text('What the space is for.'),
};

export const spacesResource = resource({
	name: 'SpacesHandler',
	path: 'spaces/',
	doc: 'Spaces: VLANs whose hosts may reach each other. The space “undefined”, id -1, stands for the VLANs that are in none.',
	actions: {
		read: { doc: 'List all spaces.', who: 'user' },
		create: { doc: 'Add a space.', who: 'admin', parameters: fields },
	},
});

export const spaceResource = resource({
	name: 'SpaceHandler',
	path: 'spaces/{id}/',
	doc: 'One space, by id or name.',
	actions: {
		read: { doc: 'Show a space.', who: 'user' },
		update: { doc: 'Rename or describe a space.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a space; its VLANs are in none then.', who: 'admin' },
	},
});

export function spaceHandlers({ store }: Parts): Implemented[] {
	const show = (id: number) => {
		const object = networkObjects(store).spaces.get(id);
		if (!object) throw notFound('Space');
		return object;
	};
	const real = (text: string) => {
		const space = findSpace(store, text);
		if (!space) throw new MaasRefusal(400, 'Space cannot be modified.');
		return space;
	};
	return [
		on(spacesResource, {
			read: () => [...networkObjects(store).spaces.values()],
			create: (change) => show(createSpace(store, change).id),
		}),
		on(spaceResource, {
			read: (_, { uri }) => show(findSpace(store, uri.id)?.id ?? NO_SPACE_ID),
			update: (change, { uri }) => show(updateSpace(store, real(uri.id), change).id),
			delete(_, { uri }) {
				store.network.spaces.delete(real(uri.id).id);
				return Reply.nothing();
			},
		}),
	];
}
