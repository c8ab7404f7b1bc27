/** Text from machines, firmware and BMCs is hostile: hostnames with escapes, serials with NULs, megabyte-long model names. */

/**
 * One line of printable text, or `null` when nothing is left. Control characters (C0, C1), line and paragraph separators and
 * bidirectional overrides become spaces, so that the text can be shown, logged and put into a terminal. Cut at `limit` characters.
 */
export function cleanText(value: unknown, limit = 200): string | null {
	if (typeof value !== 'string' && typeof value !== 'number') return null;
	const text = cleanLine(String(value), limit);
	return text === '' || isFiller(text) ? null : text;
}

/** The same for what a person or client has sent and reads again in a sentence: '' when nothing is left. */
export function cleanLine(value: string, limit = 100): string {
	return value
		.slice(0, limit * 4)
		.replace(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/g, ' ')
		.replace(/\s+/g, ' ')
		.trim()
		.slice(0, limit)
		.toWellFormed();
}

/** What vendors leave in DMI fields that nobody filled in. */
function isFiller(text: string): boolean {
	return /^(none|n\/a|not specified|not available|to be filled by o\.?e\.?m\.?|default string|system serial number|0+|0x0+)$/i.test(
		text,
	);
}

/** A whole number in `min … max`, from a number or its decimal text; `null` otherwise. */
export function cleanInteger(value: unknown, min: number, max: number): number | null {
	const number = typeof value === 'string' && /^-?\d{1,16}$/.test(value) ? Number(value) : value;
	return typeof number === 'number' && Number.isSafeInteger(number) && number >= min && number <= max ? number : null;
}
