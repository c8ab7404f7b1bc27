import { type Candidate, costOf } from './candidate.ts';
import type { Clause, Labels } from './clause.ts';
import { asksNodeAlone, type Constraints, cheapestFirst } from './constraints.ts';

/** What `allocate` answers beside the machine: ids by label; a type is missing when no label was given to it. */
export interface ConstraintsByType {
	readonly storage?: Labels;
	readonly interfaces?: Labels;
}

export interface Choice {
	readonly machine: Candidate;
	readonly constraintsByType: ConstraintsByType;
	/** for each machine that would have done, by system id; only when it was asked for */
	readonly verbose: {
		readonly storage: Readonly<Record<string, Labels>>;
		readonly interfaces: Readonly<Record<string, Labels>>;
	} | null;
}

/** Those that satisfy every clause, in their order. */
export function findMatches(candidates: readonly Candidate[], { clauses }: Asked): Candidate[] {
	const asked = cheapestFirst(clauses);
	return candidates.filter((candidate) => satisfies(candidate, asked));
}

/** Those that satisfy the clauses about nodes themselves, the cheapest first: only their parts need to be looked at. */
export function rankByCost(candidates: readonly Candidate[], { clauses }: Asked): Candidate[] {
	const asked = clauses.filter(asksNodeAlone);
	return candidates.filter((candidate) => satisfies(candidate, asked)).toSorted((a, b) => costOf(a) - costOf(b));
}

/**
 * The cheapest machine that satisfies every clause (the smallest sufficient one), the first of equals; `null` when there is none.
 * Who may be chosen at all is the caller's to say: he hands in only machines that are free.
 */
export function chooseMachine(candidates: readonly Candidate[], { clauses }: Asked, verbose = false): Choice | null {
	const byCost = rankByCost(candidates, { clauses });
	const dear = cheapestFirst(clauses).filter((clause) => !asksNodeAlone(clause));
	if (!verbose) {
		const machine = byCost.find((candidate) => satisfies(candidate, dear));
		return machine ? { machine, constraintsByType: labelsOf(machine, clauses), verbose: null } : null;
	}
	const matching = byCost.filter((candidate) => satisfies(candidate, dear));
	const [machine] = matching;
	if (!machine) return null;
	const labels = matching.map((each): [string, ConstraintsByType] => [each.systemId, labelsOf(each, clauses)]);
	return {
		machine,
		constraintsByType: labelsOf(machine, clauses),
		verbose: {
			storage: Object.fromEntries(labels.map(([systemId, { storage = {} }]) => [systemId, storage])),
			interfaces: Object.fromEntries(labels.map(([systemId, { interfaces = {} }]) => [systemId, interfaces])),
		},
	};
}

type Asked = Pick<Constraints, 'clauses'>;
const satisfies = (candidate: Candidate, clauses: readonly Clause[]) => clauses.every((clause) => clause.matches(candidate));

function labelsOf(machine: Candidate, clauses: readonly Clause[]): ConstraintsByType {
	const found: { storage?: Labels; interfaces?: Labels } = {};
	for (const { labels } of clauses) {
		const given = labels?.of(machine);
		if (labels && given && Object.keys(given).length > 0) found[labels.type] = given;
	}
	return found;
}
