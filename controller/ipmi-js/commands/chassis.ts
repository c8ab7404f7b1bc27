import { Reader } from '../packet/reader.ts';
import { netFn } from '../session/session.ts';
import { type Command, nothing } from './command.ts';

/** Get Chassis Status (IPMI 2.0 section 28.2). */
export interface ChassisStatus {
	readonly powerOn: boolean;
	readonly powerOverload: boolean;
	readonly powerFault: boolean;
	readonly powerControlFault: boolean;
	/** What happens when mains power returns. */
	readonly restorePolicy: 'stay-off' | 'previous' | 'always-on' | 'unknown';
	readonly intrusion: boolean;
	readonly driveFault: boolean;
	readonly coolingFault: boolean;
}

const restorePolicies = ['stay-off', 'previous', 'always-on', 'unknown'] as const;

export const getChassisStatus: Command<ChassisStatus> = {
	name: 'Get Chassis Status',
	netFn: netFn.chassis,
	command: 0x01,
	data: Buffer.alloc(0),
	privilege: 'user',
	repeatable: true,
	decode(data) {
		const reader = new Reader(data);
		const [power, , misc] = [reader.u8('power state'), reader.u8('last power event'), reader.u8('chassis state')];
		const bit = (byte: number, index: number) => (byte & (1 << index)) !== 0;
		return {
			powerOn: bit(power, 0),
			powerOverload: bit(power, 1),
			powerFault: bit(power, 3),
			powerControlFault: bit(power, 4),
			restorePolicy: restorePolicies[(power >> 5) & 3] ?? 'unknown',
			intrusion: bit(misc, 0),
			driveFault: bit(misc, 2),
			coolingFault: bit(misc, 3),
		};
	},
};

export type PowerOrder = 'off' | 'on' | 'cycle' | 'reset' | 'soft';
/** Section 28.3. `soft` asks the operating system through ACPI. */
const orderNumber: Readonly<Record<PowerOrder, number>> = { off: 0, on: 1, cycle: 2, reset: 3, soft: 5 };

export const chassisControl = (order: PowerOrder): Command<void> => ({
	name: `Chassis Control (${order})`,
	netFn: netFn.chassis,
	command: 0x02,
	data: Buffer.from([orderNumber[order]]),
	privilege: 'operator',
	repeatable: order === 'on' || order === 'off' || order === 'soft',
	decode: nothing,
});
