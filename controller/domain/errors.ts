/** Every code that a flow or the API can answer with. The renderer has a sentence for none of them: the text says it all. */
export const errorCodes = [
	'bad-input',
	'not-signed-in',
	'not-allowed',
	'not-found',
	'conflict',
	'invalid-transition',
	'locked',
	'unavailable',
	'storage-full',
	'power-failed',
	'foreign-dhcp',
	'too-large',
	'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/**
 * Something that was asked for can't be done, and the asker should read why. Thrown by flows and domain checks; the API turns the
 * code into a status. Anything else that is thrown is a bug.
 */
export class Refusal extends Error {
	readonly code: ErrorCode;
	readonly field: string | undefined;
	readonly nextStep: string | undefined;

	constructor(code: ErrorCode, text: string, more: { field?: string; nextStep?: string; cause?: unknown } = {}) {
		super(text, more.cause === undefined ? undefined : { cause: more.cause });
		this.name = 'Refusal';
		this.code = code;
		this.field = more.field;
		this.nextStep = more.nextStep;
	}
}
