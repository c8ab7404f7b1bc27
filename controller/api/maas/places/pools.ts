import type { Place } from '../../../store/places.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource, uriOf } from '../resource.ts';

const fields = {
	name: text('The pool’s name: letters, digits, inner dashes, dots, blanks and underscores.', { max: 256 }),
	description: text('What the pool is for.', { max: 4096 }),
};

export const poolsResource = resource({
	name: 'ResourcePoolsHandler',
	path: 'resourcepools/',
	doc: 'Resource pools: every machine is in exactly one.',
	actions: {
		read: { doc: 'List all pools.', who: 'user' },
		create: { doc: 'Add a pool.', who: 'admin', parameters: { ...fields, name: required(fields.name) } },
	},
});

export const poolResource = resource({
	name: 'ResourcePoolHandler',
	path: 'resourcepool/{id}/',
	doc: 'One resource pool, by id or name.',
	actions: {
		read: { doc: 'Show a pool.', who: 'user' },
		update: { doc: 'Rename or describe a pool.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete an empty pool.', who: 'admin' },
	},
});

/** Also part of every machine's own object. */
export const poolObject = (pool: Place) => ({
	id: pool.id,
	name: pool.name,
	description: pool.description,
	resource_uri: uriOf(poolResource.path, { id: pool.id }),
});

export function poolHandlers({ store }: Parts): Implemented[] {
	const find = (id: string) => {
		const pool = store.pools.byName(id) ?? (/^\d{1,15}$/.test(id) ? store.pools.byId(Number(id)) : undefined);
		if (!pool) throw notFound('ResourcePool');
		return pool;
	};
	return [
		on(poolsResource, {
			read: () => store.pools.all().map(poolObject),
			create: ({ name, description }) => poolObject(store.pools.create(name, description ?? '')),
		}),
		on(poolResource, {
			read: (_, { uri }) => poolObject(find(uri.id)),
			update: (change, { uri }) => poolObject(store.pools.update(find(uri.id).id, change)),
			delete(_, { uri }) {
				store.pools.delete(find(uri.id).id);
				return Reply.nothing();
			},
		}),
	];
}
