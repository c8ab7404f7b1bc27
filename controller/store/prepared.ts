import type { Compilable } from 'kysely';

/**
 * A query that is asked so often that writing its SQL would cost more than running it: it is written once, with `marks` in the places of
 * the values. The answer takes the values in the order of the marks.
 */
export function prepared<Row>(query: Compilable<Row>, marks: readonly (string | number)[]) {
	const compiled = query.compile();
	const places = compiled.parameters.map((each) => marks.indexOf(each as string | number));
	return (...values: readonly (string | number)[]): Compilable<Row> => ({
		compile: () => ({
			...compiled,
			parameters: compiled.parameters.map((each, at) => (places[at] === -1 ? each : values[places[at] as number])),
		}),
	});
}
