import assert from 'node:assert/strict';
import { WireError } from '../../controller/wire/bytes.ts';

/** Cuts `bytes` at every length: each rest decodes or throws WireError, never anything else. Answers how many decoded. */
export function decodedOfAllCuts(bytes: Uint8Array, decode: (bytes: Uint8Array) => unknown): number {
	let decoded = 0;
	for (let length = 0; length < bytes.length; length++) {
		try {
			decode(bytes.subarray(0, length));
			decoded++;
		} catch (error) {
			assert.ok(error instanceof WireError, `cut at ${length}: ${String(error)}`);
		}
	}
	return decoded;
}
