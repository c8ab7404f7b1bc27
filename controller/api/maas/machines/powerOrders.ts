import type { Machine } from '../../../domain/machine.ts';
import type { PowerResult } from '../../../power/driver.ts';
import type { User } from '../../../store/users.ts';
import type { Parts } from '../../parts.ts';
import { conflict, MaasRefusal } from '../failures.ts';
import type { HandlersOf } from '../resource.ts';
import type { machineResource } from './machine.ts';
import { oneMachine } from './oneMachine.ts';

/** What is asked of a machine's BMC. Each answer is a re-read of it; one that can't be reached or refuses is MAAS's 503. */
export function powerOrders(parts: Parts) {
	const { store, power, perMachine } = parts;
	const { find, editable, shown } = oneMachine(parts);
	const driverOf = ({ bmcId }: Machine) => (bmcId === null ? undefined : store.bmcs.byId(bmcId)?.driver);
	const order = async (
		machine: Machine,
		{ text, comment, by }: { text: string; comment: string | undefined; by: User },
		work: () => Promise<PowerResult<unknown>>,
	) => {
		store.events.append({ nodeId: machine.id, kind: 'user', text, cause: comment || null, by: by.username });
		const done = await perMachine(machine.id, work);
		if (!done.ok) throw new MaasRefusal(503, `${done.text} ${done.nextStep}`);
		return shown(machine);
	};
	const unlocked = (machine: Machine) => {
		if (machine.locked) throw conflict('Machine is locked.');
		return machine;
	};
	return {
		power_parameters(_, { uri }) {
			const { bmcId } = find(uri);
			return bmcId === null ? {} : store.bmcs.parameters(bmcId);
		},
		async query_power_state(_, { uri }) {
			const machine = find(uri);
			if (machine.bmcId === null) return { state: 'unknown' };
			const seen = await perMachine(machine.id, () => power.check(machine.id));
			if (seen.ok) return { state: seen.value };
			if (seen.code === 'unreachable') throw new MaasRefusal(503, `${seen.text} ${seen.nextStep}`);
			return { state: 'error' };
		},
		power_on({ user_data: userData, comment }, { uri, user }) {
			const machine = unlocked(editable(uri, user));
			if (machine.ownerId === null) throw conflict("Can't start node: it hasn't been allocated.");
			if (userData) store.machines.update(machine.id, { userData });
			return order(machine, { text: 'Power on', comment, by: user }, () => power.on(machine.id));
		},
		power_off({ stop_mode: mode, comment }, { uri, user }) {
			const machine = unlocked(editable(uri, user));
			const driver = driverOf(machine);
			// MAAS's answer where no order can be sent
			if (!driver || driver === 'manual') return null;
			return order(machine, { text: 'Power off', comment, by: user }, () => power.off(machine.id, { soft: mode === 'soft' }));
		},
	} satisfies Partial<HandlersOf<typeof machineResource>>;
}
