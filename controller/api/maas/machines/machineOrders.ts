import { type LifecycleEvent, lifecycle, nextStatus } from '../../../domain/lifecycle.ts';
import type { Machine } from '../../../domain/machine.ts';
import type { Parts } from '../../parts.ts';
import { conflict, forbidden, unfit } from '../failures.ts';
import type { HandlersOf } from '../resource.ts';
import { deployMachine } from './deployMachine.ts';
import { errandOf } from './forms/errandForm.ts';
import { isFree, isReleasable, readRelease } from './forms/releaseForm.ts';
import type { machineResource } from './machine.ts';
import { oneMachine } from './oneMachine.ts';

/** What moves a machine's status, in MAAS's words where it refuses (facts §2.4). */
export function machineOrders(parts: Parts) {
	const { store, actions } = parts;
	const { find, editable, shown } = oneMachine(parts);
	/** MAAS's sentence where its table has no such edge. */
	const mustMove = (machine: Machine, event: LifecycleEvent, to: string) => {
		if (nextStatus(machine.status, event, machine.previousStatus) === null)
			throw conflict(`Invalid transition: ${lifecycle[machine.status].name} -> ${to}.`);
	};
	const withDriver = (machine: Machine) => {
		if (machine.bmcId === null) throw unfit('power_type', 'Say how the machine is switched on: “manual” if by hand.');
	};
	return {
		commission(input, { uri, user, rest }) {
			const machine = find(uri);
			const cards = store.inventory.interfaces(machine.id).length;
			const isIpmi = machine.bmcId !== null && store.bmcs.byId(machine.bmcId)?.driver === 'ipmi';
			const may = ['new', 'failed_commissioning', 'ready', 'broken'].includes(machine.status) && !machine.locked;
			if (!may || (cards === 0 && !isIpmi))
				throw unfit('__all__', 'Commission is not available because of the current state of the node.');
			withDriver(machine);
			return shown(actions.commission(machine, user, errandOf(input, rest)));
		},
		test(input, { uri, user, rest }) {
			const machine = find(uri);
			const unknown = machine.status === 'new' && machine.inventoryAt === null;
			if (!('test' in lifecycle[machine.status].moves) || machine.locked || unknown)
				throw unfit('__all__', 'Test is not available because of the current state of the node.');
			withDriver(machine);
			return shown(actions.test(machine, user, errandOf(input, rest)));
		},
		deploy: (input, { uri, user }) => shown(deployMachine(parts, editable(uri, user), input, user)),
		release(input, { uri, user, rest }) {
			const machine = editable(uri, user);
			if (isFree(machine.status)) return shown(machine);
			if (!isReleasable(machine.status))
				throw conflict(`Machine cannot be released in its current state ('${lifecycle[machine.status].name}').`);
			const { erase, scripts } = readRelease(store, input);
			const parameters = new Map([...rest].map(([name, sent]) => [name, sent.at(-1) ?? '']));
			return shown(actions.release(machine, user, erase, { comment: input.comment || null, scripts, parameters }));
		},
		abort({ comment }, { uri, user }) {
			const machine = editable(uri, user);
			if (!['commissioning', 'deploying', 'disk_erasing', 'testing'].includes(machine.status))
				throw conflict(`Cannot abort in current state: node ${machine.systemId} is in state ${lifecycle[machine.status].name}.`);
			return shown(actions.abort(machine, user, comment || null));
		},
		lock({ comment }, { uri, user }) {
			const machine = editable(uri, user);
			if (machine.locked) throw conflict('Machine is already locked');
			if (machine.status !== 'deployed' && machine.status !== 'deploying')
				throw conflict("Can't lock, node is not deployed or deploying");
			return shown(actions.lock(machine, user, true, comment || null));
		},
		unlock({ comment }, { uri, user }) {
			const machine = editable(uri, user);
			if (!machine.locked) throw conflict('Machine is not locked');
			return shown(actions.lock(machine, user, false, comment || null));
		},
		mark_broken({ comment, error_description: older }, { uri, user }) {
			const machine = editable(uri, user);
			// MAAS asks for the owner himself; what belongs to nobody is the administrators' here
			if (machine.ownerId !== user.id && !(machine.ownerId === null && user.isAdmin)) throw forbidden('');
			mustMove(machine, 'mark_broken', lifecycle.broken.name);
			return shown(actions.mark(machine, user, 'mark_broken', comment || older || null));
		},
		mark_fixed({ comment }, { uri, user }) {
			const machine = find(uri);
			if (machine.status !== 'broken') throw conflict("Can't mark a non-broken node as 'Ready'.");
			return shown(actions.mark(machine, user, 'mark_fixed', comment || null));
		},
		override_failed_testing({ comment }, { uri, user }) {
			const machine = find(uri);
			if (machine.status !== 'failed_testing')
				throw conflict(`Unable to override node status. Node is not in '${lifecycle.failed_testing.name}' status.`);
			return shown(actions.mark(machine, user, 'override_tests', comment || null));
		},
		rescue_mode(_, { uri, user }) {
			const machine = find(uri);
			mustMove(machine, 'enter_rescue', lifecycle.entering_rescue_mode.name);
			return shown(actions.rescue(machine, user));
		},
		exit_rescue_mode(_, { uri, user }) {
			const machine = find(uri);
			mustMove(machine, 'exit_rescue', lifecycle.exiting_rescue_mode.name);
			return shown(actions.exitRescue(machine, user));
		},
	} satisfies Partial<HandlersOf<typeof machineResource>>;
}
