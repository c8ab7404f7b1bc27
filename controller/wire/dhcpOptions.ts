import { addressBytes, addressText, WireError } from './bytes.ts';

/** What each DHCP option means: one row an option. The type of a message's options is derived from this table. */

export const MESSAGE_TYPES = ['discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'] as const;
export type MessageType = (typeof MESSAGE_TYPES)[number];

/** A number of the option, and how its bytes are read and written. `read` answers undefined for bytes that can't be one. */
interface Option<T> {
	readonly code: number;
	read(bytes: Buffer): T | undefined;
	write(value: T): Uint8Array;
}

const address = (code: number): Option<string> => ({
	code,
	read: (bytes) => (bytes.length === 4 ? addressText(bytes) : undefined),
	write: addressBytes,
});

const addresses = (code: number): Option<readonly string[]> => ({
	code,
	read: (bytes) => {
		if (bytes.length === 0 || bytes.length % 4 !== 0) return undefined;
		return Array.from({ length: bytes.length / 4 }, (_, i) => addressText(bytes.subarray(4 * i)));
	},
	write: (list) => Buffer.concat(list.map(addressBytes)),
});

/** One byte a character, so that nothing is lost; RFC 2132 section 2 lets receivers drop NULs at the end. */
const text = (code: number): Option<string> => ({
	code,
	read: (bytes) => bytes.toString('latin1').replace(/\0+$/, ''),
	write: (value) => Buffer.from(value, 'latin1'),
});

const raw = (code: number): Option<Uint8Array> => ({ code, read: (bytes) => bytes, write: (value) => value });

const u16 = (code: number): Option<number> => ({
	code,
	read: (bytes) => (bytes.length === 2 ? bytes.readUInt16BE() : undefined),
	write: (value) => {
		const bytes = Buffer.alloc(2);
		bytes.writeUInt16BE(value);
		return bytes;
	},
});

const u32 = (code: number): Option<number> => ({
	code,
	read: (bytes) => (bytes.length === 4 ? bytes.readUInt32BE() : undefined),
	write: (value) => {
		const bytes = Buffer.alloc(4);
		bytes.writeUInt32BE(value);
		return bytes;
	},
});

const messageType: Option<MessageType> = {
	code: 53,
	read: (bytes) => (bytes.length === 1 ? MESSAGE_TYPES[(bytes[0] as number) - 1] : undefined),
	write: (type) => Buffer.from([MESSAGE_TYPES.indexOf(type) + 1]),
};

/** The numbers of the options that the client wants. */
const parameterRequestList: Option<readonly number[]> = {
	code: 55,
	read: (bytes) => [...bytes],
	write: (list) => Buffer.from(list),
};

/** RFC 4578 2.1: one or more 16-bit architecture types. */
const clientArchitectures: Option<readonly number[]> = {
	code: 93,
	read: (bytes) => {
		if (bytes.length === 0 || bytes.length % 2 !== 0) return undefined;
		return Array.from({ length: bytes.length / 2 }, (_, i) => bytes.readUInt16BE(2 * i));
	},
	write: (list) => Buffer.concat(list.map((type) => u16(93).write(type))),
};

/** RFC 3004 wants each class behind its length; iPXE sends the bare text `iPXE`, which can't be read that way. */
const userClasses: Option<readonly string[]> = {
	code: 77,
	read: (bytes) => {
		const classes: string[] = [];
		for (let at = 0; at < bytes.length; ) {
			const length = bytes[at] as number;
			if (length === 0 || at + 1 + length > bytes.length) return [bytes.toString('latin1')];
			classes.push(bytes.toString('latin1', at + 1, at + 1 + length));
			at += 1 + length;
		}
		return classes;
	},
	write: (classes) =>
		Buffer.concat(
			classes.map((name) => {
				if (name.length === 0 || name.length > 255) throw new WireError('option 77: a class has 1 to 255 characters');
				return Buffer.concat([Buffer.from([name.length]), Buffer.from(name, 'latin1')]);
			}),
		),
};

