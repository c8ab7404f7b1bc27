/** How far back a late packet may be (IPMI 2.0 section 6.12.13). */
const BEHIND = 16;

/**
 * Accepts each sequence number once. Numbers ahead move the window, however far, as IPsec does it (RFC 4303 section 3.4.3): only packets
 * whose signature was good get here. Numbers wrap at 32 bits and skip 0.
 */
export function createReplayWindow(): { accept(sequence: number): boolean } {
	let newest: number | null = null;
	/** Bit n: newest - n was seen. */
	let seen = 0;
	return {
		accept(sequence) {
			if (sequence === 0) return false;
			if (newest === null) {
				[newest, seen] = [sequence, 1];
				return true;
			}
			const ahead = (sequence - newest) | 0;
			if (ahead > 0) {
				seen = ahead > BEHIND ? 1 : ((seen << ahead) | 1) & (2 ** (BEHIND + 1) - 1);
				newest = sequence;
				return true;
			}
			const bit = 1 << -ahead;
			if (-ahead > BEHIND || seen & bit) return false;
			seen |= bit;
			return true;
		},
	};
}
