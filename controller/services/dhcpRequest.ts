import { type Ipv4, macFromBytes, parseIpv4 } from '../domain/address.ts';
import { type DhcpRequest, type DhcpRequestKind, type RelayInfo, recognizeFirmware } from '../domain/bootRequest.ts';
import { WireError } from '../wire/bytes.ts';
import type { DhcpMessage } from '../wire/dhcp.ts';
import { readSubOptions } from '../wire/dhcpOptions.ts';

/** How a datagram came in, as far as its socket can tell. */
export interface Heard {
	readonly interface: string;
	readonly receivedAt: number;
	readonly broadcast: boolean;
}

/** Understands a message once, for everybody behind. Throws `WireError` when it is none that a client may send. */
export function readRequest(message: DhcpMessage, heard: Heard): DhcpRequest {
	if (message.op !== 'request') throw new WireError('op: a reply came to the server');
	if (message.hardwareType !== 1) throw new WireError(`htype: ${message.hardwareType} is not Ethernet`);
	const mac = macFromBytes(message.chaddr);
	if (!mac || (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1 || mac === '00:00:00:00:00:00') {
		throw new WireError(`chaddr: ${Buffer.from(message.chaddr).toString('hex') || 'empty'} is no machine's MAC`);
	}
	const { options } = message;
	const ciaddr = given(message.ciaddr);
	const giaddr = given(message.giaddr);
	const serverId = given(options.serverId);
	const kind = kindOf(message, heard.broadcast);
	const requestedIp = kind === 'renew' || kind === 'rebind' ? ciaddr : given(options.requestedAddress);
	const relay = options.relayAgentInfo && relayInfo(options.relayAgentInfo);
	const hostname = printable(options.hostName ?? '', 63);
	const uuid = options.machineId && uuidText(options.machineId);
	const vendorClass = printable(options.vendorClass ?? '', 255);
	return {
		kind,
		mac,
		xid: message.xid,
		ciaddr,
		...(requestedIp && { requestedIp }),
		...(serverId && { serverId }),
		...(giaddr && { giaddr }),
		...(relay && { relay }),
		...(hostname && { hostname }),
		...(options.clientId && { clientId: Buffer.from(options.clientId).toString('hex') }),
		...(uuid && { uuid }),
		firmware: recognizeFirmware({
			arch: options.clientArchitectures?.[0] ?? null,
			vendorClass,
			userClasses: options.userClasses ?? [],
			hasIpxeOptions: options.other?.has(175) ?? false,
		}),
		...(vendorClass && { vendorClass }),
		interface: heard.interface,
		receivedAt: heard.receivedAt,
	};
}

/** RFC 2131 4.3.2: the state of a client that sends REQUEST shows in what it fills in. */
function kindOf(message: DhcpMessage, broadcast: boolean): DhcpRequestKind {
	const { messageType, serverId, requestedAddress } = message.options;
	if (messageType === undefined) throw new WireError('option 53: missing');
	if (messageType === 'offer' || messageType === 'ack' || messageType === 'nak') {
		throw new WireError(`option 53: ${messageType} is for servers to send`);
	}
	if (messageType !== 'request') return messageType;
	if (given(serverId)) return 'select';
	// A client that has an address is renewing even when it names it again in option 50, which it must not.
	if (given(message.ciaddr)) return broadcast || given(message.giaddr) ? 'rebind' : 'renew';
	if (given(requestedAddress)) return 'init-reboot';
	throw new WireError('request: neither server, address wanted nor address in use');
}

const given = (address: string | undefined): Ipv4 | null => (address && address !== '0.0.0.0' ? parseIpv4(address) : null);

function printable(text: string, limit: number): string {
	return text.replace(/[^\x20-\x7e]/g, '').slice(0, limit);
}

/** Option 97 is type 0 and 16 bytes, the first three fields little-endian as SMBIOS keeps them (RFC 4578 2.3). */
export function uuidText(bytes: Uint8Array): string | undefined {
	if (bytes.length !== 17 || bytes[0] !== 0) return undefined;
	const order = [4, 3, 2, 1, 6, 5, 8, 7, 9, 10, 11, 12, 13, 14, 15, 16];
	const hex = order.map((i) => (bytes[i] as number).toString(16).padStart(2, '0')).join('');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function relayInfo(bytes: Uint8Array): RelayInfo {
	const sub = readSubOptions(bytes);
	const [circuitId, remoteId] = [sub?.get(1), sub?.get(2)].map((value) => value && textOrHex(value));
	return { ...(circuitId && { circuitId }), ...(remoteId && { remoteId }) };
}

function textOrHex(bytes: Uint8Array): string {
	const text = Buffer.from(bytes).toString('latin1');
	return /^[\x20-\x7e]+$/.test(text) ? text : Buffer.from(bytes).toString('hex');
}
