import type { Place } from '../../../store/places.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

const fields = {
	name: text('The zone’s name: letters, digits, inner dashes, dots and underscores.', { max: 256 }),
	description: text('What the zone is.', { max: 4096 }),
};

export const zonesResource = resource({
	name: 'ZonesHandler',
	path: 'zones/',
	doc: 'Physical zones: every node is in exactly one.',
	actions: {
		read: { doc: 'List all zones.', who: 'user' },
		create: { doc: 'Add a zone.', who: 'admin', parameters: { ...fields, name: required(fields.name) } },
	},
});

export const zoneResource = resource({
	name: 'ZoneHandler',
	path: 'zones/{name}/',
	doc: 'One physical zone.',
	actions: {
		read: { doc: 'Show a zone.', who: 'user' },
		update: { doc: 'Rename or describe a zone.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete a zone; its nodes go to the default zone.', who: 'admin' },
	},
});

/** Also part of every node's own object. */
export const zoneObject = (zone: Place) => ({
	id: zone.id,
	name: zone.name,
	description: zone.description,
	resource_uri: uriOf(zoneResource.path, { name: zone.name }),
});

export function zoneHandlers({ store }: Parts): Implemented[] {
	const find = (name: string) => {
		const zone = store.zones.byName(name);
		if (!zone) throw notFound('Zone');
		return zone;
	};
	return [
		on(zonesResource, {
			read: () => store.zones.all().map(zoneObject),
			create: ({ name, description }) => zoneObject(store.zones.create(name, description ?? '')),
		}),
		on(zoneResource, {
			read: (_, { uri }) => zoneObject(find(uri.name)),
			update: (change, { uri }) => zoneObject(store.zones.update(find(uri.name).id, change)),
			// MAAS answers 204 for a zone that is gone already
			delete(_, { uri }) {
				const zone = store.zones.byName(uri.name);
				if (zone) store.zones.delete(zone.id);
				return Reply.nothing();
			},
		}),
	];
}
