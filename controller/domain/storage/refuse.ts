import { Refusal } from '../errors.ts';

/** A value that doesn't fit; `__all__` is the request as a whole. */
export const unfit = (field: string, text: string): Refusal => new Refusal('bad-input', text, { field });

/** What is asked for doesn't go with what is on the disks. */
export const cannot = (text: string): Refusal => unfit('__all__', text);

/** MAAS's words, which name the limit. */
export function checkSize(field: string, size: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
	if (size < least) throw unfit(field, `Ensure this value is greater than or equal to ${least}.`);
	if (size > most) throw unfit(field, `Ensure this value is less than or equal to ${most}.`);
	return size;
}
