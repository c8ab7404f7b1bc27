/** Looking into JSON of unknown origin: what is not there, or is something else, looks empty. */

export type JsonObject = Readonly<Record<string, unknown>>;

const nothing: JsonObject = Object.freeze({});

export function asObject(value: unknown): JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : nothing;
}

export function asList(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : [];
}
