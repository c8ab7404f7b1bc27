/** Network addresses. `Mac` and `Ipv4` exist only as results of the parsers here, so whoever holds one holds a valid one. */

declare const brand: unique symbol;
/** Lower case, colons: `52:54:00:4c:00:11`. */
export type Mac = string & { readonly [brand]: 'Mac' };
/** Dotted quad without leading zeros: `192.168.77.1`. */
export type Ipv4 = string & { readonly [brand]: 'Ipv4' };
/** A network: first address and prefix length. */
export interface Cidr {
	readonly network: Ipv4;
	readonly prefix: number;
}

/** Takes colons, dashes, Cisco dots or bare hex; `null` when it is not a 48-bit MAC. */
export function parseMac(text: string): Mac | null {
	const hex = text.trim().toLowerCase();
	if (!/^([0-9a-f]{2}([:-])[0-9a-f]{2}(\2[0-9a-f]{2}){4}|([0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12})$/.test(hex)) return null;
	return (hex.replace(/[^0-9a-f]/g, '').match(/../g) as string[]).join(':') as Mac;
}

export function macFromBytes(bytes: Uint8Array): Mac | null {
	if (bytes.length !== 6) return null;
	return Buffer.from(bytes).toString('hex').match(/../g)?.join(':') as Mac;
}

export function macToBytes(mac: Mac): Buffer {
	return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

export function parseIpv4(text: string): Ipv4 | null {
	const parts = text.split('.');
	if (parts.length !== 4 || !parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255)) return null;
	return text as Ipv4;
}

/** 32-bit unsigned number, for ranges and masks. */
export function ipv4ToNumber(address: Ipv4): number {
	return address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
}

/** The number must be an integer within 0 … 2^32 - 1. */
export function ipv4FromNumber(value: number): Ipv4 {
	if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) throw new RangeError(`not a 32-bit address: ${value}`);
	return [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255].join('.') as Ipv4;
}

/** `192.168.77.9/24` gives network 192.168.77.0 and prefix 24; `null` for anything else. */
export function parseCidr(text: string): Cidr | null {
	const [address, bits, ...rest] = text.split('/');
	const parsed = parseIpv4(address ?? '');
	if (!parsed || rest.length > 0 || !/^\d{1,2}$/.test(bits ?? '')) return null;
	const prefix = Number(bits);
	if (prefix > 32) return null;
	return { network: ipv4FromNumber(ipv4ToNumber(parsed) - (ipv4ToNumber(parsed) % 2 ** (32 - prefix))), prefix };
}

export function cidrContains(cidr: Cidr, address: Ipv4): boolean {
	const offset = ipv4ToNumber(address) - ipv4ToNumber(cidr.network);
	return offset >= 0 && offset < 2 ** (32 - cidr.prefix);
}

export const netmask = (prefix: number): Ipv4 => ipv4FromNumber(prefix === 0 ? 0 : 2 ** 32 - 2 ** (32 - prefix));
export const broadcastOf = (cidr: Cidr): Ipv4 => ipv4FromNumber(ipv4ToNumber(cidr.network) + 2 ** (32 - cidr.prefix) - 1);
export const formatCidr = (cidr: Cidr): string => `${cidr.network}/${cidr.prefix}`;

/** The computer itself; of IPv4 also as a socket for both families shows it (RFC 4291 §2.5.5.2). */
export const isLoopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);
