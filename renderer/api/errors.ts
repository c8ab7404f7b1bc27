import type { ApiFailure } from './views.ts';

/** A call that did not work, in words that can be shown as they are. `status` is 0 when no answer came. */
export class CallFailed extends Error {
	readonly status: number;
	readonly code: string;
	readonly field: string | undefined;
	readonly nextStep: string | undefined;

	constructor(status: number, failure: ApiFailure) {
		super(failure.text);
		this.name = 'CallFailed';
		this.status = status;
		this.code = failure.code;
		this.field = failure.field;
		this.nextStep = failure.nextStep;
	}
}

/** No answer at all: the controller is down, restarting, or the network between is. */
export function noAnswer(cause: unknown): CallFailed {
	const failure = new CallFailed(0, {
		code: 'no-answer',
		text: 'The controller does not answer.',
		nextStep: 'Nothing was changed by this click, as far as is known here. Try again when the connection is back.',
	});
	failure.cause = cause;
	return failure;
}

/** What a refusing answer says. A body that is not the controller's own (a proxy's error page) is told by its status alone. */
export function failureOf(status: number, body: string): CallFailed {
	const failure = readFailure(body);
	return new CallFailed(status, failure ?? { code: 'unreadable', text: `The controller answered with status ${status}.` });
}

function readFailure(body: string): ApiFailure | null {
	let value: unknown;
	try {
		value = JSON.parse(body);
	} catch {
		return null;
	}
	if (typeof value !== 'object' || value === null) return null;
	const { code, text, field, nextStep } = value as Record<string, unknown>;
	if (typeof code !== 'string' || typeof text !== 'string') return null;
	return {
		code,
		text,
		...(typeof field === 'string' && { field }),
		...(typeof nextStep === 'string' && { nextStep }),
	};
}
