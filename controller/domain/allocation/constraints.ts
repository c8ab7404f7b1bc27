import { type Clause, parts } from './clause.ts';
import type { Known } from './known.ts';
import { type Build, choiceConstraints, listFilters, nodeConstraints } from './nodeClauses.ts';
import { partConstraints, partFilters } from './partClauses.ts';

/** A request's parameters: each name once, with all its values in their order. */
export type Parameters = ReadonlyMap<string, readonly string[]>;

export interface Constraints {
	/** as the request had them, ignored ones too: the answer “no machine” repeats them */
	readonly given: Parameters;
	/** in the order of the request */
	readonly clauses: readonly Clause[];
}

/** MAAS's answer 400: all that is wrong, by parameter. */
export type FieldErrors = Readonly<Record<string, readonly string[]>>;

export type Parsed =
	| { readonly ok: true; readonly constraints: Constraints }
	| { readonly ok: false; readonly errors: FieldErrors };

/** Parameters of `allocate` that ask nothing of a machine, and those that say how to take it. */
const ignoredByAllocate: ReadonlySet<string> = new Set([
	...['agent_name', 'comment', 'bridge_all', 'bridge_type', 'bridge_stp', 'bridge_fd', 'dry_run', 'verbose', 'op'],
]);

const allocateTable: Readonly<Record<string, Build>> = { ...nodeConstraints, ...partConstraints, ...choiceConstraints };
const listTable: Readonly<Record<string, Build>> = { ...nodeConstraints, ...partConstraints, ...listFilters, ...partFilters };

/** The names that `allocate` takes; forms and completion are made of them. */
export const allocateConstraints: readonly string[] = Object.keys(allocateTable).toSorted();
/** The names that lists of nodes take. */
export const listConstraints: readonly string[] = Object.keys(listTable).toSorted();

/** Of `POST machines/?op=allocate`. */
export function parseAllocate(given: Parameters, known: Known): Parsed {
	return parse(given, known, allocateTable, ignoredByAllocate);
}

/** Of the lists `machines/`, `nodes/`, `devices/` and controllers; `others` are parameters of the list that are no filters. */
export function parseMachineFilters(given: Parameters, known: Known, others: readonly string[] = []): Parsed {
	return parse(given, known, listTable, new Set(['op', ...others]));
}

/** Never throws, whatever the strings are. */
function parse(given: Parameters, known: Known, table: Readonly<Record<string, Build>>, ignored: ReadonlySet<string>): Parsed {
	const clauses: Clause[] = [];
	const errors = new Map<string, string[]>();
	for (const [name, all] of given) {
		if (ignored.has(name)) continue;
		if (!Object.hasOwn(table, name)) {
			errors.set(name, ['No such constraint.']);
			continue;
		}
		// forms send what was left empty, too
		const values = all.filter((value) => value.trim() !== '');
		if (values.length === 0) continue;
		const clause = (table[name] as Build)(name, values, known);
		if ('problem' in clause) errors.set(name, [clause.problem]);
		else clauses.push(clause);
	}
	return errors.size > 0 ? { ok: false, errors: Object.fromEntries(errors) } : { ok: true, constraints: { given, clauses } };
}

/** The cheap questions first; a candidate that fails one isn't asked the rest. */
export function cheapestFirst(clauses: readonly Clause[]): Clause[] {
	return clauses.toSorted((a, b) => parts.indexOf(a.needs) - parts.indexOf(b.needs));
}

/** It can be answered without a machine's disks, interfaces and devices. */
export const asksNodeAlone = (clause: Clause): boolean => clause.needs === 'node' || clause.needs === 'tags';
