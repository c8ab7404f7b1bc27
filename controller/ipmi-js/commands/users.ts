import { Reader } from '../packet/reader.ts';
import { fieldBytes, netFn, type Privilege, privilegeNumber } from '../session/session.ts';
import { type Command, nothing } from './command.ts';
import { THIS_CHANNEL } from './lan.ts';

/** User accounts of a BMC (IPMI 2.0 sections 22.26 to 22.30). IDs run from 1; 1 is the null user. */
export interface UserAccess {
	/** Highest ID that the BMC has room for. */
	readonly slots: number;
	/** How many are enabled. */
	readonly enabledUsers: number;
	/** null: no access on this channel, or a level this library does not use. */
	readonly privilege: Privilege | null;
	/** May send IPMI messages on this channel. */
	readonly messaging: boolean;
}

const NAME_LENGTH = 16;
const PASSWORD_LENGTH = 20;
/** Marks a 20-byte password in the user ID byte (section 22.30); without it the BMC stores 16. */
const TWENTY_BYTES = 0x80;
const CHANGE_BITS = 0x80;
const LINK_AUTHENTICATION = 0x20;
const MESSAGING = 0x10;

const command = <T>(
	name: string,
	number: number,
	data: Buffer,
	privilege: Privilege,
	decode: (data: Buffer) => T,
	refusals: NonNullable<Command<T>['refusals']> = {},
): Command<T> => ({ name, netFn: netFn.app, command: number, data, privilege, repeatable: true, refusals, decode });

export const getUserName = (userId: number): Command<string> =>
	command('Get User Name', 0x46, Buffer.from([userId]), 'operator', (data) => {
		const bytes = new Reader(data).bytes(NAME_LENGTH, 'user name');
		const end = bytes.indexOf(0);
		return bytes.toString('utf8', 0, end < 0 ? NAME_LENGTH : end);
	});

export const setUserName = (userId: number, name: string): Command<void> => {
	const data = Buffer.alloc(1 + NAME_LENGTH);
	data[0] = userId;
	fieldBytes(name, NAME_LENGTH, 'user name').copy(data, 1);
	return command('Set User Name', 0x45, data, 'administrator', nothing);
};

export const setUserPassword = (userId: number, password: string): Command<void> => passwordCommand('set', userId, 2, password);
/** Refused with completion code 0x80 or 0x81 when it is another one. */
export const testUserPassword = (userId: number, password: string): Command<void> => passwordCommand('test', userId, 3, password);

function passwordCommand(what: string, userId: number, operation: number, password: string): Command<void> {
	const data = Buffer.alloc(2 + PASSWORD_LENGTH);
	data[0] = userId | TWENTY_BYTES;
	data[1] = operation;
	fieldBytes(password, PASSWORD_LENGTH, 'password').copy(data, 2);
	return command(`Set User Password (${what})`, 0x47, data, 'administrator', nothing, {
		128: ['wrong-credentials', 'another password is stored'],
		129: ['wrong-credentials', 'the stored password has 16 bytes'],
	});
}

export const enableUser = (userId: number, enabled: boolean): Command<void> =>
	command(
		`Set User Password (${enabled ? 'enable' : 'disable'})`,
		0x47,
		Buffer.from([userId, enabled ? 1 : 0]),
		'administrator',
		nothing,
	);

export const getUserAccess = (userId: number, channel = THIS_CHANNEL): Command<UserAccess> =>
	command('Get User Access', 0x44, Buffer.from([channel, userId]), 'operator', (data) => {
		const reader = new Reader(data);
		const [slots, enabledUsers] = [reader.u8('slots') & 0x3f, reader.u8('enabled users') & 0x3f];
		reader.u8('fixed names');
		const access = reader.u8('access');
		const levels = Object.entries(privilegeNumber) as [Privilege, number][];
		const privilege = levels.find(([, number]) => number === (access & 0x0f))?.[0] ?? null;
		return { slots, enabledUsers, privilege, messaging: (access & MESSAGING) !== 0 };
	});

/** Lets the user in over this channel up to `privilege`. */
export const setUserAccess = (userId: number, privilege: Privilege, channel = THIS_CHANNEL): Command<void> => {
	const first = CHANGE_BITS | LINK_AUTHENTICATION | MESSAGING | channel;
	return command('Set User Access', 0x43, Buffer.from([first, userId, privilegeNumber[privilege], 0]), 'administrator', nothing);
};
