import { Reader } from '../packet/reader.ts';
import { netFn } from '../session/session.ts';
import { type Command, nothing } from './command.ts';

/** Boot flags, parameter 5 of the system boot options (IPMI 2.0 table 28-14). */
export interface BootFlags {
	/** False: the firmware ignores the rest. BMCs drop it at the next boot, and 60 s after it was set if no boot follows. */
	readonly valid: boolean;
	/** For all boots, not only the next. */
	readonly persistent: boolean;
	readonly efi: boolean;
	readonly device: BootFlagDevice;
}
/** `none`: the firmware's own order. `other`: one of the remote and floppy numbers. */
export type BootFlagDevice = 'none' | 'pxe' | 'disk' | 'safe-disk' | 'diagnostics' | 'cdrom' | 'setup' | 'other';

const devices = ['none', 'pxe', 'disk', 'safe-disk', 'diagnostics', 'cdrom', 'setup'] as const;
const BOOT_FLAGS = 5;
const refusals = {
	128: ['unsupported', 'parameter unknown'],
	129: ['rejected', 'another console is setting it'],
	130: ['rejected', 'parameter is read-only'],
} as const;

export const setBootFlags = (
	flags: Omit<BootFlags, 'valid' | 'device'> & { device: (typeof devices)[number] },
): Command<void> => {
	const first = 0x80 | (flags.persistent ? 0x40 : 0) | (flags.efi ? 0x20 : 0);
	return {
		name: 'Set System Boot Options (boot flags)',
		netFn: netFn.chassis,
		command: 0x08,
		data: Buffer.from([BOOT_FLAGS, first, devices.indexOf(flags.device) << 2, 0, 0, 0]),
		privilege: 'operator',
		repeatable: true,
		refusals,
		decode: nothing,
	};
};

export const getBootFlags: Command<BootFlags> = {
	name: 'Get System Boot Options (boot flags)',
	netFn: netFn.chassis,
	command: 0x09,
	data: Buffer.from([BOOT_FLAGS, 0, 0]),
	privilege: 'operator',
	repeatable: true,
	refusals,
	decode(data) {
		const reader = new Reader(data);
		reader.bytes(2, 'parameter version and number');
		const [first, second] = [reader.u8('boot flags'), reader.u8('boot device')];
		return {
			valid: (first & 0x80) !== 0,
			persistent: (first & 0x40) !== 0,
			efi: (first & 0x20) !== 0,
			device: devices[(second >> 2) & 0x0f] ?? 'other',
		};
	},
};
