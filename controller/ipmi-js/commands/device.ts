import { Reader } from '../packet/reader.ts';
import { netFn } from '../session/session.ts';
import type { Command } from './command.ts';

/** Get Device ID (IPMI 2.0 section 20.1). */
export interface DeviceId {
	readonly deviceId: number;
	readonly deviceRevision: number;
	/** `2.44`: major and BCD minor. */
	readonly firmware: string;
	/** True while the firmware is being updated or still starts. */
	readonly updating: boolean;
	/** `2.0` */
	readonly ipmiVersion: string;
	/** IANA enterprise number. */
	readonly manufacturerId: number;
	readonly productId: number;
	/** Four bytes in hex, the maker's own; empty when the BMC sends none. */
	readonly auxiliary: string;
}

export const getDeviceId: Command<DeviceId> = {
	name: 'Get Device ID',
	netFn: netFn.app,
	command: 0x01,
	data: Buffer.alloc(0),
	privilege: 'user',
	repeatable: true,
	decode(data) {
		const reader = new Reader(data);
		const [deviceId, revision] = [reader.u8('device ID'), reader.u8('device revision')];
		const [major, minor, version] = [reader.u8('firmware major'), reader.u8('firmware minor'), reader.u8('IPMI version')];
		reader.u8('additional device support');
		const manufacturer = reader.bytes(3, 'manufacturer ID').readUIntLE(0, 3);
		return {
			deviceId,
			deviceRevision: revision & 0x0f,
			firmware: `${major & 0x7f}.${minor.toString(16).padStart(2, '0')}`,
			updating: (major & 0x80) !== 0,
			ipmiVersion: `${version & 0x0f}.${version >> 4}`,
			manufacturerId: manufacturer & 0xfffff,
			productId: reader.u16('product ID'),
			auxiliary: reader.left >= 4 ? reader.bytes(4, 'auxiliary revision').toString('hex') : '',
		};
	},
};
