import { type Parsed, parseAllocate } from '../../domain/allocation/constraints.ts';
import { explainText } from '../../domain/allocation/explain.ts';
import type { User } from '../../store/users.ts';
import type { Parts } from '../parts.ts';
import type { ExplanationView } from '../views.ts';

/**
 * How many machines the constraints leave for this user; one that means nothing is reported and left out, so that a form can count
 * while a value is half typed.
 */
export function explanationView(
	{ store, allocation }: Parts,
	asked: Readonly<Record<string, string | readonly string[]>>,
	user: User,
): ExplanationView {
	const given = new Map(Object.entries(asked).map(([name, value]) => [name, [value].flat()]));
	const known = store.candidates.known();
	const whole = parseAllocate(given, known);
	const errors = whole.ok ? {} : whole.errors;
	const sound = whole.ok ? whole : parseAllocate(new Map([...given].filter(([name]) => !Object.hasOwn(errors, name))), known);
	const constraints = soundly(sound);
	const explanation = allocation.explain(constraints.clauses, user);
	const answer = explanation.matching > 0 ? allocation.allocate(constraints, user, { dryRun: true }) : null;
	const { total, matching, clauses, nearest, nearestCount } = explanation;
	return {
		...{ total, matching, nearestCount, errors },
		choice: answer?.ok ? { systemId: answer.machine.systemId, hostname: answer.machine.hostname } : null,
		clauses: clauses.map((clause) => ({ ...clause })),
		nearest: nearest.map((near) => ({ ...near, misses: near.misses.map((miss) => ({ ...miss })) })),
		text: explainText(explanation),
	};
}

/** Each parameter is read by itself: without those that were wrong nothing is wrong. */
function soundly(parsed: Parsed) {
	if (!parsed.ok) throw new Error(`a constraint is wrong only beside another: ${JSON.stringify(parsed.errors)}`);
	return parsed.constraints;
}
