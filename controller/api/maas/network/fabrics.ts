import { createFabric, deleteFabric, updateFabric } from '../../../flows/network/changeFabric.ts';
import type { Parts } from '../../parts.ts';
import { text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { findFabric } from './find.ts';
import { type FabricObject, networkObjects } from './networkObjects.ts';

const fields = {
	name: text('The fabric’s name; without one it is called fabric-<id>.', { max: 256 }),
	description: text('What the fabric is.'),
	class_type: text('What kind of network it is: a word that constraints can ask for, such as 10g.', { max: 255 }),
};

export const fabricsResource = resource({
	name: 'FabricsHandler',
	path: 'fabrics/',
	doc: 'Fabrics: switches that are joined, so that VLAN tags mean the same in them.',
	actions: {
		read: { doc: 'List all fabrics.', who: 'user' },
		create: { doc: 'Add a fabric, with its untagged VLAN.', who: 'admin', parameters: fields },
	},
});

export const fabricResource = resource({
	name: 'FabricHandler',
	path: 'fabrics/{id}/',
	doc: 'One fabric, by id or name.',
	actions: {
		read: { doc: 'Show a fabric.', who: 'user' },
		update: { doc: 'Rename or describe a fabric.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a fabric that has no subnets.', who: 'admin' },
	},
});

export function fabricHandlers({ store }: Parts): Implemented[] {
	const show = (id: number) => networkObjects(store).fabrics.get(id) as FabricObject;
	return [
		on(fabricsResource, {
			read: () => [...networkObjects(store).fabrics.values()],
			create: ({ class_type, ...change }) => show(createFabric(store, { ...change, classType: class_type }).id),
		}),
		on(fabricResource, {
			read: (_, { uri }) => show(findFabric(store, uri.id).id),
			update: ({ class_type, ...change }, { uri }) =>
				show(updateFabric(store, findFabric(store, uri.id), { ...change, classType: class_type }).id),
			delete(_, { uri }) {
				deleteFabric(store, findFabric(store, uri.id));
				return Reply.nothing();
			},
		}),
	];
}
