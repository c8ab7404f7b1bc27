import { Refusal } from '../domain/errors.ts';
import { lifecycle } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import { copyStorage } from '../domain/storage/copyStorage.ts';
import type { Store } from '../store/store.ts';
import { copyInterfaces } from './network/copyInterfaces.ts';
import { changeStorage } from './storageLayout.ts';

/**
 * Gives the interfaces or the disk layout of one machine to others, to all of them or to none. Throws Refusal `bad-input` with field
 * `destinations` for one that it doesn't fit, or that is in use.
 */
export function cloneMachine(
	store: Store,
	source: Machine,
	destinations: readonly Machine[],
	what: { readonly interfaces: boolean; readonly storage: boolean },
	by: string,
): void {
	store.transaction(() => {
		for (const machine of destinations) {
			const refused = (text: string) => new Refusal('bad-input', `${machine.hostname}: ${text}`, { field: 'destinations' });
			if (machine.id === source.id) throw refused('It is the source itself.');
			if (machine.locked) throw refused('The machine is locked.');
			if (machine.status !== 'ready' && machine.status !== 'failed_testing')
				throw refused(
					`The machine is ${lifecycle[machine.status].name}; only one that is Ready or Failed testing can be changed.`,
				);
			try {
				if (what.storage) copyDisks(store, source, machine);
				if (what.interfaces) copyInterfaces(store, source.id, machine.id);
			} catch (error) {
				throw error instanceof Refusal && error.code === 'bad-input' ? refused(error.message) : error;
			}
			store.events.append({ nodeId: machine.id, kind: 'user', text: `Configured as ${source.hostname}`, by });
			store.machines.touched(machine.id);
		}
	});
}

function copyDisks(store: Store, source: Machine, machine: Machine): void {
	const layout = store.storage.of([source.id]).get(source.id);
	if (!layout) throw new Refusal('bad-input', 'The source has been deleted.');
	changeStorage(store, { id: machine.id, kind: 'machine' }, (storage, fresh) => {
		const copied = copyStorage(layout, storage, fresh);
		if (!copied.ok) throw new Refusal('bad-input', copied.text);
		return copied.storage;
	});
}
