import { netFn, type Privilege, privilegeNumber } from '../session/session.ts';
import { type Command, nothing } from './command.ts';

/** Set Session Privilege Level (IPMI 2.0 section 22.18): a session starts at `user`. */
export const setSessionPrivilege = (privilege: Privilege): Command<void> => ({
	name: `Set Session Privilege Level (${privilege})`,
	netFn: netFn.app,
	command: 0x3b,
	data: Buffer.from([privilegeNumber[privilege]]),
	privilege: 'user',
	repeatable: true,
	refusals: {
		128: ['privilege-too-low', 'level not available to this user'],
		129: ['privilege-too-low', 'level above the limit of the user or channel'],
	},
	decode: nothing,
});
