import type { OutputTail } from '../../../api/liveState.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * What was fetched and what came over the socket since, as one text. Offsets count bytes of UTF-8. `gap`: pieces between the two
 * are missing, so it must be fetched again; what is known is shown meanwhile.
 */
export function joined(fetched: string, tail: OutputTail | undefined): { text: string; gap: boolean } {
	if (!tail) return { text: fetched, gap: false };
	const bytes = encoder.encode(fetched);
	if (tail.torn || tail.offset > bytes.length) return { text: fetched, gap: true };
	const tailEnd = tail.offset + encoder.encode(tail.text).length;
	if (tailEnd <= bytes.length) return { text: fetched, gap: false };
	return { text: decoder.decode(bytes.subarray(0, tail.offset)) + tail.text, gap: false };
}
