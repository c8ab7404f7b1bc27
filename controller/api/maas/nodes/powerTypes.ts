import type { PowerDriver } from '../../../power/driver.ts';

/** A driver as MAAS describes it (facts §8): forms are drawn from this. */
export const powerTypeObject = (driver: PowerDriver) => ({
	driver_type: 'power',
	name: driver.name,
	description: driver.description,
	chassis: driver.chassis,
	can_probe: false,
	queryable: driver.queryable,
	missing_packages: [],
	fields: driver.fields.map((field) => ({
		name: field.name,
		label: field.label,
		field_type: field.fieldType,
		required: field.required,
		default: field.default,
		choices: field.choices,
		scope: field.scope,
		secret: field.secret,
	})),
});
