import { Reader } from '../packet/reader.ts';
import { netFn } from '../session/session.ts';
import type { Command } from './command.ts';

/** Parameters of Get LAN Configuration Parameters (IPMI 2.0 section 23.2, table 23-4) that say where a BMC is. */
const parameters = { address: 3, source: 4, mac: 5, netmask: 6, gateway: 12 } as const;
/** "The channel that this arrives on". */
export const THIS_CHANNEL = 0x0e;

/** Where a BMC's address comes from. */
export type AddressSource = 'unspecified' | 'static' | 'dhcp' | 'bios' | 'other';
const sources = ['unspecified', 'static', 'dhcp', 'bios', 'other'] as const;

const get = <T>(parameter: number, channel: number, read: (reader: Reader) => T): Command<T> => ({
	name: `Get LAN Configuration Parameters (${parameter})`,
	netFn: netFn.transport,
	command: 0x02,
	data: Buffer.from([channel, parameter, 0, 0]),
	privilege: 'operator',
	repeatable: true,
	refusals: { 128: ['unsupported', 'parameter unknown'] },
	decode(data) {
		const reader = new Reader(data);
		reader.u8('parameter revision');
		return read(reader);
	},
});

const dotted = (reader: Reader): string => [...reader.bytes(4, 'address')].join('.');

export const getLanAddress = (channel = THIS_CHANNEL): Command<string> => get(parameters.address, channel, dotted);
export const getLanNetmask = (channel = THIS_CHANNEL): Command<string> => get(parameters.netmask, channel, dotted);
export const getLanGateway = (channel = THIS_CHANNEL): Command<string> => get(parameters.gateway, channel, dotted);
/** Lower case with colons. */
export const getLanMac = (channel = THIS_CHANNEL): Command<string> =>
	get(parameters.mac, channel, (reader) => reader.bytes(6, 'MAC').toString('hex').replace(/..\B/g, '$&:'));
export const getLanAddressSource = (channel = THIS_CHANNEL): Command<AddressSource> =>
	get(parameters.source, channel, (reader) => sources[reader.u8('address source') & 0x0f] ?? 'other');
