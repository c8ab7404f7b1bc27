import { cleanText } from '../clean.ts';
import { type Candidate, costOf } from './candidate.ts';
import type { Clause } from './clause.ts';

/** Why so many machines are left, or none: for a form that counts while somebody fills it in, and for the answer “no machine”. */
export interface Explanation {
	/** all that were looked at */
	readonly total: number;
	/** those that satisfy every clause */
	readonly matching: number;
	/** in the order that they were given in */
	readonly clauses: readonly ClauseCount[];
	/** The machines that miss the fewest clauses, names not among them, the nearest first; empty when some machine misses none. */
	readonly nearest: readonly NearMiss[];
	/** how many miss as few as the nearest do; `nearest` may be shorter */
	readonly nearestCount: number;
}

export interface ClauseCount {
	readonly name: string;
	readonly text: string;
	/** how many satisfy this clause */
	readonly alone: number;
	/** how many satisfy this clause and all before it */
	readonly soFar: number;
	/** how many satisfy all the others */
	readonly without: number;
}

export interface NearMiss {
	readonly systemId: string;
	readonly hostname: string;
	/** what it lacks, and what it has instead: `has 48G` */
	readonly misses: readonly { readonly name: string; readonly text: string; readonly has: string }[];
}

const NEAREST_SHOWN = 5;

/** Every clause is asked of every candidate; nothing else is looked at. */
export function explain(candidates: readonly Candidate[], clauses: readonly Clause[]): Explanation {
	const counts = clauses.map(({ name, text }) => ({ name, text, alone: 0, soFar: 0, without: 0 }));
	let matching = 0;
	let fewest = Number.POSITIVE_INFINITY;
	let nearest: { candidate: Candidate; missed: number[] }[] = [];
	for (const candidate of candidates) {
		const missed: number[] = [];
		for (const [at, clause] of clauses.entries()) {
			const count = counts[at] as (typeof counts)[number];
			if (!clause.matches(candidate)) missed.push(at);
			else {
				count.alone++;
				if (missed.length === 0) count.soFar++;
			}
		}
		if (missed.length === 0) {
			matching++;
			for (const count of counts) count.without++;
		} else if (missed.length === 1) (counts[missed[0] as number] as (typeof counts)[number]).without++;
		if (missed.some((at) => clauses[at]?.byName)) continue;
		if (missed.length < fewest) nearest = [];
		fewest = Math.min(fewest, missed.length);
		if (missed.length === fewest && missed.length > 0) nearest.push({ candidate, missed });
	}
	const distance = ({ candidate, missed }: { candidate: Candidate; missed: number[] }) =>
		missed.reduce((sum, at) => sum + (clauses[at]?.shortfall?.(candidate) ?? 1), 0);
	return {
		total: candidates.length,
		matching,
		clauses: counts,
		nearestCount: nearest.length,
		nearest: nearest
			.map((each) => ({ ...each, distance: distance(each) }))
			.toSorted((a, b) => a.distance - b.distance || costOf(a.candidate) - costOf(b.candidate))
			.slice(0, NEAREST_SHOWN)
			.map(({ candidate, missed }) =>
				nearMiss(
					candidate,
					missed.map((at) => clauses[at] as Clause),
				),
			),
	};
}

const nearMiss = (candidate: Candidate, missed: readonly Clause[]): NearMiss => ({
	systemId: candidate.systemId,
	hostname: candidate.hostname,
	misses: missed.map((clause) => ({ name: clause.name, text: clause.text, has: cleanText(clause.shows(candidate)) ?? '' })),
});

/** The same in lines for people: `2 machines match all but mem=64G: node-3 has 48G, node-1 has 32G.` */
export function explainText(explanation: Explanation): string[] {
	const { total, clauses, nearest } = explanation;
	const lines = clauses.map(
		({ text, alone, soFar }, at) => `${text}: ${alone} of ${machines(total)}${at === 0 ? '' : `, ${soFar} with all before it`}`,
	);
	for (const { name, text, without } of clauses) {
		const near = nearest.filter(({ misses }) => misses.length === 1 && misses[0]?.name === name);
		if (near.length === 0) continue;
		const shown = near.map(({ hostname, misses }) => `${hostname} ${misses[0]?.has}`).join(', ');
		const more = without > near.length ? `, and ${without - near.length} more` : '';
		lines.push(`${machines(without)} ${without === 1 ? 'matches' : 'match'} all but ${text}: ${shown}${more}.`);
	}
	const most = nearest[0]?.misses.length ?? 0;
	if (most > 1) lines.push(`Every machine misses ${most} or more: ${nearest.map(missesOf).join('; ')}.`);
	return lines;
}

const missesOf = ({ hostname, misses }: NearMiss) =>
	`${hostname} ${misses.map(({ has, text }) => `${has} (${text})`).join(', ')}`;

const machines = (count: number) => (count === 1 ? '1 machine' : `${count} machines`);
