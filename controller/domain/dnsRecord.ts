import { targetProblem } from './dnsName.ts';

/** The types of records beside addresses, which come from the addresses themselves. */
export const recordTypes = ['CNAME', 'MX', 'NS', 'SRV', 'SSHFP', 'TXT'] as const;
export type RecordType = (typeof recordTypes)[number];

/** What is wrong with a record's data, in a sentence for the field `rrdata`, or `null`. */
export function recordProblem(type: RecordType, data: string): string | null {
	if (data.trim() === '') return 'This field is required.';
	if (/[\u0000-\u001f\u007f]/.test(data)) return 'Control characters are not allowed.';
	const words = data.trim().split(/\s+/);
	switch (type) {
		case 'CNAME':
		case 'NS':
			return words.length === 1 && isTarget(words[0]) ? null : `Invalid ${type}: Should be '<server>'.`;
		case 'MX':
			return words.length === 2 && isNumber(words[0], 65_535) && isTarget(words[1])
				? null
				: "Invalid MX: Should be '<preference> <server>'. Range for preference is 0-65535.";
		case 'SRV': {
			const numbers = words.slice(0, 3).every((word) => isNumber(word, 65_535));
			// a target of `.`: there is no such service (RFC 2782)
			const target = words[3] === '.' || isTarget(words[3]);
			return words.length === 4 && numbers && target ? null : "Invalid SRV: Should be '<priority> <weight> <port> <server>'.";
		}
		case 'SSHFP':
			return fingerprintProblem(words);
		case 'TXT':
			// RFC 1035 §3.3.14: strings of 255 bytes each, in 65,535 bytes
			return Buffer.byteLength(data, 'utf8') > 60_000 ? 'A text has at most 60000 bytes.' : null;
	}
}

/** RFC 4255 §3.1, with the numbers of RFC 6594, RFC 7479 and RFC 8709. */
function fingerprintProblem(words: readonly string[]): string | null {
	const form = "Invalid SSHFP: Should be '<algorithm> <fptype> <fingerprint>'.";
	const [algorithm, kind, hex] = words;
	if (words.length !== 3 || hex === undefined || !isNumber(algorithm, 255) || !isNumber(kind, 255)) return form;
	if (!['1', '2', '3', '4', '6'].includes(algorithm as string)) return 'Invalid SSHFP: the algorithm is 1, 2, 3, 4 or 6.';
	const length = { '1': 40, '2': 64 }[kind as string];
	if (length === undefined) return 'Invalid SSHFP: the type of a fingerprint is 1 (SHA-1) or 2 (SHA-256).';
	return new RegExp(`^[0-9a-fA-F]{${length}}$`).test(hex)
		? null
		: `Invalid SSHFP: the fingerprint has ${length} hexadecimal digits.`;
}

const isTarget = (word: string | undefined) => word !== undefined && targetProblem(word) === null;
const isNumber = (word: string | undefined, max: number) => /^(0|[1-9]\d{0,4})$/.test(word ?? '') && Number(word) <= max;

/**
 * Whether a further record may stand beside what a name has already (RFC 1034 §3.6.2: an alias has nothing else). Answers what is
 * wrong, or `null`. `others`: the types that the name has, with A for addresses.
 */
export function besideProblem(type: RecordType | 'A', others: readonly string[]): string | null {
	if (type === 'CNAME' && others.includes('CNAME')) return 'Only one CNAME can be associated with a name.';
	if (type === 'CNAME' ? others.length > 0 : others.includes('CNAME'))
		return 'CNAME records for a name cannot coexist with non-CNAME records.';
	return null;
}
