import { IpmiError } from '../errors.ts';
import type { Command, Refusals } from './command.ts';

/** Generic completion codes (IPMI 2.0 table 5-2) that BMCs really send. */
const meanings: Refusals = {
	192: ['rejected', 'busy'],
	193: ['unsupported', 'command unknown'],
	194: ['unsupported', 'command unknown to this logical unit'],
	195: ['rejected', 'the BMC timed out inside'],
	196: ['rejected', 'out of space'],
	199: ['rejected', 'wrong request length'],
	200: ['rejected', 'request too long'],
	201: ['rejected', 'parameter out of range'],
	203: ['rejected', 'not present'],
	204: ['rejected', 'invalid field'],
	205: ['unsupported', 'not for this sensor or record'],
	206: ['rejected', 'no response could be made'],
	211: ['rejected', 'destination unavailable'],
	212: ['privilege-too-low', 'privilege too low'],
	213: ['rejected', 'not in the present state'],
	214: ['unsupported', 'disabled'],
	255: ['rejected', 'unspecified'],
};

/** The BMC is at something else (often for a second after a power order): asking again helps. */
export const BUSY = 0xc0;

/** The error for a completion code other than 0. */
export function commandRefusal(command: Pick<Command<unknown>, 'name' | 'refusals'>, completionCode: number): IpmiError {
	const [code, reason] = command.refusals?.[completionCode] ?? meanings[completionCode] ?? ['rejected', 'command-specific'];
	const hex = completionCode.toString(16).padStart(2, '0');
	return new IpmiError(code, `the BMC answered ${command.name} with "${reason}" (0x${hex})`, completionCode);
}
