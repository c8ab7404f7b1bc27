import { type Mac, macToBytes, parseMac } from './address.ts';
import { cleanText } from './clean.ts';

/** The MAC of one card: no group address (IEEE 802, the lowest bit of the first byte), not all zeros. `problem` continues a sentence. */
export function readCardMac(value: unknown): Mac | { problem: string } {
	const mac = typeof value === 'string' ? parseMac(value) : null;
	if (mac === null) return { problem: `is no MAC address: ${shown(value)}` };
	const bytes = macToBytes(mac);
	if (bytes.readUInt8(0) & 1) return { problem: `is a multicast address: ${mac}` };
	if (bytes.every((byte) => byte === 0)) return { problem: `is no card's address: ${mac}` };
	return mac;
}

/** A value of unknown origin as a message may show it. */
export function shown(value: unknown): string {
	if (value === undefined) return 'missing';
	if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
	return cleanText(typeof value === 'string' ? value : String(value), 60) ?? JSON.stringify('');
}
