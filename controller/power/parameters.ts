import { fail, type PowerField, type PowerParameters, type PowerResult } from './driver.ts';

/** A driver's parameters, checked and completed with defaults: each field is there. */
export interface Values {
	text(name: string): string;
	list(name: string): readonly string[];
}

/** Names the field and the cause. Names that are no field are left alone: MAAS clients send settings of other kinds along. */
export function readParameters(fields: readonly PowerField[], parameters: PowerParameters): PowerResult<Values> {
	for (const field of fields) {
		const problem = problemOf(field, parameters[field.name]);
		if (problem) return badParameter(field, problem);
	}
	const value = (name: string) => {
		const field = fields.find((each) => each.name === name);
		if (!field) throw new Error(`the driver has no field ${name}`);
		return parameters[name] ?? field.default;
	};
	const read: Values = {
		text: (name) => String(value(name)),
		list: (name) => [value(name)].flat().filter((item) => item !== ''),
	};
	return { ok: true, value: read };
}

export const badParameter = (field: Pick<PowerField, 'name' | 'label'>, problem: string) =>
	fail('bad-parameters', `${field.label} (${field.name}) ${problem}.`, `Correct ${field.label} in the machine's power settings.`);

function problemOf(field: PowerField, value: string | readonly string[] | undefined): string | null {
	if (value === undefined || value === '') return field.required && !field.default.length ? 'is missing' : null;
	if (field.fieldType === 'multiple_choice') {
		const wrong = [value].flat().find((item) => !allowed(field, item));
		return wrong === undefined ? null : `has no choice "${wrong}"`;
	}
	if (typeof value !== 'string') return 'must be one text';
	if (field.fieldType === 'choice' && !allowed(field, value)) return `has no choice "${value}"`;
	return null;
}

const allowed = (field: PowerField, item: string): boolean => item === '' || field.choices.some(([choice]) => choice === item);
