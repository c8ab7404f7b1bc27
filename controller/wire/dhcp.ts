import { addressBytes, addressText, Reader, WireError } from './bytes.ts';
import { type DhcpOptions, readOptions, writeOptions } from './dhcpOptions.ts';

/** DHCP messages as RFC 2131 section 2 lays them out. Addresses are dotted text, `0.0.0.0` where none is given. */
export interface DhcpMessage {
	op: 'request' | 'reply';
	/** 1 is Ethernet. */
	hardwareType: number;
	hops: number;
	xid: number;
	/** Seconds since the client began; iPXE's runs fast, so nothing may be decided by it. */
	secs: number;
	broadcast: boolean;
	/** The client's address, when it has one and answers ARP for it. */
	ciaddr: string;
	/** The address that the client is given. */
	yiaddr: string;
	/** Where the boot file comes from. */
	siaddr: string;
	/** The relay that forwarded the message. */
	giaddr: string;
	/** Hardware address, at most 16 bytes. */
	chaddr: Uint8Array;
	sname: string;
	file: string;
	options: DhcpOptions;
}

const COOKIE = 0x63825363;
const FIXED_LENGTH = 240;
/** BOOTP's length: shorter answers are dropped by some firmware and some relays (RFC 1542 2.1). */
const MIN_LENGTH = 300;
/** RFC 2131 section 2: what every client takes, less the IP and UDP headers. */
const DEFAULT_MAX_LENGTH = 576 - 28;
const FILE_LENGTH = 128;
const SNAME_LENGTH = 64;
const OVERLOAD = 52;

/** Throws `WireError` for anything that is not a DHCP message; plain BOOTP, which has no cookie, is not one. */
export function decode(bytes: Uint8Array): DhcpMessage {
	const reader = new Reader(bytes);
	const op = reader.u8('op');
	if (op !== 1 && op !== 2) throw new WireError(`op: ${op} is neither request nor reply`);
	const hardwareType = reader.u8('htype');
	const hardwareLength = reader.u8('hlen');
	if (hardwareLength > 16) throw new WireError(`hlen: ${hardwareLength} is more than chaddr holds`);
	const head = {
		hops: reader.u8('hops'),
		xid: reader.u32('xid'),
		secs: reader.u16('secs'),
		broadcast: (reader.u16('flags') & 0x8000) !== 0,
		ciaddr: addressText(reader.take(4, 'ciaddr')),
		yiaddr: addressText(reader.take(4, 'yiaddr')),
		siaddr: addressText(reader.take(4, 'siaddr')),
		giaddr: addressText(reader.take(4, 'giaddr')),
		chaddr: reader.take(16, 'chaddr').subarray(0, hardwareLength),
	};
	const sname = reader.take(SNAME_LENGTH, 'sname');
	const file = reader.take(FILE_LENGTH, 'file');
	if (reader.u32('cookie') !== COOKIE) throw new WireError('cookie: not the one of DHCP');

	const found = new Map<number, Buffer>();
	collectOptions(reader.take(reader.remaining, 'options'), found);
	const overload = found.get(OVERLOAD)?.[0] ?? 0;
	found.delete(OVERLOAD);
	// RFC 3396 section 5: parts of one option join in the order options, file, sname.
	if (overload & 1) collectOptions(file, found);
	if (overload & 2) collectOptions(sname, found);
	return {
		op: op === 1 ? 'request' : 'reply',
		hardwareType,
		...head,
		sname: overload & 2 ? '' : untilNul(sname),
		file: overload & 1 ? '' : untilNul(file),
		options: readOptions(found),
	};
}

/**
 * Padded to 300 bytes. `maxLength` is of the DHCP message in bytes (a client's option 57 less 28); options that do not fit into
 * it go into unused `file` and `sname` (RFC 2132 9.3), and `WireError` is thrown when there is no room there either.
 */
