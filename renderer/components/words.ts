export interface Words {
	text: string;
	nextStep: string | null;
}

/** Any thrown thing in words that can be shown. Errors of the API bring a `nextStep` with them. */
export function inWords(thrown: unknown): Words {
	if (!(thrown instanceof Error)) return { text: String(thrown), nextStep: null };
	const nextStep = 'nextStep' in thrown && typeof thrown.nextStep === 'string' ? thrown.nextStep : null;
	return { text: thrown.message, nextStep };
}

/** The input field that an error of the API is about, if it says one. */
export function wrongField(thrown: unknown): string | null {
	return thrown instanceof Error && 'field' in thrown && typeof thrown.field === 'string' ? thrown.field : null;
}
