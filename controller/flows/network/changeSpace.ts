import type { Space } from '../../store/network/spaces.ts';
import type { Store } from '../../store/store.ts';
import { freeName } from './freeName.ts';

export interface SpaceChange {
	readonly name?: string | undefined;
	readonly description?: string | undefined;
}

/** Without a name it is called `space-<id>`. */
export function createSpace(store: Store, { name, description = '' }: SpaceChange): Space {
	return store.transaction(() => {
		const { spaces } = store.network;
		const all = spaces.all();
		const next = Math.max(0, ...all.map(({ id }) => id)) + 1;
		return spaces.insert({ name: name ? freeName('Space', name, all, null) : `space-${next}`, description });
	});
}

export function updateSpace(store: Store, space: Space, { name, description }: SpaceChange): Space {
	return store.transaction(() => {
		const { spaces } = store.network;
		spaces.update(space.id, {
			...(name === undefined || name === space.name ? {} : { name: freeName('Space', name, spaces.all(), space) }),
			...(description === undefined ? {} : { description }),
		});
		return spaces.byId(space.id) as Space;
	});
}