export function encode(message: DhcpMessage, maxLength = DEFAULT_MAX_LENGTH): Buffer {
	if (message.chaddr.length > 16) throw new WireError(`chaddr: ${message.chaddr.length} bytes, at most 16 fit`);
	const fixed = Buffer.alloc(FIXED_LENGTH);
	fixed[0] = message.op === 'request' ? 1 : 2;
	fixed[1] = message.hardwareType;
	fixed[2] = message.chaddr.length;
	fixed[3] = message.hops;
	fixed.writeUInt32BE(message.xid, 4);
	fixed.writeUInt16BE(message.secs, 8);
	fixed.writeUInt16BE(message.broadcast ? 0x8000 : 0, 10);
	[message.ciaddr, message.yiaddr, message.siaddr, message.giaddr].forEach((address, i) => {
		if (address !== '0.0.0.0') fixed.set(addressBytes(address), 12 + 4 * i);
	});
	fixed.set(message.chaddr, 28);
	putText(fixed, 44, SNAME_LENGTH, message.sname, 'sname');
	putText(fixed, 108, FILE_LENGTH, message.file, 'file');
	fixed.writeUInt32BE(COOKIE, 236);

	const parts = writeOptions(message.options).map(([code, value]) => optionBytes(code, value));
	const room = maxLength - FIXED_LENGTH - 1;
	const area = lengthOf(parts) <= room ? parts : spill(parts, room, fixed, message);
	const used = FIXED_LENGTH + lengthOf(area) + 1;
	return Buffer.concat([fixed, ...area, Buffer.of(255)], Math.max(MIN_LENGTH, used));
}

/** Moves what does not fit into `sname` and `file`, and answers what stays, with the option that says so in front. */
function spill(parts: readonly Buffer[], room: number, fixed: Buffer, message: DhcpMessage): Buffer[] {
	const fields = [
		{ bit: 2, start: 44, end: 44, limit: 44 + SNAME_LENGTH - 1, free: message.sname === '' },
		{ bit: 1, start: 108, end: 108, limit: 108 + FILE_LENGTH - 1, free: message.file === '' },
	];
	const stay: Buffer[] = [];
	let excess = lengthOf(parts) + 3 - room;
	// From the back, because the front holds what small clients read; option 82 has to stay last in the options themselves.
	for (const part of parts.toReversed()) {
		const field =
			excess > 0 && part[0] !== 82 ? fields.find(({ free, end, limit }) => free && end + part.length <= limit) : undefined;
		if (field) {
			field.end += part.copy(fixed, field.end);
			excess -= part.length;
		} else stay.unshift(part);
	}
	if (excess > 0) throw new WireError(`options: more than ${room} bytes, and no room in file and sname`);
	let overload = 0;
	for (const { bit, start, end } of fields) {
		if (end === start) continue;
		fixed[end] = 255;
		overload |= bit;
	}
	return [optionBytes(OVERLOAD, Buffer.of(overload)), ...stay];
}

/** RFC 3396: what is longer than 255 bytes is written as several options of the same number. */
function optionBytes(code: number, value: Uint8Array): Buffer {
	const parts: Uint8Array[] = [];
	for (let at = 0; at === 0 || at < value.length; at += 255) {
		const part = value.subarray(at, at + 255);
		parts.push(Buffer.of(code, part.length), part);
	}
	return Buffer.concat(parts);
}

/** A missing end mark is forgiven; an option that is longer than the rest of the field is not. */
function collectOptions(field: Uint8Array, found: Map<number, Buffer>): void {
	const reader = new Reader(field);
	while (reader.remaining > 0) {
		const code = reader.u8('option');
		if (code === 0) continue;
		if (code === 255) return;
		const value = reader.take(reader.u8(`option ${code}`), `option ${code}`);
		const before = found.get(code);
		found.set(code, before ? Buffer.concat([before, value]) : value);
	}
}

function putText(bytes: Buffer, at: number, size: number, value: string, field: string): void {
	if (value.length >= size || value.includes('\0')) throw new WireError(`${field}: at most ${size - 1} characters and no NUL`);
	bytes.write(value, at, 'latin1');
}

function untilNul(field: Buffer): string {
	const end = field.indexOf(0);
	return field.toString('latin1', 0, end < 0 ? field.length : end);
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);
