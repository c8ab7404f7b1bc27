import { type Candidate, costOf } from './candidate.ts';
import type { Clause, Labels } from './clause.ts';
import { type Constraints, cheapestFirst } from './constraints.ts';

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
export function findMatches(candidates: readonly Candidate[], { clauses }: Pick<Constraints, 'clauses'>): Candidate[] {
	const asked = cheapestFirst(clauses);
	return candidates.filter((candidate) => satisfies(candidate, asked));
}

/**
 * The cheapest machine that satisfies every clause (the smallest sufficient one), the first of equals; `null` when there is none.
 * Who may be chosen at all is the caller's to say: he hands in only machines that are free.
 */
export function chooseMachine(
	candidates: readonly Candidate[],
	{ clauses }: Pick<Constraints, 'clauses'>,
	verbose = false,
): Choice | null {
	const asked = cheapestFirst(clauses);
	const cheap = asked.filter((clause) => clause.needs === 'node' || clause.needs === 'tags');
	const dear = asked.slice(cheap.length);
	const byCost = candidates.filter((candidate) => satisfies(candidate, cheap)).toSorted((a, b) => costOf(a) - costOf(b));
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

const satisfies = (candidate: Candidate, clauses: readonly Clause[]) => clauses.every((clause) => clause.matches(candidate));

function labelsOf(machine: Candidate, clauses: readonly Clause[]): ConstraintsByType {
	const found: { storage?: Labels; interfaces?: Labels } = {};
	for (const { labels } of clauses) {
		const given = labels?.of(machine);
		if (labels && given && Object.keys(given).length > 0) found[labels.type] = given;
	}
	return found;
}