/** In the order in which they are written: 53 first as old clients like it, 82 last as RFC 3046 2.2 wants it. */
export const OPTIONS = {
	messageType,
	serverId: address(54),
	leaseSeconds: u32(51),
	renewalSeconds: u32(58),
	rebindingSeconds: u32(59),
	subnetMask: address(1),
	routers: addresses(3),
	dnsServers: addresses(6),
	hostName: text(12),
	domainName: text(15),
	requestedAddress: address(50),
	parameterRequestList,
	/** Why an address is refused, in words (56). */
	message: text(56),
	/** Of the whole IP datagram, so 28 more than the DHCP message (57). */
	maxDatagramSize: u16(57),
	vendorClass: text(60),
	clientId: raw(61),
	tftpServerName: text(66),
	bootFileName: text(67),
	userClasses,
	clientArchitectures,
	/** Type and version of the network card's interface, RFC 4578 2.2 (94). */
	networkInterface: raw(94),
	/** One type byte, then the machine's UUID as SMBIOS has it (97). */
	machineId: raw(97),
	/** Sub-options whose meaning the vendor class (60) decides (43). */
	vendorSpecific: raw(43),
	/** Sub-options by which a relay says where the client is; must go back unchanged (82). */
	relayAgentInfo: raw(82),
} as const;

type Value<T> = T extends Option<infer V> ? V : never;
export type DhcpOptions = { [Name in keyof typeof OPTIONS]?: Value<(typeof OPTIONS)[Name]> } & {
	/** Options without a row here, and options whose bytes can't be what their row says, as they came. */
	other?: ReadonlyMap<number, Uint8Array>;
};

/** These decide who is spoken to and about what: a message with a broken one is broken. Others are only put aside. */
const VITAL = new Set([50, 53, 54]);
const BY_CODE = new Map(
	Object.entries(OPTIONS).map(([name, option]) => [option.code, { name, read: option.read as (bytes: Buffer) => unknown }]),
);

/** Gives each option its meaning; throws `WireError` when option 50, 53 or 54 makes no sense. */
export function readOptions(found: ReadonlyMap<number, Buffer>): DhcpOptions {
	const options: Record<string, unknown> = {};
	const other = new Map<number, Uint8Array>();
	for (const [code, bytes] of found) {
		const option = BY_CODE.get(code);
		const value = option?.read(bytes);
		if (option && value !== undefined) options[option.name] = value;
		else if (VITAL.has(code)) throw new WireError(`option ${code}: ${bytes.toString('hex') || 'empty'} has no meaning`);
		else other.set(code, bytes);
	}
	if (other.size > 0) options.other = other;
	return options as DhcpOptions;
}

/** Number and bytes of every option that is set, in the order in which they are to be written. */
export function writeOptions(options: DhcpOptions): [number, Uint8Array][] {
	const list: [number, Uint8Array][] = [];
	for (const [name, option] of Object.entries(OPTIONS) as [keyof typeof OPTIONS, Option<unknown>][]) {
		if (name === 'relayAgentInfo') for (const [code, bytes] of options.other ?? []) list.push([code, bytes]);
		const value = options[name];
		if (value !== undefined) list.push([option.code, option.write(value)]);
	}
	return list;
}

/** The sub-options inside option 43 or 82, by number; `null` when the bytes are not a list of them. */
export function readSubOptions(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> | null {
	const found = new Map<number, Uint8Array>();
	for (let at = 0; at < bytes.length; ) {
		const code = bytes[at] as number;
		if (code === 255) break;
		const length = bytes[at + 1];
		if (length === undefined || at + 2 + length > bytes.length) return null;
		found.set(code, bytes.subarray(at + 2, at + 2 + length));
		at += 2 + length;
	}
	return found;
}
