import {
	createBcache,
	createCacheSet,
	deleteBcache,
	deleteCacheSet,
	updateBcache,
	updateCacheSet,
} from '../../../domain/storage/bcaches.ts';
import { type CacheSet, cacheModes, cacheSetOf, type Group, type Storage } from '../../../domain/storage/storage.ts';
import { changeStorage } from '../../../flows/storageLayout.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { choice, required, text } from '../parameters.ts';
import { Reply } from '../reply.ts';
import { type Implemented, on, resource } from '../resource.ts';
import { idIn } from '../rights.ts';
import { groupIn, layoutNode, storageOf } from './access.ts';
import { BCACHE_PATH, bcacheObject, CACHE_SET_PATH, cacheSetObject } from './groupObject.ts';

const fields = {
	name: text('Its name; bcache and a number unless it is said.', { max: 127 }),
	uuid: text('Its UUID; a new one is made unless it is said.', { max: 64 }),
	cache_set: text('The cache set, by id or name.', { max: 127 }),
	backing_device: text('The block device that holds the data, by id or name.', { max: 255 }),
	backing_partition: text('Or the partition, by id.', { max: 32 }),
	cache_mode: choice('How writes go; writethrough unless it is said.', cacheModes),
};
const cacheFields = {
	cache_device: text('The block device that is the cache, by id or name.', { max: 255 }),
	cache_partition: text('Or the partition, by id.', { max: 32 }),
};

export const bcachesResource = resource({
	name: 'BcachesHandler',
	path: 'nodes/{system_id}/bcaches/',
	doc: 'Disks with a faster one in front (bcache).',
	actions: {
		read: { doc: 'List them.', who: 'user' },
		create: {
			doc: 'Put a cache set in front of an unused device.',
			who: 'admin',
			parameters: { ...fields, cache_set: required(fields.cache_set) },
		},
	},
});

export const bcacheResource = resource({
	name: 'BcacheHandler',
	path: BCACHE_PATH,
	also: ['nodes/{system_id}/bcaches/{id}/'],
	doc: 'One bcache.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		update: { doc: 'Change it.', who: 'admin', parameters: fields },
		delete: { doc: 'Delete it with all that is on it; its cache set stays.', who: 'admin' },
	},
});

export const cacheSetsResource = resource({
	name: 'BcacheCacheSetsHandler',
	path: 'nodes/{system_id}/bcache-cache-sets/',
	doc: 'The caches that bcaches share.',
	actions: {
		read: { doc: 'List them.', who: 'user' },
		create: { doc: 'Make a cache set of an unused device or partition.', who: 'admin', parameters: cacheFields },
	},
});

export const cacheSetResource = resource({
	name: 'BcacheCacheSetHandler',
	path: CACHE_SET_PATH,
	also: ['nodes/{system_id}/bcache-cache-sets/{id}/'],
	doc: 'One cache set.',
	actions: {
		read: { doc: 'Show it.', who: 'user' },
		update: { doc: 'Put it on another device or partition.', who: 'admin', parameters: cacheFields },
		delete: { doc: 'Delete it, once no bcache uses it.', who: 'admin' },
	},
});

function cacheSetIn(storage: Storage, word: string): CacheSet {
	const set = cacheSetOf(storage, idIn(word, 'CacheSet'));
	if (!set) throw notFound('CacheSet');
	return set;
}

export function bcacheHandlers({ store }: Parts): Implemented[] {
	return [
		on(bcachesResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return storage.groups.filter((group) => group.kind === 'bcache').map((group) => bcacheObject(storage, group));
			},
			create(input, { uri }) {
				const node = layoutNode(store, uri.system_id, 'create Bcache');
				const after = changeStorage(store, node, (storage, fresh) => createBcache(storage, wishOf(input), fresh));
				return bcacheObject(after, after.groups.at(-1) as Group);
			},
		}),
		on(bcacheResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return bcacheObject(storage, groupIn(storage, 'bcache', uri.id));
			},
			update(input, { uri }) {
				const node = layoutNode(store, uri.system_id, 'update Bcache');
				const after = changeStorage(store, node, (storage, fresh) =>
					updateBcache(storage, groupIn(storage, 'bcache', uri.id), wishOf(input), fresh),
				);
				return bcacheObject(after, groupIn(after, 'bcache', uri.id));
			},
			delete(_, { uri }) {
				const node = layoutNode(store, uri.system_id, 'delete Bcache');
				changeStorage(store, node, (storage) => deleteBcache(storage, groupIn(storage, 'bcache', uri.id)));
				return Reply.nothing();
			},
		}),
		on(cacheSetsResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return storage.cacheSets.map((set) => cacheSetObject(storage, set));
			},
			create({ cache_device, cache_partition }, { uri }) {
				const node = layoutNode(store, uri.system_id, 'create cache set');
				const on = { device: cache_device, partition: cache_partition };
				const after = changeStorage(store, node, (storage, fresh) => createCacheSet(storage, on, fresh));
				return cacheSetObject(after, after.cacheSets.at(-1) as CacheSet);
			},
		}),
		on(cacheSetResource, {
			read(_, { uri }) {
				const storage = storageOf(store, uri.system_id);
				return cacheSetObject(storage, cacheSetIn(storage, uri.id));
			},
			update({ cache_device, cache_partition }, { uri }) {
				const node = layoutNode(store, uri.system_id, 'update cache set');
				const on = { device: cache_device, partition: cache_partition };
				const after = changeStorage(store, node, (storage, fresh) =>
					updateCacheSet(storage, cacheSetIn(storage, uri.id), on, fresh),
				);
				return cacheSetObject(after, cacheSetIn(after, uri.id));
			},
			delete(_, { uri }) {
				const node = layoutNode(store, uri.system_id, 'delete cache set');
				changeStorage(store, node, (storage) => deleteCacheSet(storage, cacheSetIn(storage, uri.id)));
				return Reply.nothing();
			},
		}),
	];
}

type Input = {
	readonly name?: string | undefined;
	readonly uuid?: string | undefined;
	readonly cache_set?: string | undefined;
	readonly cache_mode?: (typeof cacheModes)[number] | undefined;
	readonly backing_device?: string | undefined;
	readonly backing_partition?: string | undefined;
};

const wishOf = ({ name, uuid, cache_set, cache_mode, backing_device, backing_partition }: Input) => ({
	...{ name, uuid, cacheSet: cache_set, cacheMode: cache_mode },
	backing: { device: backing_device || undefined, partition: backing_partition || undefined },
});
