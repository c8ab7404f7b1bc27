import { checkSize, unfit } from './refuse.ts';

/** Bytes, or a percentage of `whole` (a hundred is all that there is); `most` when nothing is said. */
export function readLayoutSize(
	field: string,
	text: string | undefined,
	{ whole, least, most }: { readonly whole: number; readonly least: number; readonly most: number },
): number {
	const word = text?.trim() ?? '';
	if (word === '' || word === '100%') return most;
	const percentage = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(word)?.[1];
	if (percentage === undefined && !/^\d{1,15}$/.test(word))
		throw unfit(field, 'Enter a number of bytes, or a percentage as 50%.');
	return checkSize(field, percentage === undefined ? Number(word) : Math.floor((whole * Number(percentage)) / 100), least, most);
}
