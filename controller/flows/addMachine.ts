import type { Mac } from '../domain/address.ts';
import { Refusal } from '../domain/errors.ts';
import type { Machine } from '../domain/machine.ts';
import type { MachineChange } from '../store/machines.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../store/users.ts';
import { insertMachine } from './enlist.ts';
import { type PowerSettings, setPowerSettings } from './powerSettings.ts';

/** A machine as somebody describes it, who has not switched it on yet. */
export interface MachineDescription {
	/** one that is free; missing: two words of chance */
	readonly hostname?: string | undefined;
	readonly macs: readonly Mac[];
	readonly facts: MachineChange;
	readonly power?: PowerSettings | undefined;
	/** it runs a system already, and belongs to this user */
	readonly deployedFor?: User | undefined;
}

/** Makes it, in status New (or Deployed). Throws Refusal `bad-input` for a MAC that another node has, and for power settings. */
export function addMachine(store: Store, description: MachineDescription, by: string | null, now: Date): Machine {
	const { hostname, macs, facts, power, deployedFor } = description;
	return store.transaction(() => {
		const { id } = insertMachine(store, now, { hostname, status: deployedFor ? 'deployed' : 'new' });
		addMacs(store, id, macs);
		store.machines.update(id, {
			...facts,
			bootMac: macs[0] ?? null,
			...(deployedFor ? { ownerId: deployedFor.id, netboot: false } : {}),
		});
		store.events.append({ nodeId: id, kind: 'enlist', text: 'Added by hand', by });
		if (power) setPowerSettings(store, store.machines.byId(id) as Machine, power, by);
		return store.machines.byId(id) as Machine;
	});
}

function addMacs(store: Store, machineId: number, macs: readonly Mac[]): void {
	for (const mac of macs) {
		const other = store.machines.byMac(mac)?.hostname ?? nodeOf(store, mac);
		if (other !== undefined)
			throw new Refusal('bad-input', `MAC address ${mac} is already in use on ${other}.`, { field: 'mac_addresses' });
	}
	store.inventory.addMacs(machineId, macs);
}

const nodeOf = (store: Store, mac: Mac): string | undefined => {
	const found = store.network.interfaces.byMac(mac);
	return found && store.nodes.byId(found.nodeId)?.hostname;
};
