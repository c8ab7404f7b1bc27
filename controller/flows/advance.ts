import { Refusal } from '../domain/errors.ts';
import { type LifecycleEvent, lifecycle, nextStatus, patienceOf, remembersPrevious, type Status } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import type { Store } from '../store/store.ts';
import { storageFollowsOwner } from './storageLayout.ts';

/** Why a status changes, for the machine's page and the audit list. */
export interface Why {
	/** in words; shown beside the status */
	readonly text?: string;
	readonly nextStep?: string;
	/** the user who asked */
	readonly by?: string;
}

/**
 * The one door of state: moves a machine along an edge of `domain/lifecycle.ts` and answers it as it is now. Nothing else writes a
 * status. In one transaction: the edge is checked against the row as it is in this moment, status, deadline and event are written,
 * and the work of a status that ends this way is closed. Throws Refusal `invalid-transition` where the table has no such edge.
 */
export type Advance = (machineId: number, event: LifecycleEvent, why?: Why) => Machine;

export function createAdvance(store: Store, now: () => Date): Advance {
	return (machineId, event, why = {}) =>
		store.transaction(() => {
			const machine = store.machines.byId(machineId);
			if (!machine) throw new Refusal('not-found', 'The machine has been deleted.');
			const next = nextStatus(machine.status, event, machine.previousStatus);
			if (!next)
				throw new Refusal('invalid-transition', `${machine.hostname} is ${lifecycle[machine.status].name}: ${cannot[event]}.`);

			store.machines.writeStatus(machine.id, {
				status: next,
				at: now().toISOString(),
				text: why.text ?? null,
				previousStatus: remembersPrevious(next)
					? remembersPrevious(machine.status)
						? machine.previousStatus
						: machine.status
					: null,
				deadlineAt: deadlineOf(store, next, now()),
			});
			if (lifecycle[next].boot !== lifecycle[machine.status].boot && event !== 'tests_started') closeJob(store, machine.id);
			store.events.append({
				nodeId: machine.id,
				kind: 'status',
				level: lifecycle[next].tone === 'bad' ? 'error' : 'info',
				text: `${lifecycle[machine.status].name} → ${lifecycle[next].name}`,
				cause: why.text ?? null,
				nextStep: why.nextStep ?? null,
				by: why.by ?? null,
				data: { from: machine.status, to: next, event },
			});
			const moved = store.machines.byId(machineId) as Machine;
			storageFollowsOwner(store, moved, event);
			return moved;
		});
}

/** A sign of life: a working status may go on for as long again. */
export function pushDeadline(store: Store, machine: Machine, now: Date): void {
	const deadline = deadlineOf(store, machine.status, now);
	if (deadline) store.machines.writeDeadline(machine.id, deadline);
}

/** When a status that begins now, or shows a sign of life now, has taken too long; `null`: never. */
function deadlineOf(store: Store, status: Status, now: Date): string | null {
	const patience = patienceOf(status, store.config.count('node_timeout'));
	return patience === null ? null : new Date(now.getTime() + patience * 60_000).toISOString();
}

/** What the machine had been told to do no longer counts; what it still sends is refused. */
function closeJob(store: Store, machineId: number): void {
	const job = store.results.openJob(machineId);
	if (!job) return;
	store.results.setJobState(job.id, 'aborted');
	for (const result of store.results.ofJob(job.id))
		if (result.status === 'pending' || result.status === 'running') store.results.update(result.id, { status: 'aborted' });
}

const cannot: Record<LifecycleEvent, string> = {
	commission: 'it can’t be commissioned',
	test: 'it can’t be tested',
	allocate: 'it can’t be allocated',
	deploy: 'it can’t be deployed',
	release: 'there is nothing to release',
	erase: 'its disks can’t be erased',
	abort: 'there is nothing to abort',
	mark_broken: 'it can’t be marked broken',
	mark_fixed: 'it is not marked broken',
	override_tests: 'it has no failed tests to override',
	override_tests_in_use: 'it has no failed tests to override',
	enter_rescue: 'it can’t enter rescue mode',
	exit_rescue: 'it is not in rescue mode',
	reserve: 'it can’t be reserved',
	retire: 'it can’t be retired',
	lose: 'it can’t be marked missing',
	find: 'it is not missing',
	commissioned: 'it is not being commissioned',
	tests_started: 'no tests are due',
	tests_passed: 'it is not being tested',
	deployed: 'it is not being deployed',
	erased: 'its disks are not being erased',
	released: 'it is not being released',
	released_unknown: 'it is not being released',
	rescue_ready: 'it is not entering rescue mode',
	rescue_left: 'it is not leaving rescue mode',
	fail: 'nothing is going on that could fail',
};
