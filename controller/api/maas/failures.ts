import { Refusal } from '../../domain/errors.ts';
import { toFailure } from '../errors.ts';
import { Invalid, NotProvided } from './parameters.ts';
import { Reply } from './reply.ts';

/** A refusal in a status and words of MAAS's own, where clients compare them. */
export class MaasRefusal extends Error {
	readonly status: number;
	readonly headers: Readonly<Record<string, string>>;
	constructor(status: number, text: string, headers: Readonly<Record<string, string>> = {}) {
		super(text);
		this.status = status;
		this.headers = headers;
	}
}

export const forbidden = (text = 'User is not allowed access to this API.') => new MaasRefusal(403, text);
/** `kind` is MAAS's class name: Machine, Zone, … */
export const notFound = (kind: string) => new MaasRefusal(404, `No ${kind} matches the given query.`);
export const conflict = (text: string) => new MaasRefusal(409, text);
/** A sentence about one field, as a form's. */
export const unfit = (field: string, text: string) => new Invalid({ [field]: [text] });

/**
 * The answer for anything that a handler threw (facts §1.5): a form's errors as JSON by field with 400, all else as text. There is
 * never a Retry-After here: clients repeat a 409 that has one.
 */
export function failureReply(error: unknown): { reply: Reply; expected: boolean } {
	if (error instanceof Invalid) return { reply: Reply.json(error.fields, 400), expected: true };
	if (error instanceof NotProvided) return { reply: Reply.text(error.message, 400), expected: true };
	if (error instanceof MaasRefusal) return { reply: Reply.text(error.message, error.status, error.headers), expected: true };
	if (error instanceof Refusal && error.code === 'bad-input' && error.field !== undefined)
		return { reply: Reply.json({ [error.field]: [error.message] }, 400), expected: true };
	const { status, body, expected } = toFailure(error);
	const text = body.nextStep ? `${body.text} ${body.nextStep}` : body.text;
	return { reply: Reply.text(text, status), expected };
}
