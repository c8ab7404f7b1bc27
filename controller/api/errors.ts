import { ZodError } from 'zod';
import { type ErrorCode, Refusal } from '../domain/errors.ts';
import type { ApiFailure } from './views.ts';

const statusOf: Record<ErrorCode, number> = {
	'bad-input': 400,
	'not-signed-in': 401,
	'not-allowed': 403,
	'not-found': 404,
	conflict: 409,
	'invalid-transition': 409,
	locked: 409,
	unavailable: 503,
	'storage-full': 507,
	'power-failed': 503,
	'foreign-dhcp': 409,
	'too-large': 413,
	internal: 500,
};

/** The status and body for anything that was thrown; `expected` is false for what is a bug and belongs into the log. */
export function toFailure(error: unknown): { status: number; body: ApiFailure; expected: boolean } {
	if (error instanceof Refusal)
		return {
			status: statusOf[error.code],
			body: {
				code: error.code,
				text: error.message,
				...(error.field === undefined ? {} : { field: error.field }),
				...(error.nextStep === undefined ? {} : { nextStep: error.nextStep }),
			},
			expected: true,
		};
	if (error instanceof ZodError) {
		const issue = error.issues[0];
		const field = issue?.path.join('.') ?? '';
		const text = `${field || 'The input'}: ${issue?.message ?? 'not understood'}`;
		return { status: 400, body: { code: 'bad-input', text, ...(field ? { field } : {}) }, expected: true };
	}
	const { code, statusCode, message } = error as { code?: string; statusCode?: number; message?: string };
	if (code === 'SQLITE_FULL' || code === 'ENOSPC' || code === 'EDQUOT')
		return {
			status: 507,
			body: {
				code: 'storage-full',
				text: 'The disk that holds Metaldesk’s data is full; nothing was changed.',
				nextStep: 'Free some space (old images, for instance) and try again.',
			},
			expected: true,
		};
	// Fastify's own: a body that is no JSON, too large, of an unknown type
	if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
		return {
			status: statusCode,
			body: { code: statusCode === 413 ? 'too-large' : 'bad-input', text: message ?? 'The request was not understood.' },
			expected: true,
		};
	return {
		status: 500,
		body: { code: 'internal', text: 'The controller made a mistake; its log has the details.' },
		expected: false,
	};
}
