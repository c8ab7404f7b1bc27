import { cleanText } from '../clean.ts';
import type { Candidate } from './candidate.ts';

/** One thing that is asked of a machine: a parameter of `allocate` or a filter of a list. */
export interface Clause {
	/** the parameter: `mem` */
	readonly name: string;
	/** for people: `mem=64G` */
	readonly text: string;
	/** MAAS's description of what it understood: `mem=65536` */
	readonly resolved: string;
	/** the parts of a candidate that it looks at */
	readonly needs: Part;
	/** set where only these system ids can match: a store need not read the rest */
	readonly systemIds?: ReadonlySet<string>;
	/** It calls machines by their names: one that is called otherwise is not nearly the one that was meant. */
	readonly byName?: true;
	readonly matches: (candidate: Candidate) => boolean;
	/** What a machine that doesn't match has instead: `has 48G`. */
	readonly shows: (candidate: Candidate) => string;
	/** How far a machine that doesn't match is from it, 0 … 1; without it all are equally far. */
	readonly shortfall?: (candidate: Candidate) => number;
	/** Names that the clause gives to parts of a machine, which `allocate` answers with; `null` for a machine that doesn't match. */
	readonly labels?: { readonly type: 'storage' | 'interfaces'; readonly of: (candidate: Candidate) => Labels | null };
}

/** label → ids of interfaces or disks, `partition:7` */
export type Labels = Readonly<Record<string, readonly (number | string)[]>>;

/** In the order of the effort that they cost. */
export const parts = ['node', 'tags', 'devices', 'interfaces', 'disks'] as const;
export type Part = (typeof parts)[number];

/** The values of a parameter don't mean anything; the text is MAAS's. */
export interface Problem {
	readonly problem: string;
}

/** The beginnings of a clause, from its values as they were given. */
export function describe(name: string, values: readonly string[], resolved: readonly string[] = values) {
	const text = cleanText(`${name}=${values.join(',')}`, 200) ?? name;
	return { name, text, resolved: `${name}=${resolved.join(',')}` };
}

/** At least so much of something; of several values the smallest counts, as in MAAS. */
export function atLeast(
	name: string,
	values: readonly string[],
	amounts: readonly number[],
	more: { needs: Part; read: (candidate: Candidate) => number; format?: (amount: number) => string; unit?: string },
): Clause {
	const wanted = Math.min(...amounts);
	const format = more.format ?? String;
	return {
		...describe(name, values, amounts.map(String)),
		text: `${name}=${format(wanted)}`,
		needs: more.needs,
		matches: (candidate) => more.read(candidate) >= wanted,
		shows: (candidate) => `has ${format(more.read(candidate))}${more.unit ?? ''}`,
		shortfall: (candidate) => 1 - more.read(candidate) / wanted,
	};
}

/** What is read is one of the wanted values. */
export function anyOf(
	name: string,
	values: readonly string[],
	wanted: ReadonlySet<string>,
	read: (candidate: Candidate) => string,
	shows: (candidate: Candidate) => string,
): Clause {
	return {
		...describe(name, values),
		needs: 'node',
		matches: (candidate) => wanted.has(read(candidate)),
		shows,
	};
}

/** The opposite of a clause, under another name. */
export function not(clause: Clause, name: string, values: readonly string[], shows: Clause['shows'] = clause.shows): Clause {
	return {
		...describe(name, values),
		resolved: `${name}${clause.resolved.slice(clause.name.length)}`,
		needs: clause.needs,
		matches: (candidate) => !clause.matches(candidate),
		shows,
	};
}
