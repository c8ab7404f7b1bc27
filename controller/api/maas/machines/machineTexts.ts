import type { Machine } from '../../../domain/machine.ts';
import type { Parts } from '../../parts.ts';
import { type MachineObject, machineObjects } from './machineObject.ts';

/** About 2,500 machines of 5 cards and 6 disks; what comes after them is made anew for each list. */
const KEPT_CHARACTERS = 32 << 20;

/**
 * The JSON of machines for lists. Clients ask for the whole list again and again to see one machine become Ready: the texts are kept
 * for as long as nothing at all has been written, and no lease has run out (that is the one thing an object shows which no write ends).
 */
export function createMachineTexts(parts: Parts): (machines: readonly Machine[]) => string[] {
	const { store } = parts;
	const kept = new Map<string, string>();
	let size = 0;
	let version = '';
	return (machines) => {
		const now = `${store.version()} ${store.leases.bound().size}`;
		if (now !== version) {
			kept.clear();
			size = 0;
			version = now;
		}
		const missing = machines.filter(({ systemId }) => !kept.has(systemId));
		const made = new Map<string, string>();
		for (const object of missing.length > 0 ? machineObjects(parts, missing) : ([] as MachineObject[])) {
			const text = JSON.stringify(object);
			made.set(object.system_id, text);
			size += text.length;
			if (size <= KEPT_CHARACTERS) kept.set(object.system_id, text);
		}
		// none for a machine that was deleted while a long list is being sent
		return machines.flatMap(({ systemId }) => made.get(systemId) ?? kept.get(systemId) ?? []);
	};
}
