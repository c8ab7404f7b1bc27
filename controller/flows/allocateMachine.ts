import { type Choice, chooseMachine, rankByCost } from '../domain/allocation/allocation.ts';
import type { Candidate } from '../domain/allocation/candidate.ts';
import type { Clause } from '../domain/allocation/clause.ts';
import { asksNodeAlone, type Constraints } from '../domain/allocation/constraints.ts';
import { type Explanation, explain, explainText } from '../domain/allocation/explain.ts';
import { noMatchText } from '../domain/allocation/noMatch.ts';
import { Refusal } from '../domain/errors.ts';
import { lifecycle } from '../domain/lifecycle.ts';
import type { Machine } from '../domain/machine.ts';
import type { Store } from '../store/store.ts';
import type { User } from '../store/users.ts';
import { type BridgeSettings, bridgeAll } from './acquiredBridges.ts';
import type { MachineActions } from './machineActions.ts';

/** A machine becomes somebody's: the best that meets some constraints, or one that was pointed at. */
export interface AllocateMachine {
	/**
	 * Chooses and takes in one transaction of a synchronous store: of two that ask at once, each gets a machine of his own. Nothing
	 * is taken by a dry run. `text` is the whole answer 409: MAAS's line, then what stood in the way.
	 */
	allocate(
		constraints: Constraints,
		by: User,
		options?: AllocateOptions,
	): ({ readonly ok: true; readonly machine: Machine } & Omit<Choice, 'machine'>) | { readonly ok: false; readonly text: string };
	/** This machine and no other. Throws Refusal `locked` or `invalid-transition`, and `bad-input` for an end in the past. */
	take(machine: Machine, by: User, options?: TakeOptions): Machine;
	/** How many machines each clause leaves, being free the first of them; nothing changes. */
	explain(clauses: readonly Clause[], by: User): Explanation;
}

export interface TakeOptions {
	/** what the client calls itself; Juju looks for its machines by it */
	readonly agentName?: string;
	/** goes into the machine's history */
	readonly comment?: string | null;
	/** on every interface, until the release */
	readonly bridges?: BridgeSettings | null;
	/** of a reservation by hand: what for, and until when (ISO 8601; a date means its last moment, UTC) */
	readonly note?: string | null;
	readonly until?: string | null;
}
export interface AllocateOptions extends TakeOptions {
	readonly dryRun?: boolean;
	/** with the labels of all machines that would have done */
	readonly verbose?: boolean;
}

export function createAllocateMachine({
	store,
	actions,
	now,
}: {
	store: Store;
	actions: Pick<MachineActions, 'allocate'>;
	now: () => Date;
}): AllocateMachine {
	const take: AllocateMachine['take'] = (machine, by, options = {}) => {
		const { agentName = '', comment = null, bridges = null, note = null, until = null } = options;
		const end = until === null ? null : endOf(until, now());
		return store.transaction(() => {
			const taken = actions.allocate(machine, by);
			store.machines.update(taken.id, { agentName, reservation: { note, until: end } });
			if (bridges) bridgeAll(store, taken.id, bridges);
			const told = { nodeId: taken.id, kind: 'user', by: by.username } as const;
			if (comment && comment !== note) store.events.append({ ...told, text: comment });
			if (note || end)
				store.events.append({
					...told,
					text: `Reserved for ${by.username}${end ? ` until ${end}` : ''}${note ? `: ${note}` : ''}`,
				});
			return store.machines.byId(taken.id) as Machine;
		});
	};

	const explainFor: AllocateMachine['explain'] = (clauses, by) => {
		const asked = [free(by), ...clauses];
		return explain(store.candidates.withParts(store.candidates.nodes(unnarrowed(clauses), { kind: 'machine' }), asked), asked);
	};

	return {
		take,
		explain: explainFor,
		allocate: (constraints, by, options = {}) =>
			store.transaction(() => {
				const choice = choose(store, constraints, by, options.verbose ?? false);
				if (!choice) {
					const lines = constraints.clauses.length === 0 ? [] : explainText(explainFor(constraints.clauses, by));
					return { ok: false, text: [noMatchText(constraints), ...lines].join('\n') };
				}
				const { machine: chosen, ...labels } = choice;
				const machine = store.machines.byId(chosen.id) as Machine;
				// who names the machine reserves it by hand: what he says about it is the note of that
				const note = options.note ?? (constraints.given.has('system_id') ? (options.comment ?? null) : null);
				return { ok: true, machine: options.dryRun ? machine : take(machine, by, { ...options, note }), ...labels };
			}),
	};
}

/** The parts of the cheapest are read first: most often one of them will do. */
const FIRST_BATCH = 32;

function choose(store: Store, constraints: Constraints, by: User, verbose: boolean): Choice | null {
	const { clauses } = constraints;
	const available = free(by);
	const nodes = store.candidates.nodes(clauses, { kind: 'machine', status: 'ready' }).filter(available.matches);
	const ranked = rankByCost(nodes, constraints);
	const needsParts = !clauses.every(asksNodeAlone);
	for (let from = 0, size = verbose || !needsParts ? ranked.length : FIRST_BATCH; from < ranked.length; from += size, size *= 4) {
		const batch = store.candidates.withParts(ranked.slice(from, from + size), clauses);
		const choice = chooseMachine(batch, constraints, verbose);
		if (choice) return choice;
	}
	return null;
}

/** An explanation tells about all machines, also where a clause names one. */
const unnarrowed = (clauses: readonly Clause[]) => clauses.map(({ systemIds: _, ...clause }) => clause);

/** What this user could take now, as a clause like the others. */
function free(by: User): Clause {
	const his = (node: Candidate) => by.isAdmin || node.owner === null || node.owner === by.username;
	return {
		name: 'free',
		text: 'Ready and free',
		resolved: '',
		needs: 'node',
		matches: (node) => node.status === 'ready' && !node.locked && his(node),
		shows: (node) => {
			const belongs = node.owner === null ? '' : ` and belongs to ${node.owner}`;
			return `is ${lifecycle[node.status].name}${node.locked ? ', locked' : ''}${belongs}`;
		},
	};
}

/** Until the last moment of a day, or until the moment that is named. */
function endOf(until: string, now: Date): string {
	const day = /^\d{4}-\d\d-\d\d/.exec(until)?.[0] ?? '';
	const end = new Date(until === day ? `${day}T23:59:59.999Z` : until);
	// Date makes the 2nd of March of a 30th of February
	if (Number.isNaN(end.getTime()) || new Date(day).toJSON()?.slice(0, 10) !== day)
		throw new Refusal('bad-input', 'Write the end as a date: 2026-12-31.', { field: 'until' });
	if (end <= now) throw new Refusal('bad-input', 'The end of the reservation has passed already.', { field: 'until' });
	return end.toISOString();
}
