import { type Parameter, Unfit } from '../parameters.ts';

const units: Readonly<Record<string, number>> = { '': 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** A size in bytes, or with K, M, G or T behind it (decimal), as MAAS's forms take it; sent empty it counts as not sent. */
export function bytes(doc: string): Parameter<number | undefined> {
	return {
		kind: 'integer',
		doc,
		required: false,
		read(sent) {
			const word = (sent.at(-1) ?? '').trim();
			if (word === '') return undefined;
			const [, digits, unit = ''] = /^(\d{1,16}(?:\.\d{1,6})?)([KMGT]?)$/i.exec(word) ?? [];
			const size = Math.floor(Number(digits) * (units[unit.toUpperCase()] ?? 1));
			if (digits === undefined || !Number.isSafeInteger(size))
				throw new Unfit('Enter a number of bytes, or one with K, M, G or T.');
			return size;
		},
	};
}
