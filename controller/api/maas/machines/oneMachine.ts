import type { Machine } from '../../../domain/machine.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { notFound } from '../failures.ts';
import { checkEdit } from '../rights.ts';
import { type MachineObject, machineObject } from './machineObject.ts';

/** The machine of a path, for all handlers of one machine. */
export interface OneMachine {
	/** Throws 404. */
	find(uri: MachineUri): Machine;
	/** Throws 404, or 403 unless this user may act on it. */
	editable(uri: MachineUri, user: User): Machine;
	/** As it is now. */
	shown(machine: Machine): MachineObject;
}
export interface MachineUri {
	readonly system_id: string;
}

export function oneMachine(parts: Parts): OneMachine {
	const find = ({ system_id }: MachineUri): Machine => {
		const machine = parts.store.machines.bySystemId(system_id);
		if (!machine) throw notFound('Machine');
		return machine;
	};
	return {
		find,
		editable(uri, user) {
			const machine = find(uri);
			checkEdit(user, machine);
			return machine;
		},
		shown: (machine) => machineObject(parts, machine.id),
	};
}
