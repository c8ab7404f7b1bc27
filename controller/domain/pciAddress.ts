/** `0000:3b:00.0` (domain, bus, slot, function), in lower case; `null` for anything else. */
export function readPciAddress(value: unknown): string | null {
	return typeof value === 'string' && /^[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/i.test(value) ? value.toLowerCase() : null;
}
